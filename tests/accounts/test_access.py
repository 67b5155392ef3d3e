"""Who holds what where: roles with dates, schools apart, and the people a user is too close to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from accounts.access import access_school, conflicts_of, schools_for
from accounts.models import Membership, PersonKind, Relation, School, User
from accounts.operations import members, people
from accounts.permissions import Permission
from accounts.roles import Role
from tests.conftest import Cast
from tests.factories import NOW, make_member, make_person, make_school, person_of

TODAY = NOW.date()


def _holds(user: User, school: School, *, at: datetime = NOW) -> set[Role]:
    try:
        return set(access_school(user, school.slug, at=at).roles)
    except Http404:
        return set()


def _member_from_to(school: School, starts_on: date, ends_on: date | None) -> User:
    user = make_member(school=school, role=Role.DSL)
    Membership.objects.filter(user=user).update(starts_on=starts_on, ends_on=ends_on)
    return user


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (-10, None, True),
        (0, None, True),
        (1, None, False),
        (-10, 0, True),
        (0, 0, True),
        (-10, -1, False),
        (-10, 10, True),
    ],
)
def test_a_role_opens_things_from_its_first_to_its_last_day(
    db: None, starts: int, ends: int | None, holds: bool
) -> None:
    school = make_school()
    last = None if ends is None else TODAY + timedelta(days=ends)

    user = _member_from_to(school, TODAY + timedelta(days=starts), last)

    assert (_holds(user, school) == {Role.DSL}) is holds
    assert (schools_for(user, at=NOW) == [school]) is holds


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), False),
        (datetime(2026, 5, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 31, 23, 0, tzinfo=UTC), True),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_london(db: None, at: datetime, holds: bool) -> None:
    school = make_school()
    user = _member_from_to(school, date(2026, 6, 1), date(2026, 6, 30))

    assert (_holds(user, school, at=at) != set()) is holds


def test_an_ended_role_opens_nothing_at_the_next_question(cast: Cast) -> None:
    held = Membership.objects.get(user=cast.deputy)

    members.end_membership(membership=held, at=NOW, by=cast.administrator, second=cast.head)

    assert _holds(cast.deputy, cast.school) == set()


def test_a_deactivated_user_holds_nothing_anywhere(cast: Cast) -> None:
    cast.dsl.is_active = False
    cast.dsl.save()

    assert _holds(cast.dsl, cast.school) == set()


def test_another_school_and_no_school_are_the_same_answer(cast: Cast) -> None:
    answers = []
    for slug in (cast.next_door.slug, "no-such-school", ""):
        with pytest.raises(Http404) as answer:
            access_school(cast.dsl, slug, at=NOW)
        answers.append(str(answer.value))

    assert len(set(answers)) == 1


def test_roles_at_two_schools_stay_apart(cast: Cast) -> None:
    make_member(school=cast.next_door, role=Role.STAFF, user=cast.dsl)

    assert _holds(cast.dsl, cast.school) == {Role.DSL}
    assert _holds(cast.dsl, cast.next_door) == {Role.STAFF}
    assert [school.name for school in schools_for(cast.dsl, at=NOW)] == ["Birchwood School", "Oakfield Primary School"]


def test_several_roles_at_one_school_add_up(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.ONLINE_SAFETY_LEAD, user=cast.teacher)

    access = access_school(cast.teacher, cast.school.slug, at=NOW)

    assert access.roles == {Role.STAFF, Role.ONLINE_SAFETY_LEAD}
    assert access.has(Permission.INCIDENT_READ)


def test_a_superuser_without_a_role_holds_nothing(db: None) -> None:
    operator = User.objects.create_superuser("operator@school.example", "a long enough password", full_name="Op")
    school = make_school()

    assert _holds(operator, school) == set()
    assert schools_for(operator, at=NOW) == []


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("teacher", False),
        ("dsl", True),
        ("head", True),
        ("chair", True),
        ("trust_lead", True),
        ("administrator", True),
        ("governor", False),
        ("ict", False),
    ],
)
def test_who_reads_others_needs_a_second_factor(cast: Cast, who: str, reads: bool) -> None:
    assert cast.access(who).reads_others is reads


# Whom a user is too close to


def test_everybody_is_too_close_to_themselves(cast: Cast) -> None:
    assert conflicts_of(cast.dsl) == {person_of(cast.dsl, cast.school).pk}
    assert cast.access("dsl").conflicts == conflicts_of(cast.dsl)


def test_a_user_is_themselves_at_every_school_and_after_they_left(cast: Cast) -> None:
    make_member(school=cast.next_door, user=cast.dsl, name="Dora Elsewhere")
    left = Membership.objects.get(user=cast.dsl, school=cast.next_door)
    members.end_membership(membership=left, at=NOW, by=cast.next_door_dsl)

    assert left.person_id in conflicts_of(cast.dsl)
    assert len(conflicts_of(cast.dsl)) == 2


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("turned", [False, True], ids=["as recorded", "the other way round"])
def test_a_relative_is_too_close_whichever_way_it_was_recorded(cast: Cast, relation: Relation, turned: bool) -> None:
    own, child = person_of(cast.dsl, cast.school), make_person(school=cast.school)
    first, second = (child, own) if turned else (own, child)

    people.relate(person=first, related=second, relation=relation, at=NOW)

    assert conflicts_of(cast.dsl) == {own.pk, child.pk}


def test_a_relatives_relative_is_not_too_close(cast: Cast) -> None:
    own = person_of(cast.dsl, cast.school)
    sister = make_person(school=cast.school, kind=PersonKind.STAFF)
    friend = make_person(school=cast.school)
    people.relate(person=own, related=sister, relation=Relation.SIBLING, at=NOW)
    people.relate(person=sister, related=friend, relation=Relation.PARENT, at=NOW)

    assert conflicts_of(cast.dsl) == {own.pk, sister.pk}


def test_a_user_without_any_role_is_too_close_to_nobody(db: None) -> None:
    user = User.objects.create_user("nobody@school.example", full_name="Nobody")

    assert conflicts_of(user) == frozenset()
