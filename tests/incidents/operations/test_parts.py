"""Somebody's part in a case: given, changed by two, and the two strands where an adult of the school is accused."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.access import access_school
from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage, PersonKind, Relation, User
from accounts.operations import people
from accounts.queries.notices import unread_notices
from incidents.access import visible_incidents
from incidents.events import Event
from incidents.models import CaseLink, Incident, InvolvedPerson, Obligation
from incidents.operations import incidents, ownership, parts, sharing, workflow
from incidents.operations.incidents import Involved
from incidents.statuses import Kept, Link, Part, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of

TEAM = {"dsl", "deputy", "online_safety_lead"}
DAY_THREE = NOW + timedelta(days=2)
WHO = ("teacher", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict", "trust_lead")


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def readers(cast: Cast, case: Incident, at: Any = DAY_THREE) -> set[str]:
    found = set()
    for name in WHO:
        access = access_school(User.objects.get(pk=cast[name].pk), cast.school.slug, at=at)
        if visible_incidents(access).filter(pk=case.pk).exists():
            found.add(name)
    return found


def accuse(cast: Cast, case: Incident, name: str, by: str = "dsl") -> InvolvedPerson:
    return parts.name(incident=case, named=alleged(person_of(cast[name], cast.school)), by=cast[by], at=DAY_THREE)


def adults_case(case: Incident) -> Incident:
    return Incident.objects.exclude(pk=case.pk).get()


def now(case: Incident) -> Incident:
    return Incident.objects.get(pk=case.pk)


def refused(code: str, act: Any, **said: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(**said)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_somebody_more_is_named_with_a_part_of_their_own(cast: Cast, case: Incident) -> None:
    child = make_person(school=cast.school)
    before = list(case.people.values_list("part", flat=True))

    row = parts.name(incident=case, named=Involved(Part.ALLEGED, child), by=cast.dsl, at=NOW)

    assert (row.part, row.person, row.year_group_then) == (Part.ALLEGED, child, child.year_group)
    assert list(case.people.exclude(pk=row.pk).values_list("part", flat=True)) == before
    assert case.chronology.get(event=Event.PERSON_ADDED).text == f"{child.name}: {row.part_label.lower()}."
    assert not CaseLink.objects.exists()
    refused("named_already", parts.name, incident=case, named=Involved(Part.WITNESS, child), by=cast.dsl, at=NOW)
    refused("nobody_named", parts.name, incident=case, named=Involved(Part.WITNESS), by=cast.dsl, at=NOW)


@pytest.mark.parametrize(("accused", "manager"), [("ict", "head"), ("deputy", "head"), ("head", "chair")])
def test_there_are_two_strands_with_readers_of_their_own(
    cast: Cast, case: Incident, accused: str, manager: str
) -> None:
    asked_before = set(Obligation.objects.filter(incident=case).values_list("key", flat=True))

    accuse(cast, case, accused)

    adult = adults_case(case)
    assert (now(case).handled_by, now(case).is_about_adult) == ("dsl", False)
    assert adult.is_about_adult
    assert readers(cast, case) == TEAM - {accused}
    assert readers(cast, adult) == {manager}
    assert adult.narrative == case.narrative
    assert {row.part for row in adult.people.all()} == {Part.ALLEGED, Part.HARMED}
    said = case.chronology.get(event=Event.PASSED_ON).text
    assert said == parts.PASSED_ON
    assert not [entry for entry in case.chronology.all() if adult.reference in entry.text]
    tie = CaseLink.objects.get()
    assert (tie.incident_id, tie.other_id, tie.kind) == (adult.pk, case.pk, Link.SPLIT)
    # What the policy asks about adults is asked there alone.
    assert set(Obligation.objects.filter(incident=case).outstanding().values_list("key", flat=True)) <= asked_before
    assert Obligation.objects.filter(incident=adult, key="consult:lado").outstanding().exists()


def test_late_discovery_closes_it_at_the_next_request_and_tells_the_new_ones(cast: Cast, case: Incident) -> None:
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.deputy, at=NOW)
    ownership.assign(incident=case, owner=cast.deputy, by=cast.dsl, at=NOW)
    incidents.open_case(incident=now(case), by=cast.deputy, at=NOW)
    access = cast.access("deputy")
    assert unread_notices(access, at=NOW)
    seen = AuditEvent.objects.filter(school=cast.school, actor=f"user:{cast.deputy.pk}").count()
    history = case.chronology.count()
    told_reporter = OutboxMessage.objects.filter(recipient=cast.teacher).count()

    accuse(cast, case, "deputy")

    assert "deputy" not in readers(cast, case)
    assert now(case).owner is None
    # The message that led there leads there no longer, sent or not; those who are left are told.
    assert unread_notices(cast.access("deputy", DAY_THREE), at=DAY_THREE) == []
    assert not OutboxMessage.objects.filter(recipient=cast.deputy, sent_at__isnull=True).exists()
    told = OutboxMessage.objects.filter(dedupe_key__startswith=f"rerouted:{case.pk}", queued_at=DAY_THREE)
    assert {message.recipient for message in told} == {cast.dsl, cast.online_safety_lead}
    new = OutboxMessage.objects.filter(dedupe_key__startswith=f"logged:{adults_case(case).pk}")
    assert {message.recipient for message in new} == {cast.head}
    # History is kept, and the reporter learns nothing of it.
    assert case.chronology.count() > history
    assert AuditEvent.objects.filter(school=cast.school, actor=f"user:{cast.deputy.pk}").count() == seen
    assert OutboxMessage.objects.filter(recipient=cast.teacher).count() == told_reporter


def test_a_relative_of_the_accused_loses_it_too(cast: Cast, case: Incident) -> None:
    of_ict, of_deputy = person_of(cast.ict, cast.school), person_of(cast.deputy, cast.school)
    people.relate(person=of_ict, related=of_deputy, relation=Relation.PARTNER, at=NOW)

    accuse(cast, case, "ict")

    assert readers(cast, case) == TEAM - {"deputy"}


def test_where_the_whole_team_is_accused_it_goes_up(cast: Cast, case: Incident) -> None:
    accuse(cast, case, "deputy")
    accuse(cast, case, "online_safety_lead")
    assert now(case).handled_by == "dsl"

    accuse(cast, case, "dsl", by="dsl")

    assert now(case).handled_by == "headteacher"
    assert readers(cast, case) == {"head"}
    assert Incident.objects.filter(is_about_adult=True).count() == 3


def test_an_adults_case_that_turns_out_to_be_about_the_headteacher_goes_to_the_chair(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.ict, cast.school))])
    assert readers(cast, case) == {"head"}

    accuse(cast, case, "head", by="head")

    assert readers(cast, case) == {"chair"}
    assert Incident.objects.count() == 1
    assert OutboxMessage.objects.filter(dedupe_key__startswith=f"rerouted:{case.pk}", recipient=cast.chair).exists()
    assert not OutboxMessage.objects.filter(recipient=cast.head, read_at__isnull=True, path=case.get_absolute_url())


def test_of_a_sealed_case_the_other_strand_holds_not_a_word(cast: Cast, case: Incident) -> None:
    sharing.seal(incident=case, named=[cast.deputy], reason="Their own child.", by=cast.dsl, at=NOW)

    accuse(cast, case, "ict")

    adult = adults_case(case)
    assert case.narrative not in adult.narrative
    assert [row.part for row in adult.people.all()] == [Part.ALLEGED]
    assert now(case).is_sealed


def test_a_visitor_or_a_parent_is_accused_on_the_teams_own_case(cast: Cast, case: Incident) -> None:
    for kind in (PersonKind.CONTACT, PersonKind.OTHER):
        person = make_person(school=cast.school, kind=kind)
        parts.name(incident=case, named=alleged(person), by=cast.dsl, at=NOW)

    assert now(case).handled_by == "dsl"
    assert not CaseLink.objects.exists()


def test_a_part_is_changed_with_a_reason_and_what_follows_is_done(cast: Cast) -> None:
    named = Involved(Part.WITNESS, person_of(cast.ict, cast.school))
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school)), named])
    row = case.people.get(part=Part.WITNESS)
    said = {"row": row, "by": cast.dsl, "at": DAY_THREE}
    refused("reason_missing", parts.change, part=Part.ALLEGED, reason=" ", **said)
    refused("part_same", parts.change, part=Part.WITNESS, reason="Why", **said)

    parts.change(part=Part.ALLEGED, reason="Another child said so.", **said)

    assert case.people.get(pk=row.pk).part == Part.ALLEGED
    assert readers(cast, adults_case(case)) == {"head"}
    assert "Another child said so." in case.chronology.get(event=Event.PART_CHANGED).text


def test_that_somebody_is_accused_no_longer_takes_two_who_are_not_concerned(cast: Cast, case: Incident) -> None:
    row = accuse(cast, case, "ict")
    said = {"row": row, "part": Part.WITNESS, "reason": "It was somebody else.", "by": cast.dsl, "at": DAY_THREE}
    for second in (None, cast.dsl, cast.teacher, cast.head):
        refused("second_missing", parts.change, second=second, **said)

    parts.change(second=cast.deputy, **said)

    assert case.people.get(pk=row.pk).part == Part.WITNESS
    text = case.chronology.get(event=Event.PART_CHANGED).text
    assert f"Agreed by {cast.dsl.full_name} and {cast.deputy.full_name}." in text


def test_nobody_changes_their_own_part_or_that_of_a_relative(cast: Cast) -> None:
    named = Involved(Part.WITNESS, person_of(cast.deputy, cast.school))
    case = make_incident(school=cast.school, by=cast.teacher, people=[named])
    row = case.people.get()

    refused("own_part", parts.change, row=row, part=Part.NAMED, reason="Not me.", by=cast.deputy, at=NOW)
    assert case.people.get().part == Part.WITNESS


@pytest.mark.parametrize("is_sealed", [False, True])
def test_who_may_not_open_the_childs_case_learns_nothing_of_the_other_strand(
    cast: Cast, case: Incident, is_sealed: bool
) -> None:
    sharing.step_back(incident=case, user=cast.head, kind=Kept.DECLARED, reason="My niece.", by=cast.head, at=NOW)
    if is_sealed:
        sharing.seal(incident=now(case), named=[cast.deputy], reason="Few may know.", by=cast.dsl, at=NOW)

    accuse(cast, now(case), "ict")

    adult = adults_case(case)
    assert readers(cast, adult) == {"chair"}
    assert not OutboxMessage.objects.filter(path=adult.get_absolute_url(), recipient=cast.head).exists()


@pytest.mark.parametrize("is_sealed", [False, True])
def test_whoever_is_accused_of_the_same_is_kept_from_the_next_strand(
    cast: Cast, case: Incident, is_sealed: bool
) -> None:
    accuse(cast, case, "head")
    first = adults_case(case)
    if is_sealed:
        sharing.seal(incident=now(case), named=[cast.deputy], reason="Few may know.", by=cast.dsl, at=NOW)

    accuse(cast, now(case), "ict")

    second = Incident.objects.exclude(pk__in=[case.pk, first.pk]).get()
    assert readers(cast, second) == {"chair"}
    assert not OutboxMessage.objects.filter(path=second.get_absolute_url(), recipient=cast.head).exists()
