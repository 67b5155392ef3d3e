"""Who holds a role here, who is too close to be told, and the list of members."""

from datetime import timedelta

import pytest

from accounts.models import Absence, Membership, Person, PersonKind, Relation, User
from accounts.operations import members, people
from accounts.queries.members import conflicted, holders, member_rows
from accounts.roles import SAFEGUARDING_TEAM, Role
from tests.conftest import Cast
from tests.factories import NOW, make_member, make_person, person_of

TODAY = NOW.date()


def _names(cast: Cast, *roles: Role) -> list[str]:
    return [holder.user.full_name for holder in holders(cast.school, frozenset(roles), at=NOW)]


def test_holders_are_those_of_the_roles_by_name(cast: Cast) -> None:
    assert _names(cast, *SAFEGUARDING_TEAM) == ["Dennis Deputy", "Dora Safe", "Olive Online"]
    assert _names(cast, Role.HEADTEACHER, Role.DSL) == ["Dora Safe", "Hetty Head"]
    assert _names(cast, Role.DPO) == []
    assert _names(cast) == []


def test_somebody_with_two_of_the_roles_stands_there_once_for_each(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DSL, user=cast.deputy)

    found = holders(cast.school, SAFEGUARDING_TEAM, at=NOW)

    assert [holder.role for holder in found if holder.user == cast.deputy] == [Role.DEPUTY_DSL, Role.DSL]


@pytest.mark.parametrize(
    ("change", "still"),
    [
        ({"starts_on": TODAY + timedelta(days=1)}, False),
        ({"starts_on": TODAY}, True),
        ({"ends_on": TODAY - timedelta(days=1)}, False),
        ({"ends_on": TODAY}, True),
    ],
)
def test_only_those_who_hold_the_role_today(cast: Cast, change: dict[str, object], still: bool) -> None:
    Membership.objects.filter(user=cast.dsl).update(**change)

    assert ("Dora Safe" in _names(cast, Role.DSL)) is still


def test_nobody_who_cannot_sign_in(cast: Cast) -> None:
    User.objects.filter(pk=cast.dsl.pk).update(is_active=False)

    assert _names(cast, Role.DSL) == []


AWAY = timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "ends", "is_here"),
    [
        (-AWAY, None, False),
        (-AWAY, AWAY, False),
        (timedelta(), None, False),
        (AWAY, None, True),
        (-AWAY, timedelta(), True),
        (-2 * AWAY, -AWAY, True),
    ],
)
def test_whoever_is_away_is_left_out_unless_they_are_asked_for(
    cast: Cast, starts: timedelta, ends: timedelta | None, is_here: bool
) -> None:
    ends_at = None if ends is None else NOW + ends
    Absence.objects.create(
        school=cast.school, user=cast.dsl, starts_at=NOW + starts, ends_at=ends_at, added_at=NOW, added_by=cast.dsl
    )

    assert _names(cast, Role.DSL) == ["Dora Safe"] * is_here
    every = holders(cast.school, frozenset({Role.DSL}), at=NOW, even_absent=True)
    assert [(holder.user.full_name, holder.is_present) for holder in every] == [("Dora Safe", is_here)]


def test_an_absence_from_another_school_is_none_from_here(cast: Cast) -> None:
    make_member(school=cast.next_door, role=Role.DSL, user=cast.dsl)
    Absence.objects.create(school=cast.next_door, user=cast.dsl, starts_at=NOW, added_at=NOW, added_by=cast.dsl)

    assert _names(cast, Role.DSL) == ["Dora Safe"]
    assert [one.user.full_name for one in holders(cast.next_door, frozenset({Role.DSL}), at=NOW)] == ["Nora Next"]


def test_one_statement_tells_who_is_here(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        _names(cast, *SAFEGUARDING_TEAM)


# Too close


def _everybody(cast: Cast) -> list[object]:
    return list(User.objects.values_list("pk", flat=True))


def _too_close(cast: Cast, *persons: Person) -> set[str]:
    ids = conflicted(_everybody(cast), frozenset(person.pk for person in persons))
    return set(User.objects.filter(pk__in=ids).values_list("full_name", flat=True))


def test_one_is_too_close_to_oneself_and_nobody_else_is(cast: Cast) -> None:
    assert _too_close(cast, person_of(cast.dsl, cast.school)) == {"Dora Safe"}


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("turned", [False, True], ids=["as recorded", "the other way round"])
def test_a_relative_is_too_close_whichever_way_it_was_recorded(cast: Cast, relation: Relation, turned: bool) -> None:
    child, parent = make_person(school=cast.school), person_of(cast.dsl, cast.school)
    first, second = (child, parent) if turned else (parent, child)
    people.relate(person=first, related=second, relation=relation, at=NOW)

    assert _too_close(cast, child) == {"Dora Safe"}


def test_several_people_make_several_too_close(cast: Cast) -> None:
    persons = [person_of(cast[name], cast.school) for name in ("dsl", "head")]

    assert _too_close(cast, *persons) == {"Dora Safe", "Hetty Head"}


def test_a_child_without_relatives_leaves_everybody_free(cast: Cast) -> None:
    assert _too_close(cast, make_person(school=cast.school)) == set()
    assert _too_close(cast) == set()
    assert conflicted([], frozenset({person_of(cast.dsl, cast.school).pk})) == frozenset()


def test_an_ended_role_does_not_make_one_a_stranger(cast: Cast) -> None:
    person = person_of(cast.deputy, cast.school)
    held = Membership.objects.get(user=cast.deputy)
    members.end_membership(membership=held, at=NOW, by=cast.administrator, second=cast.head)

    assert _too_close(cast, person) == {"Dennis Deputy"}


def test_a_relation_at_one_school_keeps_the_same_user_away_at_the_other(cast: Cast) -> None:
    make_member(school=cast.next_door, user=cast.dsl)
    own_next_door = Membership.objects.get(user=cast.dsl, school=cast.next_door).person
    child = make_person(school=cast.next_door, kind=PersonKind.PUPIL)
    people.relate(person=own_next_door, related=child, relation=Relation.PARENT, at=NOW)

    assert _too_close(cast, child) == {"Dora Safe"}


# The list


def test_members_are_listed_once_with_their_roles_in_order(cast: Cast) -> None:
    make_member(school=cast.school, role=Role.DPO, user=cast.dsl)
    make_member(school=cast.school, role=Role.STAFF, user=cast.dsl)

    rows = member_rows(cast.school, on=TODAY)

    names = [row.user.full_name for row in rows]
    assert names == sorted(names)
    assert len(names) == len(set(names)) == 11
    dora = next(row for row in rows if row.user == cast.dsl)
    assert [membership.role for membership in dora.memberships] == ["staff", "dsl", "dpo"]


def test_nobody_from_next_door_and_nobody_whose_role_ended_is_listed(cast: Cast) -> None:
    held = Membership.objects.get(user=cast.deputy)
    members.end_membership(membership=held, at=NOW, by=cast.administrator, second=cast.head)

    listed = {row.user for row in member_rows(cast.school, on=TODAY)}

    assert cast.deputy not in listed
    assert not listed & {cast.next_door_dsl, cast.next_door_teacher}


def test_a_role_that_begins_later_is_listed_so_that_it_can_be_taken_back(cast: Cast) -> None:
    later = make_member(school=cast.school, role=Role.DPO)
    Membership.objects.filter(user=later).update(starts_on=TODAY + timedelta(days=45))

    assert later in {row.user for row in member_rows(cast.school, on=TODAY)}


@pytest.mark.parametrize("more", [0, 15])
def test_one_query_lists_however_many_there_are(cast: Cast, more: int, django_assert_num_queries: object) -> None:
    for _ in range(more):
        make_member(school=cast.school)

    with django_assert_num_queries(1):  # type: ignore[operator]
        [
            (row.user.full_name, [one.person.name for one in row.memberships])
            for row in member_rows(cast.school, on=TODAY)
        ]
