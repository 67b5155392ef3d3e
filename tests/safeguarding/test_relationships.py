"""What somebody is to a case decides, page by page, and nothing else does: without it, each page turns (AZ-2).

Beside the roles of `test_permission_matrix.py`. Each set-up shuts the pages of a case; then one thing about it is
changed, and the same pages open: nobody is kept out for another reason than the one that the set-up is named after.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest import mock

import pytest
from django.test import override_settings

from accounts.models import Membership, Relation, Relationship, User
from accounts.operations import people, users
from accounts.permissions import Permission
from accounts.roles import Role
from incidents.models import CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import sharing
from incidents.statuses import Kept, Part
from tests.architecture.addresses import Address, addresses
from tests.factories import LONG_AGO, NOW, make_person, person_of
from tests.numbers import examples
from tests.safeguarding.matrix import (
    ALLOWED,
    NO_PERMISSION,
    NO_SUCH_METHOD,
    NOT_THERE,
    OWN_PAGES,
    World,
    ask,
    make_world,
    undone,
    verdict,
)

pytestmark = pytest.mark.django_db

CASE = "about a child"
TODAY = NOW.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
# Those to whom a case is shown by name read it; what changes it stays with those who handle it.
READ_BY_NAME = {"incident-detail", "chronology-detail"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the world once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        yield make_world()


def _case(world: World) -> Incident:
    return Incident.objects.get(reference=world.references[CASE])


def _user(world: World, name: str) -> User:
    found = world.principals[name].user
    assert found is not None
    return User.objects.get(pk=found.pk)


def _seal(world: World, name: str) -> None:
    # Two at least can work on it: a second deputy does beside the lead, who sealed it.
    named = [_user(world, "accused"), *([] if name == "deputy_dsl" else [_user(world, name)])]
    sharing.seal(incident=_case(world), named=named, reason="Few.", by=_user(world, "dsl"), at=NOW)


def _name_too(world: World, name: str) -> None:
    naming = sharing.Naming(_user(world, name), "They help.", None)
    sharing.share(incident=_case(world), naming=naming, by=_user(world, "dsl"), at=NOW)


def _shared_until_yesterday(world: World, name: str) -> None:
    naming = sharing.Naming(_user(world, name), "To advise.", TODAY)
    grant = sharing.share(incident=_case(world), naming=naming, by=_user(world, "dsl"), at=NOW)
    CaseGrant.objects.filter(pk=grant.pk).update(ends_on=YESTERDAY)
    User.objects.filter(pk=_user(world, name).pk).update(named_until=YESTERDAY)


def _until_tomorrow(world: World, name: str) -> None:
    user = _user(world, name)
    CaseGrant.objects.filter(user=user).update(ends_on=TOMORROW)
    users.note_named(user=user, until=TOMORROW)


def _step_back(world: World, name: str) -> None:
    kind = next(kind for kind in Kept if kind != Kept.TAKEN_OFF)
    user, said = _user(world, name), {"reason": "Too close.", "at": NOW}
    sharing.step_back(incident=_case(world), user=user, kind=kind, by=user, **said)


def _let_back(world: World, name: str) -> None:
    row = Interest.objects.get(user=_user(world, name), ended_at=None)
    two = {"by": _user(world, "dsl"), "second": _user(world, "online_safety_lead")}
    sharing.let_back(interest=row, reason="It was somebody else.", at=NOW, **two)


def _accuse(world: World, name: str) -> None:
    part = {"part": Part.ALLEGED, "added_at": NOW, "added_by": _user(world, "dsl")}
    person = person_of(_user(world, name), world.school)
    InvolvedPerson.objects.create(school=world.school, incident=_case(world), person=person, **part)


def _clear(world: World, name: str) -> None:
    InvolvedPerson.objects.filter(incident=_case(world), part=Part.ALLEGED).delete()


def _relate(world: World, name: str) -> None:
    child, own = make_person(school=world.school), person_of(_user(world, name), world.school)
    part = {"part": Part.ALLEGED, "added_at": NOW, "added_by": _user(world, "dsl")}
    InvolvedPerson.objects.create(school=world.school, incident=_case(world), person=child, **part)
    people.relate(person=own, related=child, relation=Relation.PARENT, at=NOW)


def _unrelate(world: World, name: str) -> None:
    Relationship.objects.filter(person=person_of(_user(world, name), world.school)).delete()


def _end(world: World, name: str) -> None:
    Membership.objects.filter(user=_user(world, name)).update(ends_on=YESTERDAY)


def _begin(world: World, name: str) -> None:
    Membership.objects.filter(user=_user(world, name)).update(ends_on=None)


def _as_it_is(world: World, name: str) -> None:
    """Leave everything as it is: somebody of the other school, or somebody invited by nobody."""


def _hold_it_here(world: World, name: str) -> None:
    person = make_person(school=world.school)
    held = {"role": Role.DEPUTY_DSL, "starts_on": LONG_AGO}
    Membership.objects.create(school=world.school, user=_user(world, name), person=person, **held)


Step = Callable[[World, str], None]

# Who it is, what they are to the case, and the one thing that turns it.
RELATIONSHIPS: dict[str, tuple[str, Step, Step]] = {
    "sealed without them, then named": ("deputy_dsl", _seal, _name_too),
    "shared until yesterday, then tomorrow": ("governor", _shared_until_yesterday, _until_tomorrow),
    "stepped back, then let back": ("deputy_dsl", _step_back, _let_back),
    "said to have harmed, then not": ("deputy_dsl", _accuse, _clear),
    "a relative of who is, then none": ("deputy_dsl", _relate, _unrelate),
    "a role until yesterday, then still": ("deputy_dsl", _end, _begin),
    "the school next door, then here too": ("next_door_dsl", _as_it_is, _hold_it_here),
    "an operator without a role, then with one": ("superuser", _as_it_is, _hold_it_here),
}


def _pages() -> list[Address]:
    """Return the pages of a case, for those who handle it: a sample in the suite, all of them in the long form."""
    of_case = [
        one
        for one in addresses()
        if "reference" in one.converters and one.name not in OWN_PAGES and isinstance(one.who, frozenset)
    ]
    few = [one for one in of_case if one.name in READ_BY_NAME] + of_case[::9]
    return of_case if examples(0, promised=1) else few


def _verdicts(world: World, name: str, pages: list[Address]) -> dict[tuple[str, str], str]:
    principal, found = world.principals[name], {}
    for address in pages:
        for method in ("GET", "POST"):
            answer = ask(principal, method, world.url(address, CASE))
            found[str(address), method] = verdict(answer, principal)
    return {cell: told for cell, told in found.items() if told != NO_SUCH_METHOD}


@pytest.mark.parametrize("relationship", RELATIONSHIPS)
def test_one_thing_shuts_every_page_of_a_case_and_the_same_thing_opens_it(
    world: World, relationship: str, record_property: Callable[[str, object], None]
) -> None:
    name, shut, turn = RELATIONSHIPS[relationship]
    pages = _pages()
    holds = {str(one) for one in pages if one.who & (world.principals["deputy_dsl"].permissions)}
    with undone():
        shut(world, name)
        before = _verdicts(world, name, pages)
        turn(world, name)
        after = _verdicts(world, name, pages)
    record_property("cells", len(before) + len(after))

    assert {cell: told for cell, told in before.items() if told not in (NOT_THERE, NO_PERMISSION)} == {}
    opened = {page for (page, _), told in after.items() if told == ALLOWED}
    assert opened >= READ_BY_NAME
    if name == "governor":
        # Named on it, they read it; whatever handles it stays shut.
        reads = {str(one) for one in pages if Permission.INCIDENT_READ in one.who}
        assert opened <= reads | {"sharing-step-back"}
    else:
        assert {page for page, _ in after if page in holds and after.get((page, "GET")) == NOT_THERE} == set()


@pytest.mark.parametrize("name", ["online_safety_lead", "governor"])
def test_whoever_a_sealed_case_names_opens_it_and_its_team_does_not(world: World, name: str) -> None:
    pages = [one for one in _pages() if one.name in READ_BY_NAME]
    with undone():
        _seal(world, name)
        told = {who: _verdicts(world, who, pages) for who in (name, "dsl", "deputy_dsl", "headteacher")}

    assert set(told[name].values()) == set(told["dsl"].values()) == {ALLOWED}
    assert set(told["deputy_dsl"].values()) | set(told["headteacher"].values()) <= {NOT_THERE, NO_PERMISSION}
