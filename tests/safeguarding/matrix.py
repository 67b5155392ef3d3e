"""The world of the permission matrix: everybody who might ask, five cases that few may open, and what each expects."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Person, Relation, School, User
from accounts.operations import members, people
from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from incidents.models import Incident
from incidents.routes import About
from tests.architecture.addresses import Address
from tests.factories import (
    NOW,
    alleged,
    harmed,
    make_incident,
    make_member,
    make_person,
    make_school,
    person_of,
)
from tests.safeguarding.matrix_rows import (
    CANARY,
    decision_of,
    make_import,
    make_kept_view,
    make_question,
    make_waiting_factor,
    rows_of_case,
    rows_of_school,
)

SIGN_IN, NOT_THERE, NO_PERMISSION, ALLOWED = "sign in", "not there", "no permission", "allowed"
NO_SUCH_METHOD, SECOND_FACTOR = "no such method", "second factor"

# Who may open each case: the roles that handle it, less whoever it is about and their relatives. Nobody else.
READERS: dict[str, frozenset[str]] = {
    "about a child": frozenset({"dsl", "deputy_dsl", "online_safety_lead", "accused", "relative"}),
    "about a deputy's sibling": frozenset({"dsl", "deputy_dsl", "online_safety_lead", "accused"}),
    "about a deputy": frozenset({"headteacher"}),
    "about the head": frozenset({"chair_of_governors"}),
    "about head and chair": frozenset({"trust_safeguarding_lead"}),
}
# Pages of those who logged something: theirs alone, whatever anybody's role.
OWN_PAGES = {
    "my-attachments",
    "my-attachment-add",
    "my-concern",
    "incident-receipt",
    "question-answer",
    "notice-open",
    "absence-end",
}
# Who may settle the duty of the school that stands in the addresses: its owner, and whoever looks after all of them.
SETTLING = {"duty-done", "duty-waive"}
SETTLERS = {"ict_technician", "headteacher", "dsl", "deputy_dsl", "accused", "relative"}
# What was told and is not written up: theirs who have to, and the safeguarding team's; only its writer writes it.
_KNOW_OF_TOLD = frozenset({"reporter", "dsl", "deputy_dsl", "online_safety_lead", "accused", "relative"})
# Whoever reported something about the filtering, or asked for a website, keeps sight of it. Leadership consents.
_OF_FILTERING, _CONSENTERS = {"ticket_id", "bypass_id"}, {"headteacher", "slt"}
# The office has a device in hand, and the reporter is asked to sign for it.
_HANDS, _SIGNED = {"school_administrator", "reporter"}, {"transfer-sign", "transfer-decline"}
_TOLD = {"told-concern-write": frozenset({"reporter"})}
OUTSIDERS = {"next_door_dsl", "next_door_teacher", "superuser", "left"}
NOBODY = {"anonymous", "deactivated"}


@dataclass(frozen=True)
class Principal:
    """Somebody who asks for a page: their session, and the permissions they hold at Oakfield."""

    name: str
    user: User | None = None
    session: str = ""
    permissions: frozenset[Permission] = frozenset()


@dataclass
class World:
    """Two schools, everybody in them, and the rows that stand in addresses."""

    school: School
    next_door: School
    principals: dict[str, Principal] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    obligations: dict[str, uuid.UUID] = field(default_factory=dict)
    # Of each case, one row of each noun that stands in addresses below it.
    rows_of_cases: dict[str, dict[str, uuid.UUID]] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def names(self) -> list[str]:
        """Return the names of everybody at both schools, and what every sealed text says."""
        return [CANARY, *(person.name for person in Person.objects.all())]

    def some(self) -> list[Principal]:
        """Return one principal of each kind, for questions whose answer hangs on permissions alone; insiders first."""
        kinds = {(who.permissions, who.name if not who.permissions else ""): who for who in self.principals.values()}
        return sorted(kinds.values(), key=lambda who: -len(who.permissions))

    def url(self, address: Address, case: str = "", **other: Any) -> str:
        """Return the address with rows of Oakfield in it."""
        known = {**self.ours, "school": self.school.slug, "reference": self.references.get(case, "")}
        known |= {"obligation_id": self.obligations.get(case), **self.rows_of_cases.get(case, {}), **other}
        return reverse(str(address.name), kwargs={name: known[name] for name in address.converters})


def expected(address: Address, principal: Principal, case: str = "") -> str:
    """Return what a principal must be told, from what the view declares and from the table of cases."""
    if principal.name in NOBODY:
        return SIGN_IN
    if principal.name in OUTSIDERS:
        return NOT_THERE
    if not principal.permissions & address.who:
        return NO_PERMISSION
    if address.name in OWN_PAGES or "draft_id" in address.converters:
        return ALLOWED if principal.name == "reporter" else NOT_THERE
    if address.name in SETTLING:
        return ALLOWED if principal.name in SETTLERS else NO_PERMISSION
    if (known := _of_row(address, principal)) is not None:
        return known
    if {"reference", "obligation_id"} & set(address.converters):
        return ALLOWED if principal.name in READERS[case] else NOT_THERE
    return ALLOWED


def is_open_to_some(address: Address, case: str) -> bool:
    """Say whether anybody who reads a case holds what its page asks for: of some cases, nobody does."""
    return not case or any(ROLES[Role(name)].permissions & address.who for name in READERS[case] & set(Role))


def _of_row(address: Address, principal: Principal) -> str | None:
    """Return what is expected of a page about a row that only some may know of; nothing for any other page."""
    if "device_id" in address.converters:
        return _of_device(address, principal)
    if _OF_FILTERING & set(address.converters):
        is_known = Permission.FILTERING_READ in principal.permissions or principal.name == "reporter"
        return ALLOWED if is_known else NOT_THERE
    if "change_id" in address.converters:
        return ALLOWED if principal.name in _CONSENTERS else NO_PERMISSION
    if "concern_id" in address.converters:
        # A low-level concern of the headteacher's office.
        return ALLOWED if principal.name == "headteacher" else NOT_THERE
    if "told_id" in address.converters:
        return ALLOWED if principal.name in _TOLD.get(str(address.name), _KNOW_OF_TOLD) else NOT_THERE
    if "view_id" in address.converters:
        return ALLOWED if principal.name == "dsl" else NOT_THERE
    if "person_id" in address.converters:
        # A child of whom a case manager handles no case.
        return ALLOWED if Permission.INCIDENT_READ in principal.permissions else NOT_THERE
    return None


def _of_device(address: Address, principal: Principal) -> str:
    """A device of no case: whoever works with devices decides about it; who has it in hand, or is asked to sign for it,
    sees it; and nobody else can sign.
    """
    if str(address.name) in _SIGNED:
        return ALLOWED if principal.name in _HANDS else NOT_THERE
    knows = Permission.DEVICE_WORK in principal.permissions
    in_hand = principal.name in _HANDS and Permission.INCIDENT_WORK not in address.who
    return ALLOWED if knows or in_hand else NOT_THERE


def verdict(response: HttpResponse, principal: Principal) -> str:
    """Return what an answer amounts to."""
    code = response.status_code
    location = response.get("Location", "")
    if code == 302 and location.startswith(reverse("account_login")):
        return SIGN_IN
    if code == 302 and location == reverse("second-factor-needed"):
        return SECOND_FACTOR
    if code == 403 and principal.name in NOBODY:
        return SIGN_IN
    named = {200: ALLOWED, 204: ALLOWED, 302: ALLOWED, 403: NO_PERMISSION, 404: NOT_THERE, 405: NO_SUCH_METHOD}
    return named.get(code, str(code))


def ask(principal: Principal, method: str, url: str) -> HttpResponse:
    """Ask for a page as somebody, and undo whatever that did."""
    client = Client(raise_request_exception=False)
    if principal.session:
        client.cookies[settings.SESSION_COOKIE_NAME] = principal.session
    with undone():
        return client.get(url) if method == "GET" else client.post(url)  # type: ignore[return-value]


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_world() -> World:
    """Make both schools, everybody in them, the cases and the rows."""
    world = World(school=make_school(), next_door=make_school(name="Birchwood School", slug="birchwood"))
    _add_members(world)
    _add_outsiders(world)
    _add_cases(world)
    world.ours |= rows_of_school(world.school, *_users(world, "school_administrator", "reporter"))
    world.theirs |= rows_of_school(world.next_door, *_users(world, "next_door_dsl", "next_door_teacher"))
    world.ours["question_id"] = make_question(Incident.objects.get(reference=world.references["about a child"]))
    foreign = Incident.objects.for_school(world.next_door).get()
    world.theirs |= {"reference": foreign.reference, "question_id": make_question(foreign)}
    world.theirs["obligation_id"] = decision_of(foreign)
    world.theirs |= rows_of_case(foreign, _user(world.principals["next_door_dsl"]))
    world.ours["view_id"] = make_kept_view(world.school, _user(world.principals["dsl"]))
    world.theirs["view_id"] = make_kept_view(world.next_door, _user(world.principals["next_door_dsl"]))
    world.ours["import_id"] = make_import(world.school, _user(world.principals["dsl"]))
    world.theirs["import_id"] = make_import(world.next_door, _user(world.principals["next_door_dsl"]))
    world.ours["factor_id"] = make_waiting_factor(world.school)
    world.theirs["factor_id"] = make_waiting_factor(world.next_door)
    world.ours["person_id"] = make_person(school=world.school).pk
    world.theirs["person_id"] = foreign.people.get().person_id
    return world


def _principal(name: str, user: User, role: Role | None) -> Principal:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Principal(name, user, session, ROLES[role].permissions if role else frozenset())


def _add_members(world: World) -> None:
    everybody = {role.value: role for role in Role}
    everybody |= {"reporter": Role.STAFF, "accused": Role.DEPUTY_DSL, "relative": Role.DEPUTY_DSL}
    for name, role in everybody.items():
        user = make_member(school=world.school, role=role, name=f"Member {name.title()}")
        world.principals[name] = _principal(name, user, role)


def _add_outsiders(world: World) -> None:
    world.principals["anonymous"] = Principal("anonymous")
    for name, role in (("next_door_dsl", Role.DSL), ("next_door_teacher", Role.STAFF)):
        user = make_member(school=world.next_door, role=role, name=f"Neighbour {name.title()}")
        world.principals[name] = _principal(name, user, None)
    operator = User.objects.create_superuser("operator@host.example", "a long enough password", full_name="Operator")
    world.principals["superuser"] = _principal("superuser", operator, None)
    for name in ("left", "deactivated"):
        user = make_member(school=world.school, role=Role.DSL, name=f"Former {name.title()}")
        world.principals[name] = _principal(name, user, None)
    held = Membership.objects.get(user=world.principals["left"].user)
    asked, agreed = (_user(world.principals[name]) for name in ("school_administrator", "headteacher"))
    members.end_membership(membership=held, at=NOW, by=asked, second=agreed)
    gone = _user(world.principals["deactivated"])
    gone.is_active = False
    gone.save(update_fields=["is_active"])


def _add_cases(world: World) -> None:
    by = _user(world.principals["reporter"])
    person = {name: person_of(_user(who), world.school) for name, who in world.principals.items() if who.permissions}
    sibling, friend = make_person(school=world.school), make_person(school=world.school)
    people.relate(person=person["relative"], related=sibling, relation=Relation.SIBLING, at=NOW)
    parts = {
        "about a child": [harmed(friend)],
        "about a deputy's sibling": [harmed(friend), alleged(sibling)],
        "about a deputy": [harmed(friend), alleged(person["accused"])],
        "about the head": [harmed(friend), alleged(person["headteacher"])],
        "about head and chair": [harmed(friend), alleged(person["headteacher"]), alleged(person["chair_of_governors"])],
    }
    for case, named in parts.items():
        adult = About.ADULT if case in ("about a deputy", "about the head", "about head and chair") else About.NO_ADULT
        incident = make_incident(school=world.school, by=by, people=named, about=adult, narrative=CANARY)
        world.references[case] = incident.reference
        world.obligations[case] = decision_of(incident)
        world.rows_of_cases[case] = rows_of_case(incident, by)
    make_incident(school=world.next_door, by=_user(world.principals["next_door_teacher"]), narrative=CANARY)


def _user(principal: Principal) -> User:
    if principal.user is None:
        raise LookupError(f"{principal.name} is nobody")
    return principal.user


def _users(world: World, *names: str) -> list[User]:
    return [_user(world.principals[name]) for name in names]
