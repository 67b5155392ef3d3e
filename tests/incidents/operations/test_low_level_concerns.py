"""Low-level concerns: entered, kept by an office whom they are not about, seen as a pattern, decided."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage, Relation
from accounts.operations import people
from incidents.access import visible_incidents
from incidents.allegations import LowLevelDecision, LowLevelKind
from incidents.models import LowLevelConcern
from incidents.operations import low_level_concerns
from incidents.operations.low_level_concerns import Told
from incidents.queries.low_level_concerns import about_the_same, access_low_level, register_of, visible_low_level
from tests.conftest import Cast
from tests.factories import NOW, person_of

EVERYBODY = ("teacher", "dsl", "deputy", "head", "chair", "governor", "ict", "administrator", "trust_lead")


def told(cast: Cast, name: str = "colleague", **changes: Any) -> Told:
    said = Told(
        kind=LowLevelKind.FAVOURITES,
        what="Gives one pupil small presents.",
        shared_by="A colleague",
        person=person_of(cast[name], cast.school),
    )
    return dataclasses.replace(said, **changes)


def enter(cast: Cast, name: str = "colleague", by: str = "head", at: Any = NOW, **changes: Any) -> LowLevelConcern:
    said = told(cast, name, **changes)
    return low_level_concerns.enter(school=cast.school, told=said, by=cast[by], at=at)


def keepers(cast: Cast, row: LowLevelConcern) -> set[str]:
    return {name for name in EVERYBODY if visible_low_level(cast.access(name)).filter(pk=row.pk).exists()}


def refused(code: str, act: Any, **said: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(**said)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("about", "keeper"),
    [("colleague", "head"), ("dsl", "head"), ("chair", "head"), ("head", "chair"), ("governor", "head")],
)
def test_it_is_kept_by_one_office_and_never_by_whom_it_is_about(cast: Cast, about: str, keeper: str) -> None:
    row = enter(cast, about)

    assert keepers(cast, row) == {keeper}
    for name in set(EVERYBODY) - {keeper}:
        with pytest.raises(Http404):
            access_low_level(cast.access(name), row.pk)


def test_what_the_head_enters_about_themselves_goes_to_the_chair_who_is_told(cast: Cast) -> None:
    row = enter(cast, "head", is_self_referral=True)

    assert row.handled_by == "chair_of_governors"
    message = OutboxMessage.objects.get(kind="incidents/low_level_waits")
    assert (message.recipient, str(row.pk) in message.path) == (cast.chair, True)
    assert not OutboxMessage.objects.filter(kind="incidents/low_level_waits", recipient=cast.head).exists()


def test_nobody_keeps_one_about_a_relative(cast: Cast) -> None:
    of_head, of_colleague = person_of(cast.head, cast.school), person_of(cast.colleague, cast.school)
    row = enter(cast)
    assert keepers(cast, row) == {"head"}

    people.relate(person=of_head, related=of_colleague, relation=Relation.PARTNER, at=NOW)

    assert keepers(cast, row) == set()
    assert keepers(cast, enter(cast)) == {"chair"}


def test_nothing_of_it_stands_where_others_read(cast: Cast) -> None:
    row = enter(cast)

    rows = AuditEvent.objects.filter(target=f"low_level_concern:{row.pk}")
    assert {event.chain.name for event in rows.select_related("chain")} == {f"case:{row.pk}"}
    assert {event.summary for event in rows} == {"A low-level concern was entered."}
    assert verify_chain(cast.school) == []


def test_what_is_missing_is_asked_for(cast: Cast) -> None:
    for code, changes in {
        "nobody_named": {"person": None},
        "what_missing": {"what": " "},
        "shared_by_missing": {"shared_by": " "},
        "happened_in_future": {"happened_on": NOW.date() + timedelta(days=1)},
    }.items():
        refused(code, enter, cast=cast, **changes)
    assert not LowLevelConcern.objects.exists()


def test_the_same_person_again_within_two_years_is_a_pattern(cast: Cast) -> None:
    old = enter(cast, at=NOW - timedelta(days=800))
    first = enter(cast, at=NOW - timedelta(days=30))
    second = enter(cast, kind=LowLevelKind.ALONE)
    third = enter(cast)
    enter(cast, "dsl")

    register = register_of(cast.access("head"), at=NOW)

    name = person_of(cast.colleague, cast.school).name
    assert register.patterns == [f"{name}: 3 concerns within two years. Of the same kind: having favourites (2 times)."]
    again = {line.row.pk: (line.others, line.alike) for line in register.waiting}
    assert (again[first.pk], again[second.pk], again[old.pk]) == ((2, 1), (2, 0), (0, 0))
    assert {row.pk for row in about_the_same(cast.access("head"), third)} == {old.pk, first.pk, second.pk}


def test_a_decision_is_kept_once_with_its_reason(cast: Cast) -> None:
    row = enter(cast)
    said = {"concern": row, "decision": LowLevelDecision.GUIDANCE, "by": cast.head, "at": NOW}
    refused("reason_missing", low_level_concerns.decide, reason=" ", **said)

    low_level_concerns.decide(reason="We spoke about presents.", **said)

    kept = LowLevelConcern.objects.get()
    assert (kept.decision_label, kept.decision_reason) == ("Guidance was given", "We spoke about presents.")
    assert (kept.decided_by, kept.became) == (cast.head, None)
    refused("decided_already", low_level_concerns.decide, reason="Again.", **said)


def test_what_may_meet_the_threshold_becomes_a_case_of_whoever_handles_such(cast: Cast) -> None:
    row = enter(cast, happened_on=NOW.date())

    low_level_concerns.decide(
        concern=row, decision=LowLevelDecision.ALLEGATION, reason="The third time.", by=cast.head, at=NOW
    )

    case = LowLevelConcern.objects.get().became
    assert case is not None
    assert (case.is_about_adult, case.handled_by, case.narrative) == (True, "headteacher", row.what)
    assert [one.person for one in case.people.all()] == [row.person]
    assert visible_incidents(cast.access("head")).filter(pk=case.pk).exists()
    assert not visible_incidents(cast.access("dsl")).filter(pk=case.pk).exists()


def test_somebody_of_an_agency_is_described(cast: Cast) -> None:
    row = enter(cast, person=None, description="A supply teacher called Sam")

    assert (row.name, keepers(cast, row)) == ("A supply teacher called Sam", {"head"})
    decided = low_level_concerns.decide(
        concern=row, decision=LowLevelDecision.ALLEGATION, reason="It may be worse.", by=cast.head, at=NOW
    )
    assert decided.became is not None
    assert decided.became.people.get().name == "A supply teacher called Sam"


def test_it_never_falls_below_the_office_of_whoever_enters_it(cast: Cast) -> None:
    """Also where the chair types the name of the headteacher instead of choosing it."""
    row = enter(cast, by="chair", person=None, description="Mr H, the head")
    assert keepers(cast, row) == {"chair"}
    assert keepers(cast, enter(cast, by="trust_lead", person=None, description="The chair")) == {"trust_lead"}

    low_level_concerns.decide(
        concern=row, decision=LowLevelDecision.ALLEGATION, reason="It is worse.", by=cast.chair, at=NOW
    )

    case = LowLevelConcern.objects.get(pk=row.pk).became
    assert case is not None
    assert case.handled_by == "chair_of_governors"
    assert not visible_incidents(cast.access("head")).filter(pk=case.pk).exists()
    assert not OutboxMessage.objects.filter(recipient=cast.head).exists()
