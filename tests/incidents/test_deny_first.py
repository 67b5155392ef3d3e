"""Whoever a case is about, is related to, or has left never opens it, whatever they hold and in whatever order it came.

AZ-4 of the security plan, as a property over `incidents/access.py`. The same powers without the reason against them are
asked first, so that it is the reason, and nothing else, that keeps somebody out.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as ObjectPermission
from django.http import Http404
from guardian.models import UserObjectPermission
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import Access, access_school
from accounts.models import EmergencyAccess, Membership, Person, Relation, Relationship, User
from accounts.permissions import Permission
from accounts.roles import ASKS_IN_EMERGENCY, SAFEGUARDING_TEAM, Role
from incidents.access import (
    access_incident,
    access_person,
    cases_by_name,
    duties_in_reach,
    find_incident,
    kept_from_ledger,
    may_own,
    possible_owners,
    visible_incidents,
)
from incidents.models import CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import sharing
from incidents.queries.people import involved_people
from incidents.routes import About
from incidents.statuses import Kept, Part
from tests.conftest import Cast
from tests.factories import LONG_AGO, NOW, harmed, make_incident, make_member, make_person
from tests.numbers import examples
from tests.safeguarding.matrix import undone

CASES = {
    "of the team": Role.DSL.value,
    "of the head": Role.HEADTEACHER.value,
    "of the chair": Role.CHAIR_OF_GOVERNORS.value,
    "of the trust": Role.TRUST_SAFEGUARDING_LEAD.value,
    "sealed": "named",
}
# What somebody may hold besides their roles.
HELD = ("named on it", "owner", "emergency", "superuser", "groups", "permission on the object")
# Why the case is nothing to them.
REASONS = ("it is them", "a former self", "their relative", "whose relative they are", "stepped back", "taken off")
EVERYTHING = (Permission.INCIDENT_READ, Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE)


@dataclass(frozen=True)
class Scene:
    """One user who may hold anything, the person they are, somebody else, and one case of each kind."""

    cast: Cast
    user: User
    self: Person
    other: Person
    cases: dict[str, Incident]

    def access(self) -> Access:
        return access_school(User.objects.get(pk=self.user.pk), self.cast.school.slug, at=NOW)


def _scene(cast: Cast) -> Scene:
    user = make_member(school=cast.school, name="Petra Property")
    held = Membership.objects.get(user=user)
    cases = {}
    for name, handled_by in CASES.items():
        about = About.NO_ADULT if name in ("of the team", "sealed") else About.ADULT
        people = [harmed(make_person(school=cast.school))]
        case = make_incident(school=cast.school, by=cast.teacher, people=people, about=about)
        if name == "sealed":
            sharing.seal(incident=case, named=[cast.deputy], reason="Few.", by=cast.dsl, at=NOW)
        else:
            Incident.objects.filter(pk=case.pk).update(handled_by=handled_by)
        cases[name] = Incident.objects.get(pk=case.pk)
    other = make_person(school=cast.school)
    return Scene(cast, user, held.person, other, cases)


def _give(scene: Scene, case: Incident, what: str) -> None:
    user, school, by = scene.user, scene.cast.school, scene.cast.colleague
    view = ObjectPermission.objects.get_by_natural_key("view_incident", "incidents", "incident")
    if what in set(Role):
        Membership.objects.create(school=school, user=user, person=scene.self, role=what, starts_on=LONG_AGO)
    elif what == "named on it":
        named = {"purpose": "They need it.", "given_at": NOW, "given_by": by}
        CaseGrant.objects.create(school=school, content_object=case, user=user, permission=view, **named)
        User.objects.filter(pk=user.pk).update(named_until=NOW.date() + timedelta(days=9))
    elif what == "owner":
        Incident.objects.filter(pk=case.pk).update(owner=user)
    elif what == "emergency":
        asked = {"asked_at": NOW, "reason": "Danger.", "is_danger": True, "hours": 1}
        until = NOW + timedelta(hours=1)
        EmergencyAccess.objects.create(school=school, asked_by=user, **asked, opened_at=NOW, ends_at=until)
        User.objects.filter(pk=user.pk).update(emergency_until=until)
    elif what == "groups":
        group = Group.objects.create(name="Everything")
        group.permissions.set(ObjectPermission.objects.all())
        user.groups.add(group)
    elif what == "permission on the object":
        UserObjectPermission.objects.assign_perm("view_incident", user, case)
    else:
        User.objects.filter(pk=user.pk).update(is_superuser=True)


def _deny(scene: Scene, case: Incident, reason: str, relation: Relation) -> None:
    school = scene.cast.school
    accused = scene.self if reason == "it is them" else scene.other
    if reason in ("stepped back", "taken off"):
        kind = Kept.TAKEN_OFF if reason == "taken off" else next(one for one in Kept if one != Kept.TAKEN_OFF)
        said = {"reason": "Too close.", "declared_at": NOW, "declared_by": scene.cast.colleague}
        Interest.objects.create(school=school, incident=case, user=scene.user, kind=kind.value, **said)
        return
    if reason == "a former self":
        days = {"starts_on": LONG_AGO, "ends_on": LONG_AGO + timedelta(days=1)}
        Membership.objects.create(school=school, user=scene.user, person=scene.other, role="former", **days)
    elif reason != "it is them":
        pair = (scene.self, scene.other) if reason == "their relative" else (scene.other, scene.self)
        Relationship.objects.create(school=school, person=pair[0], related=pair[1], relation=relation)
    part = {"part": Part.ALLEGED, "added_at": NOW, "added_by": scene.cast.colleague}
    InvolvedPerson.objects.create(school=school, incident=case, person=accused, **part)


def _opens(roles: set[Role], held: set[str], handled_by: str) -> bool:
    """Say whether these powers open a case to somebody who may, by the words of the rule and none of its code."""
    if "named on it" in held:
        return True
    if handled_by == Role.DSL:
        return bool(roles & SAFEGUARDING_TEAM) or ("emergency" in held and bool(roles & ASKS_IN_EMERGENCY))
    return handled_by in set(roles)


def _ways_in(scene: Scene, case: Incident) -> list[str]:
    """Return every way by which the case, or what belongs to it, is within their reach."""
    access, reached = scene.access(), []
    if visible_incidents(access, in_emergency=True).filter(pk=case.pk).exists():
        reached.append("the list")
    for permission in EVERYTHING:
        try:
            access_incident(access, case.reference, permission)
        except Http404:
            continue
        reached.append(permission)
    user = User.objects.get(pk=scene.user.pk)
    others = {
        "its reference": find_incident(access, case.reference) is not None,
        "cases by name": cases_by_name(access).filter(pk=case.pk).exists(),
        "its duties": duties_in_reach(access).filter(incident=case).exists(),
        "being its owner": may_own(user, case, at=NOW),
        "the choice of owners": user in possible_owners(case, involved_people(case), at=NOW),
        "the ledger": f"incident:{case.pk}" not in kept_from_ledger(access),
    }
    return [*reached, *(name for name, is_open in others.items() if is_open)]


POWERS = st.sets(st.sampled_from([*(role for role in Role if role != Role.STAFF), *HELD]), max_size=8)


@pytest.mark.django_db
def test_a_reason_against_it_is_stronger_than_everything_and_comes_in_any_order(cast: Cast) -> None:
    scene = _scene(cast)
    seen: dict[bool, int] = {True: 0, False: 0}

    @settings(
        max_examples=examples(25, promised=20_000),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        powers=POWERS,
        case=st.sampled_from(list(CASES)),
        reason=st.sampled_from(REASONS),
        relation=st.sampled_from(Relation),
        random=st.randoms(use_true_random=False),
    )
    def holds(powers: set[str], case: str, reason: str, relation: Relation, random: object) -> None:
        incident = Incident.objects.get(pk=scene.cases[case].pk)
        order: list[Callable[[], None]] = [
            lambda what=what: _give(scene, incident, what)  # type: ignore[misc]
            for what in sorted(powers)
        ]
        random.shuffle(order)  # type: ignore[attr-defined]
        with undone():
            for step in order:
                step()
            roles, held = {Role(one) for one in powers & set(Role)}, powers - set(Role)
            found = visible_incidents(scene.access(), in_emergency=True).filter(pk=incident.pk).exists()
            assert found is _opens(roles, held, incident.handled_by)
            seen[found] += 1
        order.insert(random.randint(0, len(order)), lambda: _deny(scene, incident, reason, relation))  # type: ignore[attr-defined]
        with undone():
            for step in order:
                step()
            assert _ways_in(scene, incident) == []
            if reason in ("it is them", "their relative", "whose relative they are"):
                _shows_nobody(scene, scene.self if reason == "it is them" else scene.other)

    holds()

    assert min(seen.values()) > examples(2, promised=2_000), "powers that open nothing would prove nothing"


def _shows_nobody(scene: Scene, person: Person) -> None:
    """The page of a person across cases does not open to them and their relatives either."""
    with pytest.raises(Http404):
        access_person(scene.access(), person.pk)


def test_a_denial_of_one_case_denies_no_other(cast: Cast) -> None:
    """Or an access module that denies everything would hold the property above."""
    scene = _scene(cast)
    first = scene.cases["of the team"]
    other = make_incident(school=cast.school, by=cast.teacher, draft_id=uuid.uuid4())
    _give(scene, first, Role.DSL)
    _deny(scene, first, "it is them", Relation.PARENT)

    assert list(visible_incidents(scene.access())) == [other]
