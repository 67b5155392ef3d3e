"""Whom to tell, for many at once: the same answer as one by one."""

from datetime import timedelta

from accounts.models import Absence, Relation, User
from accounts.operations import people
from accounts.queries.members import conflicted, holders
from accounts.queries.recipients import kept_away, present_holders
from accounts.roles import Role
from tests.conftest import Cast
from tests.factories import NOW, make_person, person_of


def test_present_holders_are_those_of_each_school_who_are_here(cast: Cast) -> None:
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    Absence.objects.create(
        school=cast.school, user=cast.head, starts_at=NOW - timedelta(days=1), added_at=NOW, added_by=cast.head
    )
    roles = [Role.DSL, Role.DEPUTY_DSL, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS]

    found = present_holders([cast.school.pk, cast.next_door.pk], roles, at=NOW)

    for school in (cast.school, cast.next_door):
        one_by_one = {(holder.role, holder.user.pk) for holder in holders(school, frozenset(roles), at=NOW)}
        here = {(role, user.pk) for (pk, role), users in found.items() if pk == school.pk for user in users}
        assert here == one_by_one
    assert found[cast.school.pk, Role.DSL] == [cast.dsl]
    assert present_holders([], roles, at=NOW) == {}


def test_whoever_is_close_to_a_person_is_kept_away_whichever_of_the_two_declared_it(cast: Cast) -> None:
    pupil, other = make_person(school=cast.school), make_person(school=cast.school)
    people.relate(person=person_of(cast.dsl, cast.school), related=pupil, relation=Relation.PARENT, at=NOW)
    people.relate(person=pupil, related=person_of(cast.head, cast.school), relation=Relation.PARENT, at=NOW)
    asked = [pupil.pk, other.pk, person_of(cast.chair, cast.school).pk]

    found = kept_away(asked)

    everybody = [user.pk for user in User.objects.all()]
    for person_id in asked:
        assert found.get(person_id, frozenset()) == conflicted(everybody, frozenset({person_id}))
    assert kept_away([]) == {}
