"""Quiet too long: what is found, by whom, and nothing that somebody may not open."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from accounts.models import Membership, Person, Relation
from accounts.operations import people
from accounts.operations.absences import add_absence
from incidents.models import Incident
from incidents.operations import notes, ownership, workflow
from incidents.queries.silences import PATTERN_WITHIN, STILL_AFTER, STILL_AFTER_URGENT, UNREAD_AFTER, Quiet, silences
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of, settle

MINUTE = timedelta(minutes=1)


def found(cast: Cast, name: str = "dsl", at: datetime = NOW) -> list[tuple[Quiet, str]]:
    """Return what somebody of the cast is shown."""
    return [(one.kind, one.reference) for one in silences(cast.access(name, at), at=at)]


def acknowledged(cast: Cast, *, at: datetime, owner: str = "", level: Level = Level.STANDARD) -> Incident:
    """Log a concern and acknowledge it at once."""
    case = make_incident(school=cast.school, by=cast.teacher, at=at)
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=at)
    if level is not Level.STANDARD:
        ownership.set_level(incident=case, level=level, reason="It is.", by=cast.dsl, at=at)
    if owner:
        ownership.assign(incident=case, owner=cast[owner], by=cast.dsl, at=at)
    return case


def low_ones(cast: Cast, pupil: Person, *, days: Iterable[int] = (1, 2, 3), name: str = "dsl") -> list[Incident]:
    """Log low-level concerns about a pupil and close them at once."""
    made = []
    for day in days:
        at = NOW - timedelta(days=day)
        case = make_incident(school=cast.school, by=cast.teacher, at=at, people=[harmed(pupil)])
        workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast[name], at=at)
        ownership.set_level(incident=case, level=Level.LOW, reason="Small.", by=cast[name], at=at)
        close(cast, case, at=at)
        made.append(case)
    return made


def close(cast: Cast, case: Incident, *, at: datetime, outcome: Outcome = Outcome.NO_FURTHER_ACTION) -> None:
    """Close a case."""
    settle(case, by=cast.dsl, at=at)
    workflow.advance(incident=case, to=Status.CLOSED, by=cast.dsl, at=at, reason="Seen.", outcome=outcome)


@pytest.mark.parametrize(("over", "is_quiet"), [(MINUTE, True), (-MINUTE, False)])
def test_what_nobody_acknowledges_for_hours(cast: Cast, over: timedelta, is_quiet: bool) -> None:
    case = make_incident(school=cast.school, by=cast.teacher, at=NOW - UNREAD_AFTER - over)

    assert found(cast) == [(Quiet.UNREAD, case.reference)] * is_quiet


@pytest.mark.parametrize(
    ("level", "after"),
    [
        (Level.STANDARD, STILL_AFTER),
        (Level.LOW, STILL_AFTER),
        (Level.HIGH, STILL_AFTER_URGENT),
        (Level.DANGER, STILL_AFTER_URGENT),
    ],
)
@pytest.mark.parametrize(("over", "is_quiet"), [(MINUTE, True), (-MINUTE, False)])
def test_what_nobody_writes_about_for_days(
    cast: Cast, level: Level, after: timedelta, over: timedelta, is_quiet: bool
) -> None:
    case = acknowledged(cast, at=NOW - after - over, level=level)

    assert found(cast) == [(Quiet.STILL, case.reference)] * is_quiet


def test_a_note_breaks_the_silence_and_a_closed_case_may_be_still(cast: Cast) -> None:
    noted, closed = (acknowledged(cast, at=NOW - timedelta(days=40)) for _ in range(2))
    notes.add_note(incident=noted, text="Spoke with the tutor.", by=cast.dsl, at=NOW - timedelta(days=1))
    close(cast, closed, at=NOW - timedelta(days=40))

    assert found(cast) == []


def test_an_owner_who_is_away_or_reads_it_no_longer(cast: Cast) -> None:
    away, left, here = (acknowledged(cast, at=NOW, owner=name) for name in ("deputy", "online_safety_lead", "dsl"))
    assert found(cast) == []
    add_absence(school=cast.school, user=cast.deputy, starts_on=NOW.date(), ends_on=NOW.date(), by=cast.deputy, at=NOW)
    Membership.objects.filter(user=cast.online_safety_lead).update(role="staff")

    assert set(found(cast)) == {(Quiet.OWNER_AWAY, away.reference), (Quiet.OWNER_AWAY, left.reference)}
    assert here.reference not in str(found(cast))
    tomorrow = NOW + timedelta(days=1)
    assert found(cast, at=tomorrow) == [(Quiet.OWNER_AWAY, left.reference)]


def test_the_owner_of_a_case_of_an_office_holds_that_office(cast: Cast) -> None:
    at = NOW - MINUTE
    case = make_incident(school=cast.school, by=cast.teacher, at=at, about=About.ADULT)
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.head, at=at)
    ownership.assign(incident=case, owner=cast.head, by=cast.head, at=at)
    assert found(cast, "head") == []

    add_absence(school=cast.school, user=cast.head, starts_on=NOW.date(), ends_on=None, by=cast.head, at=NOW)

    assert found(cast, "head") == [(Quiet.OWNER_AWAY, case.reference)]
    assert found(cast, "dsl") == []


def test_three_low_level_concerns_about_one_pupil_that_nobody_followed_up(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    made = low_ones(cast, pupil, days=(1, 2))
    low_ones(cast, make_person(school=cast.school), days=(1, 2))
    assert found(cast) == []

    made += low_ones(cast, pupil, days=(3,))

    assert found(cast) == [(Quiet.PATTERN, made[0].reference)]
    (silence,) = silences(cast.access("dsl"), at=NOW)
    assert set(silence.case_ids) == {case.pk for case in made}


def test_concerns_that_lie_farther_apart_make_no_pattern(cast: Cast) -> None:
    low_ones(cast, make_person(school=cast.school), days=(1, 2, PATTERN_WITHIN.days + 1))

    assert found(cast) == []


@pytest.mark.parametrize("outcome", [Outcome.RESOLVED, Outcome.REFERRED_ON])
def test_where_one_of_them_was_followed_up_there_is_no_silence(cast: Cast, outcome: Outcome) -> None:
    pupil = make_person(school=cast.school)
    low_ones(cast, pupil)
    more = make_incident(school=cast.school, by=cast.teacher, at=NOW - MINUTE, people=[harmed(pupil)])
    workflow.advance(incident=more, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW - MINUTE)
    assert [kind for kind, _ in found(cast)] == [Quiet.PATTERN]

    close(cast, more, at=NOW, outcome=outcome)

    assert found(cast) == []


# Only to those who may open it


@pytest.mark.parametrize(
    "name", ["teacher", "head", "chair", "governor", "ict", "administrator", "trust_lead", "next_door_dsl"]
)
def test_those_who_may_not_open_it_are_shown_nothing(cast: Cast, name: str) -> None:
    make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(days=1))
    low_ones(cast, make_person(school=cast.school))
    assert len(found(cast)) == 2

    assert found(cast, name) == []


def test_whom_it_is_about_is_shown_neither_the_case_nor_the_pattern_it_makes(cast: Cast) -> None:
    pupil, child = make_person(school=cast.school), make_person(school=cast.school)
    people.relate(person=person_of(cast.deputy, cast.school), related=child, relation=Relation.PARENT, at=NOW)
    made = low_ones(cast, pupil, days=(1, 2))
    at = NOW - timedelta(days=3)
    third = make_incident(school=cast.school, by=cast.teacher, at=at, people=[harmed(pupil), alleged(child)])
    ownership.set_level(incident=third, level=Level.LOW, reason="Small.", by=cast.dsl, at=at)

    assert set(found(cast)) == {(Quiet.UNREAD, third.reference), (Quiet.PATTERN, made[0].reference)}
    assert found(cast, "deputy") == []


def test_two_queries_find_all_of_it(cast: Cast, django_assert_num_queries: object) -> None:
    for hours in (5, 50, 500):
        make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(hours=hours))
    access = cast.access("dsl")
    assert access.conflicts

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(silences(access, at=NOW)) == 3
