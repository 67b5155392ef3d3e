"""Owners who can read the case, and levels with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import OutboxMessage, Relation
from accounts.operations import people
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import ownership, workflow
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_person, person_of, settle
from tests.incidents.pages import audited

LATER = NOW + timedelta(hours=1)


def _acknowledged(cast: Cast, by: str = "dsl", **details: Any) -> Incident:
    incident = make_incident(school=cast.school, by=cast.teacher, **details)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast[by], at=NOW)
    OutboxMessage.objects.all().delete()
    return incident


def _close(cast: Cast, incident: Incident) -> None:
    settle(incident, by=cast.dsl)
    workflow.advance(incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)


def test_the_first_owner_opens_the_case_with_one_entry_and_is_told(cast: Cast) -> None:
    incident = _acknowledged(cast)

    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=LATER)

    found = Incident.objects.get(pk=incident.pk)
    assert (found.owner, found.status) == (cast.deputy, "open")
    assert [event for _, event in audited(cast.school)] == [Event.REPORTED, Event.ACKNOWLEDGED, Event.ASSIGNED]
    assert OutboxMessage.objects.get().recipient == cast.deputy


def test_the_next_owner_changes_nothing_but_the_owner(cast: Cast) -> None:
    incident = _acknowledged(cast)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=LATER)
    assert not OutboxMessage.objects.exists()

    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=LATER + timedelta(hours=1))

    found = Incident.objects.get(pk=incident.pk)
    assert (found.owner, found.status, found.status_changed_at) == (cast.deputy, "open", LATER)
    assert [event for _, event in audited(cast.school)][-2:] == [Event.ASSIGNED, Event.ASSIGNED]


@pytest.mark.parametrize(
    "name", ["teacher", "head", "chair", "governor", "ict", "trust_lead", "next_door_dsl", "administrator"]
)
def test_nobody_owns_what_they_cannot_read(cast: Cast, name: str) -> None:
    incident = _acknowledged(cast)

    with pytest.raises(Refused) as refusal:
        ownership.assign(incident=incident, owner=cast[name], by=cast.dsl, at=LATER)

    assert refusal.value.code == "owner_cannot_read"
    assert Incident.objects.get(pk=incident.pk).owner is None
    assert len(audited(cast.school)) == 2
    assert not OutboxMessage.objects.exists()


def test_a_relative_of_the_accused_does_not_own_it_though_their_role_would_let_them(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    incident = _acknowledged(cast, people=[alleged(pupil)])
    people.relate(person=pupil, related=person_of(cast.deputy, cast.school), relation=Relation.PARENT, at=NOW)

    with pytest.raises(Refused, match="owner_cannot_read"):
        ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=LATER)
    ownership.assign(incident=incident, owner=cast.online_safety_lead, by=cast.dsl, at=LATER)


def test_an_adults_case_is_owned_by_the_office_it_came_to(cast: Cast) -> None:
    incident = _acknowledged(cast, by="head", about=About.ADULT)

    with pytest.raises(Refused, match="owner_cannot_read"):
        ownership.assign(incident=incident, owner=cast.dsl, by=cast.head, at=LATER)
    ownership.assign(incident=incident, owner=cast.head, by=cast.head, at=LATER)

    assert {chain for chain, _ in audited(cast.school)} == {f"case:{incident.pk}"}


def test_an_owner_is_refused_with_a_sentence_where_the_case_is_not_ready(cast: Cast) -> None:
    new = make_incident(school=cast.school, by=cast.teacher)
    owned, closed = _acknowledged(cast), _acknowledged(cast)
    ownership.assign(incident=owned, owner=cast.deputy, by=cast.dsl, at=LATER)
    _close(cast, closed)

    for incident, code in ((new, "not_acknowledged"), (owned, "same_owner"), (closed, "case_closed")):
        with pytest.raises(Refused) as refusal:
            ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=LATER)
        assert refusal.value.code == code
        assert refusal.value.sentence.endswith(".")


def test_a_level_changes_with_its_reason(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    ownership.set_level(incident=incident, level=Level.HIGH, reason="It spreads. ", by=cast.dsl, at=LATER)

    assert Incident.objects.get(pk=incident.pk).level == Level.HIGH
    entry = ChronologyEntry.objects.get(event=Event.LEVEL_SET)
    assert (entry.text, entry.by, entry.at) == ("From standard to high. It spreads. ", cast.dsl, LATER)
    assert [event for _, event in audited(cast.school)] == [Event.REPORTED, Event.LEVEL_SET, Event.DUTIES_APPLIED]


def test_a_level_is_refused_without_a_reason_or_a_change(cast: Cast) -> None:
    incident, closed = make_incident(school=cast.school, by=cast.teacher), _acknowledged(cast)
    _close(cast, closed)
    before = len(audited(cast.school))

    for case, level, reason, code in (
        (incident, Level.HIGH, " \r\n", "reason_missing"),
        (incident, Level.STANDARD, "x", "same_level"),
        (closed, Level.HIGH, "x", "case_closed"),
    ):
        with pytest.raises(Refused) as refusal:
            ownership.set_level(incident=case, level=level, reason=reason, by=cast.dsl, at=LATER)
        assert refusal.value.code == code
    assert len(audited(cast.school)) == before
