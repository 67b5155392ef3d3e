"""Tickets about the filtering, as far as a reader may know of them; and what of the filtering waits for somebody.

Nobody learns of a ticket that came from a case about them. To whoever fixes the filtering a ticket that came from a
case and one that did not are the same.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.access import Access
from accounts.models import School, User
from accounts.permissions import Permission
from accounts.queries.members import holders
from accounts.roles import ROLES, SAFEGUARDING_TEAM, Role
from incidents.access import visible_incidents
from incidents.events import Event
from incidents.models import (
    BypassRequest,
    FilteringChange,
    FilteringSighting,
    FilteringStep,
    FilteringTicket,
    Incident,
    InvolvedPerson,
)
from incidents.queries.filtering_changes import may_consent
from incidents.statuses import BypassState, Part, TicketState
from policies.statuses import UserGroup

# How many that are done stand in the list.
MOST_DONE = 25
MOST_OPEN = 200


@dataclass(frozen=True)
class Sighting:
    """One time it was met, as everybody who reads the ticket sees it."""

    device: str
    group: str
    said: str
    seen_at: datetime
    reported_at: datetime
    who: str


@dataclass(frozen=True)
class Step:
    """One thing that became of a ticket."""

    title: str
    words: str
    at: datetime
    who: str


@dataclass(frozen=True)
class TicketRow:
    """One ticket in a list, with where it was met last."""

    ticket: FilteringTicket
    latest: Sighting | None
    times: int


@dataclass(frozen=True)
class TicketList:
    """The tickets of a school by what has to happen to them."""

    to_fix: list[TicketRow]
    to_test: list[TicketRow]
    done: list[TicketRow]


@dataclass(frozen=True)
class TicketPage:
    """Everything that stands on the page of one ticket, and what its reader may do about it."""

    ticket: FilteringTicket
    sightings: list[Sighting]
    steps: list[Step]
    changes: list[FilteringChange]
    may_fix: bool
    may_test: bool
    # The reader's own fix waits for somebody else.
    is_own_fix: bool


@dataclass(frozen=True)
class Waiting:
    """What of the filtering waits for this user, in numbers."""

    to_fix: int = 0
    to_test: int = 0
    to_decide: int = 0
    to_switch_on: int = 0
    to_take_off: int = 0
    to_consent: int = 0

    @property
    def is_anything(self) -> bool:
        """Say whether anything waits at all."""
        return bool(self.of_tickets or self.of_bypasses or self.to_consent)

    @property
    def of_tickets(self) -> str:
        """What waits to be put right or tested, in words."""
        return _in_words((self.to_fix, "to fix"), (self.to_test, "to test again"))

    @property
    def of_bypasses(self) -> str:
        """What of the websites that are let through for a while waits, in words."""
        switched = (self.to_switch_on, "to switch on"), (self.to_take_off, "to take off")
        return _in_words((self.to_decide, "to decide"), *switched)


def _in_words(*counted: tuple[int, str]) -> str:
    return ", ".join(f"{number} {words}" for number, words in counted if number)


def visible_tickets(access: Access) -> QuerySet[FilteringTicket]:
    """Return the tickets this user may know of: all of them for readers of the filtering, for others their own reports;
    never one that came from a case about them.
    """
    known = _sightings(access).filter(ticket=OuterRef("pk"))
    if not access.has(Permission.FILTERING_READ):
        known = known.filter(reported_by=access.user)
    found: QuerySet[FilteringTicket] = FilteringTicket.objects.for_school(access.school).filter(Exists(known))
    return found


def access_ticket(access: Access, ticket_id: uuid.UUID) -> FilteringTicket:
    """Return a ticket this user may know of; otherwise it does not exist."""
    found = visible_tickets(access).select_related("fixed_by", "verified_by", "check_failed").filter(pk=ticket_id)
    ticket = found.first()
    if ticket is None:
        raise Http404
    ticket.school = access.school
    return ticket


def ticket_list(access: Access) -> TicketList:
    """Return the tickets by what has to happen to them, in three statements however many there are."""
    known = visible_tickets(access)
    open_ones = list(known.exclude(state=TicketState.VERIFIED).order_by("-is_illegal", "reported_at")[:MOST_OPEN])
    done = list(known.filter(state=TicketState.VERIFIED).order_by("-verified_at")[:MOST_DONE])
    held: dict[uuid.UUID, list[FilteringSighting]] = {}
    rows = _sightings(access).filter(ticket__in=[ticket.pk for ticket in (*open_ones, *done)])
    rows = rows if access.has(Permission.FILTERING_READ) else rows.filter(reported_by=access.user)
    for row in rows.order_by("reported_at"):
        held.setdefault(row.ticket_id, []).append(row)

    def listed(tickets: list[FilteringTicket]) -> list[TicketRow]:
        return [
            TicketRow(one, _sighting(access.school, held[one.pk][-1]) if one.pk in held else None, len(held[one.pk]))
            for one in tickets
        ]

    return TicketList(
        to_fix=listed([one for one in open_ones if one.state == TicketState.OPEN]),
        to_test=listed([one for one in open_ones if one.state == TicketState.FIXED]),
        done=listed(done),
    )


def ticket_page(access: Access, ticket: FilteringTicket) -> TicketPage:
    """Return what stands on the page of a ticket. Whoever only reported it sees what they reported themselves."""
    reads = access.has(Permission.FILTERING_READ)
    sightings = _sightings(access).filter(ticket=ticket).order_by("reported_at")
    sightings = sightings if reads else sightings.filter(reported_by=access.user)
    steps = FilteringStep.objects.for_school(access.school).filter(ticket=ticket).select_related("by").order_by("at")
    changes = FilteringChange.objects.for_school(access.school).filter(ticket=ticket).order_by("changed_at")
    is_fixed = ticket.state == TicketState.FIXED
    return TicketPage(
        ticket=ticket,
        sightings=[_sighting(access.school, row) for row in sightings],
        steps=[_step(row) for row in steps],
        changes=list(changes) if reads else [],
        may_fix=ticket.state == TicketState.OPEN and access.has(Permission.FILTERING_WORK),
        may_test=is_fixed and ticket.fixed_by_id != access.user.pk,
        is_own_fix=is_fixed and ticket.fixed_by_id == access.user.pk,
    )


def cases_of_ticket(access: Access, ticket: FilteringTicket) -> list[Incident]:
    """Return the cases a ticket came from that this reader may open; no statement for whoever handles no cases."""
    if not (access.has(Permission.INCIDENT_READ) or access.has(Permission.ADULT_CASE_MANAGE)):
        return []
    tied = FilteringSighting.objects.for_school(access.school).filter(ticket=ticket, incident=OuterRef("pk"))
    return list(visible_incidents(access).filter(Exists(tied)).only("reference", "school_id").order_by("logged_at"))


def tickets_of_case(access: Access, incident: Incident) -> list[TicketRow]:
    """Return the tickets that came from a case, the latest first, for somebody who may read it; one statement."""
    rows = FilteringSighting.objects.filter(incident=incident).select_related("ticket").order_by("-reported_at")
    return [TicketRow(row.ticket, _sighting(access.school, row), 1) for row in rows]


def reporter_role(access: Access) -> Role:
    """Return what is shown of this user beside what they report: the first of their roles, the team as one."""
    if access.roles & SAFEGUARDING_TEAM:
        return Role.DSL
    return next((role for role in ROLES if role in access.roles and role is not Role.STAFF), Role.STAFF)


def who_fixes(school: School, *, at: datetime) -> list[User]:
    """Return those who look after the filtering and are here; where nobody does, the safeguarding team."""
    roles = frozenset(role for role in ROLES if Permission.FILTERING_WORK in school.permissions_of(role, at=at))
    return _here(school, roles, at=at) or who_leads(school, at=at)


def who_leads(school: School, *, at: datetime) -> list[User]:
    """Return the safeguarding team as far as it is here; where nobody of it is, all of it and the headteacher."""
    found = _here(school, SAFEGUARDING_TEAM, at=at)
    everybody = holders(school, SAFEGUARDING_TEAM | {Role.HEADTEACHER}, at=at, even_absent=True) if not found else []
    return found or list({one.user.pk: one.user for one in everybody}.values())


def who_reads(school: School, *, at: datetime) -> list[User]:
    """Return everybody who may read a ticket, also whoever is away."""
    roles = frozenset(role for role in ROLES if Permission.FILTERING_READ in school.permissions_of(role, at=at))
    return list({one.user.pk: one.user for one in holders(school, roles, at=at, even_absent=True)}.values())


def waiting(access: Access) -> Waiting | None:
    """Return what of the filtering waits for this user; one statement, and none for whoever has nothing to do with it.

    Whoever only reads it is told of what they have to decide; the work is counted for those who do it.
    """
    works, decides = access.has(Permission.FILTERING_WORK), access.has(Permission.INCIDENT_READ)
    consents = may_consent(access)
    if not (works or decides or consents):
        return None
    tickets, bypasses = visible_tickets(access), BypassRequest.objects.for_school(access.school)
    fixed = tickets.filter(state=TicketState.FIXED)
    own = fixed.filter(Exists(_sightings(access).filter(ticket=OuterRef("pk"), reported_by=access.user)))
    asked = {
        "to_fix": tickets.filter(state=TicketState.OPEN) if works else None,
        "to_test": (fixed if works else own).exclude(fixed_by=access.user),
        "to_decide": bypasses.filter(state=BypassState.ASKED).exclude(asked_by=access.user) if decides else None,
        "to_switch_on": bypasses.filter(state=BypassState.AGREED) if works else None,
        "to_take_off": bypasses.filter(state=BypassState.EXPIRED) if works else None,
        "to_consent": FilteringChange.objects.for_school(access.school)
        .filter(answered_at__isnull=True)
        .exclude(changed_by=access.user)
        if consents
        else None,
    }
    counted = {name: _count(rows) for name, rows in asked.items() if rows is not None}
    return Waiting(**School.objects.filter(pk=access.school.pk).values(**counted)[0])


def _count(rows: QuerySet[FilteringTicket] | QuerySet[BypassRequest] | QuerySet[FilteringChange]) -> Coalesce:
    one = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)


def _sightings(access: Access) -> QuerySet[FilteringSighting]:
    """Return what was met, without what came from a case about this user or somebody close to them."""
    rows: QuerySet[FilteringSighting] = FilteringSighting.objects.for_school(access.school)
    if not access.conflicts:
        return rows
    about = InvolvedPerson.objects.filter(
        incident=OuterRef("incident_id"), part=Part.ALLEGED, person__in=access.conflicts
    )
    return rows.filter(Q(incident__isnull=True) | ~Exists(about))


def _here(school: School, roles: frozenset[Role], *, at: datetime) -> list[User]:
    return list({one.user.pk: one.user for one in holders(school, roles, at=at)}.values())


def _sighting(school: School, row: FilteringSighting) -> Sighting:
    return Sighting(
        device=row.device or "",
        group=UserGroup(row.user_group).label,
        said=row.said or "",
        seen_at=row.seen_at,
        reported_at=row.reported_at,
        who=school.title_of(Role(row.reporter_role)),
    )


def _step(row: FilteringStep) -> Step:
    title = {
        Event.FILTERING_FIXED: "Put right",
        Event.FILTERING_VERIFIED: "Tested again: it works",
        Event.FILTERING_REOPENED: "Tested again: it is not put right yet",
    }[Event(row.event)]
    return Step(title, row.words or "", row.at, row.by.full_name)
