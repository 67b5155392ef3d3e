"""Whoever the policy says is told is told: once, never about themselves, and never more than is theirs to know."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import OutboxMessage, Relation
from accounts.operations import people
from incidents.models import Incident, Obligation
from incidents.operations import obligations, tellings
from incidents.routes import About
from policies.engine.evaluate import Decision, explain
from policies.engine.facts import IncidentFacts
from policies.engine.packs import Pack
from policies.engine.vocabulary import Kind, Strength
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_person, person_of

HOUR = timedelta(hours=1)


def asks(incident: Incident, target: str, **details: Any) -> Obligation:
    """Let the policy ask that a role is told, and forget what was sent before."""
    row = Obligation.objects.filter(incident=incident, kind="do").exclude(key__startswith="notify")[0]
    values = {"kind": "notify", "target": target, "key": f"notify:{target}", "any_of": [], "strength": 2}
    values |= {"state": "open", "settled_at": None, "after_key": "", "until": "", "unless": ""} | details
    for name, value in values.items():
        setattr(row, name, value)
    OutboxMessage.objects.all().delete()
    return row


def tell(incident: Incident, *rows: Obligation) -> dict[str, tuple[str, str]]:
    tellings.tell(incident=incident, rows=tellings.to_tell(rows=rows, among=rows), at=NOW)
    found = OutboxMessage.objects.select_related("recipient")
    return {one.recipient.full_name if one.recipient else one.address: (one.kind, one.path) for one in found}


def test_the_message_of_a_concern_settles_that_the_team_is_told(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    row = Obligation.objects.get(incident=incident, key="notify:dsl")
    messages = list(OutboxMessage.objects.all())
    assert {message.kind for message in messages} == {"incidents/new_concern"}
    assert all(message.about == [row.pk] and message.is_awaited for message in messages)


@pytest.mark.parametrize("about", [About.ADULT, About.HEADTEACHER])
def test_nobody_is_told_twice_of_a_new_concern_and_all_that_is_to_be_told_is(cast: Cast, about: About) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, about=about)

    told = Counter(OutboxMessage.objects.values_list("recipient", "address"))
    assert max(told.values()) == 1
    rows = Obligation.objects.filter(incident=incident, kind="notify")
    wanted = {row.pk for row in tellings.to_tell(rows=rows, among=rows)}
    assert wanted <= {one for about in OutboxMessage.objects.values_list("about", flat=True) for one in about}
    assert not OutboxMessage.objects.filter(recipient__in=[cast.dsl, cast.deputy, cast.online_safety_lead]).exists()


def test_a_role_that_may_not_open_the_case_is_led_to_its_first_page(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    told = tell(incident, asks(incident, "network_manager"))

    assert told == {"Ned Network": ("incidents/told_elsewhere", "/s/oakfield/")}


def test_a_role_that_opens_it_is_led_there(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert tell(incident, asks(incident, "deputy_dsl")) == {
        "Dennis Deputy": ("incidents/told", incident.get_absolute_url())
    }


def test_where_nobody_holds_it_another_that_is_enough_or_the_next_rung_is_told(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert set(tell(incident, asks(incident, "bursar", any_of=["bursar", "network_manager"]))) == {"Ned Network"}
    assert set(tell(incident, asks(incident, "ict_technician"))) == {"Ned Network"}


def test_whom_it_is_about_and_their_relatives_are_passed_over_and_it_never_ends_in_nobody(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    people.relate(person=person_of(cast.ict, cast.school), related=pupil, relation=Relation.PARENT, at=NOW)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[alleged(pupil)])

    told = tell(incident, asks(incident, "network_manager"))

    assert told
    assert "Ned Network" not in told


def test_of_a_case_that_few_may_know_of_nobody_below_and_nobody_beside_is_told(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, about=About.HEADTEACHER)

    told = tell(incident, asks(incident, "dsl"), asks(incident, "network_manager"))

    assert told == {"Charles Chair": ("incidents/told", incident.get_absolute_url())}


def test_a_message_about_two_is_one(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    first = asks(incident, "network_manager")
    second = Obligation.objects.exclude(pk=first.pk).filter(incident=incident, kind="do")[0]
    for name in ("kind", "target", "any_of", "strength", "state", "settled_at", "after_key", "until", "unless"):
        setattr(second, name, getattr(first, name))
    second.key = "notify:other"

    tell(incident, first, second)

    assert set(OutboxMessage.objects.get().about) == {first.pk, second.pk}


@pytest.mark.parametrize(
    "change",
    [
        {"strength": 1},
        {"until": "police_advice"},
        {"unless": "police_request"},
        {"state": "done", "settled_at": NOW},
        {"target": "reporter"},
        {"after_key": "notify:dsl"},
    ],
)
def test_what_a_person_weighs_or_what_has_to_wait_is_not_told_by_itself(cast: Cast, change: dict[str, Any]) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    gate = Obligation.objects.get(incident=incident, key="notify:dsl")
    row = asks(incident, **({"target": "network_manager"} | change))

    assert tellings.to_tell(rows=[row], among=[gate, row]) == []


def test_what_has_no_time_is_told_when_what_it_waited_for_is_no_longer_asked_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only once, and not while it still has to wait."""
    asks_for = ["do:gate", "notify:network_manager"]

    def only(packs: tuple[Pack, ...], facts: IncidentFacts) -> Decision:
        decision = explain(packs, facts)
        plain = next(line for line in decision.obligations if line.kind is Kind.DO and line.strength is Strength.MUST)
        plain = plain.but(within=None, after=None, until=None, unless=None)
        waits = plain.but(kind=Kind.NOTIFY, target="network_manager", after="do:gate")
        lines = {"do:gate": plain.but(target="gate"), waits.key: waits}
        return replace(decision, obligations=tuple(lines[key] for key in asks_for))

    def reached() -> int:
        return OutboxMessage.objects.filter(recipient=cast.ict).count()

    monkeypatch.setattr("incidents.operations.obligations.explain", only)
    incident = make_incident(school=cast.school, by=cast.teacher)
    obligations.apply(incident=incident, at=NOW + HOUR)
    assert reached() == 0

    asks_for.remove("do:gate")
    obligations.apply(incident=incident, at=NOW + 2 * HOUR)
    obligations.apply(incident=incident, at=NOW + 3 * HOUR)

    row = Obligation.objects.get(incident=incident, key="notify:network_manager")
    assert (reached(), row.starts_at, row.due_at) == (1, NOW + 2 * HOUR, None)
