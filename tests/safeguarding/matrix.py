"""The world of the permission matrix: everybody who might ask, five cases that few may open, and what each expects."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import outbox
from accounts.models import Membership, OutboxMessage, PersonKind, Relation, School, User
from accounts.operations import absences, members, people, schools
from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from incidents.care import PlanKind
from incidents.events import Event
from incidents.models import Incident, Obligation
from incidents.operations import (
    actions,
    attachments,
    chronology,
    drafts,
    filtering_changes,
    identifiers,
    imports,
    links,
    notes,
    plans,
    referrals,
    saved_views,
    sharing,
    told_concerns,
)
from incidents.queries.incidents import QueueFilter
from incidents.routes import About
from incidents.statuses import Identifying, Method, Undertaking
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Agency, Kind
from policies.models import SchoolDuty
from policies.operations import adoptions, duties
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
from tests.incidents.devices import make_allowance, make_handed_over
from tests.incidents.filtering import ask_bypass, make_ticket

# Stands in every sealed text of the world, and so in no answer to anybody it is not for.
CANARY = "A marmalade kingfisher sat down"
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
    readers = [frozenset(ROLES[Role(name)].permissions) for name in READERS.get(case, ()) if name in set(Role)]
    return not case or any(permissions & address.who for permissions in readers)


def _of_row(address: Address, principal: Principal) -> str | None:
    """Return what is expected of a page about a row that only some may know of; nothing for any other page."""
    if "device_id" in address.converters:
        return _of_device(address, principal)
    if _OF_FILTERING & set(address.converters):
        is_known = Permission.FILTERING_READ in principal.permissions or principal.name == "reporter"
        return ALLOWED if is_known else NOT_THERE
    if "change_id" in address.converters:
        return ALLOWED if principal.name in _CONSENTERS else NO_PERMISSION
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
    world.ours |= _rows(world.school, world.principals["school_administrator"], world.principals["reporter"])
    world.theirs |= _rows(world.next_door, world.principals["next_door_dsl"], world.principals["next_door_teacher"])
    world.ours["question_id"] = _question(Incident.objects.get(reference=world.references["about a child"]))
    foreign = Incident.objects.for_school(world.next_door).get()
    world.theirs |= {"reference": foreign.reference, "question_id": _question(foreign)}
    world.theirs["obligation_id"] = _decision(foreign)
    world.theirs |= rows_of_case(foreign, _user(world.principals["next_door_dsl"]))
    world.ours["view_id"] = _kept_view(world.school, world.principals["dsl"])
    world.theirs["view_id"] = _kept_view(world.next_door, world.principals["next_door_dsl"])
    world.ours["import_id"] = _import(world.school, world.principals["dsl"])
    world.theirs["import_id"] = _import(world.next_door, world.principals["next_door_dsl"])
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
    members.end_membership(membership=held, at=NOW, by=_user(world.principals["school_administrator"]))
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
        world.obligations[case] = _decision(incident)
        world.rows_of_cases[case] = rows_of_case(incident, by)
    make_incident(school=world.next_door, by=_user(world.principals["next_door_teacher"]), narrative=CANARY)


def _rows(school: School, manager: Principal, author: Principal) -> dict[str, Any]:
    """Make one row for each id that may stand in an address of the school."""
    by, draft_id = _user(manager), uuid.uuid4()
    term = schools.add_term(
        school=school, name="Autumn", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18), at=NOW, by=by
    )
    closed = schools.add_closed_day(school=school, day=date(2026, 10, 26), reason="Half-term", at=NOW, by=by)
    # What the first concern let begin asks something of the school too.
    duties.begin_rounds(school=school, at=NOW)
    planned = adoptions.adopt(
        school=school, pack_id="canterbury-cross-2023", starts_on=date(2027, 9, 1), at=NOW, by=by, note="Planned"
    )
    user = make_member(school=school, name="Member Leaving")
    typed = {"fields": {"narrative": CANARY}}
    drafts.save_draft(school=school, author=_user(author), draft_id=draft_id, content=typed, at=NOW)
    membership = Membership.objects.get(user=user)
    to_write = told_concerns.open_told(
        school=school, writer=_user(author), became_aware_at=NOW, by=_user(author), at=NOW, memory=CANARY
    )
    absence = absences.add_absence(
        school=school, user=_user(author), starts_on=date(2027, 2, 1), ends_on=None, by=_user(author), at=NOW
    )
    ticket = make_ticket(school, by=_user(author))
    change = filtering_changes.log(school=school, what="A", why="B", risk="C", by=_user(manager), at=NOW)
    home = reverse("school-home", kwargs={"school": school.slug})
    told = {"kind": "accounts/role_given", "path": home, "dedupe_key": f"row:{school.slug}"}
    outbox.queue(school=school, recipients=[_user(author)], at=NOW, **told)
    return {
        "message_id": OutboxMessage.objects.get(dedupe_key__startswith=f"row:{school.slug}:").pk,
        "draft_id": draft_id,
        "membership_id": membership.pk,
        "absence_id": absence.pk,
        "told_id": to_write.pk,
        "ticket_id": ticket.pk,
        "change_id": change.pk,
        "bypass_id": ask_bypass(school, by=_user(author)).pk,
        "device_id": make_handed_over(school, by=by, to=_user(author), why=CANARY).pk,
        "allowance_id": make_allowance(school, by=by).pk,
        "term_id": term.pk,
        "day_id": closed.pk,
        "adoption_id": planned.pk,
        "duty_id": SchoolDuty.objects.for_school(school).get(duty_key="filtering-check").pk,
        "agency": "lado",
        "status": "acknowledged",
        "deed": "done",
        "plan_kind": "support",
        "look": "review",
    }


def _import(school: School, principal: Principal) -> uuid.UUID:
    content = f"Date,Description\n12/11/2024,{CANARY}\n".encode()
    by, category = _user(principal), Category.CONDUCT
    return imports.read(school=school, file_name=CANARY, content=content, category=category, by=by, at=NOW).pk


def _kept_view(school: School, principal: Principal) -> uuid.UUID:
    chosen = QueueFilter(text=CANARY)
    return saved_views.save(school=school, user=_user(principal), name=CANARY, chosen=chosen, at=NOW).pk


def rows_of_case(incident: Incident, by: User) -> dict[str, uuid.UUID]:
    """Make one row of each noun that stands in addresses below a case."""
    action = actions.undertake(
        incident=incident, kind=Undertaking.ACTION, words=CANARY, due_at=NOW + timedelta(days=3), by=by, at=NOW
    )
    pupil = next(row for row in incident.people.select_related("person") if row.person.kind == PersonKind.PUPIL)
    mark = identifiers.add(incident=incident, kind=Identifying.ACCOUNT, value=CANARY, by=by, at=NOW)
    # A part of a case goes to whoever handles the case, so that all its readers may open both.
    parts = [row.pk for row in incident.people.all()]
    category = Category(incident.category)
    part = links.split(incident=incident, people=parts, words=CANARY, category=category, by=by, at=NOW)
    sent = attachments.Sent(f"{CANARY}.txt", CANARY.encode(), len(CANARY))
    file = attachments.attach(incident=incident, sent=sent, by=by, at=NOW)
    attachments.release(attachment=file, reason=CANARY, by=by, at=NOW)
    text = plans.PlanText(CANARY, CANARY, NOW.date() + timedelta(days=7))
    plan = plans.write(
        incident=incident, plan_id=uuid.uuid4(), kind=PlanKind.SUPPORT, pupil=None, text=text, by=by, at=NOW
    )
    note = notes.add_note(incident=incident, text=CANARY, by=by, at=NOW)
    told = referrals.Contact(Agency.LADO, Kind.CONSULT, Method.PHONE, NOW, by, CANARY)
    referral = referrals.record(
        incident=incident, referral_id=uuid.uuid4(), contact=told, chase_at=NOW + timedelta(days=1), by=by, at=NOW
    )
    found = {"attachment_id": file.pk, "action_id": action.pk, "identifier_id": mark.pk, "entry_id": note.pk}
    found |= {"plan_id": plan.pk, "pupil_id": pupil.pk}
    friend = make_member(school=incident.school, name="Member Named")
    naming = sharing.Naming(friend, CANARY, NOW.date() + timedelta(days=7))
    grant = sharing.share(incident=incident, naming=naming, by=by, at=NOW)
    return {**found, "link_id": part.links.get().pk, "referral_id": referral.pk, "grant_id": grant.pk}


def _decision(incident: Incident) -> uuid.UUID:
    """Return what every case asks of those who handle it."""
    return Obligation.objects.get(incident=incident, key="do:document_decision").pk


def _question(incident: Incident) -> uuid.UUID:
    asked = chronology.append(
        incident=incident, event=Event.QUESTION_ASKED, by=incident.logged_by, at=NOW, text=f"{CANARY}?"
    )
    return asked.pk


def _user(principal: Principal) -> User:
    if principal.user is None:
        raise LookupError(f"{principal.name} is nobody")
    return principal.user
