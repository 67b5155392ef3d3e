"""Tickets and requests for tests, made through the operations."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import School, User
from accounts.roles import Role
from incidents.models import BypassRequest, FilteringTicket
from incidents.operations import bypass_requests, filtering_tickets
from incidents.operations.filtering_tickets import Met
from incidents.statuses import TicketKind
from policies.statuses import UserGroup
from tests.factories import NOW

ADDRESS = "https://www.Example-Games.co.uk/play/?level=3"
# Stands in what a case says of a child, and so on no page of whoever fixes the filtering.
CANARY = "Marmaduke Kingfisher"


def met(kind: TicketKind = TicketKind.BREACH, **details: Any) -> Met:
    """Return what was met in the library an hour ago."""
    told: dict[str, Any] = {
        "user_group": UserGroup.KEY_STAGE_2,
        "seen_at": NOW - timedelta(hours=1),
        "url": "" if kind is TicketKind.FAILURE else ADDRESS,
        "device": "Library PC 4",
    }
    return Met(kind=kind, **(told | details))


def make_ticket(
    school: School,
    *,
    by: User,
    kind: TicketKind = TicketKind.OVER_BLOCKING,
    role: Role = Role.STAFF,
    at: datetime = NOW,
    **details: Any,
) -> FilteringTicket:
    """Report something about the filtering."""
    return filtering_tickets.report(school=school, met=met(kind, **details), role=role.value, by=by, at=at)


def put_right(ticket: FilteringTicket, *, by: User, at: datetime = NOW) -> FilteringTicket:
    """Put a ticket right."""
    filtering_tickets.fix(ticket=ticket, changed="Blocked the domain.", risk="Nobody else uses it.", by=by, at=at)
    ticket.refresh_from_db()
    return ticket


def ask_bypass(school: School, *, by: User, at: datetime = NOW, days: int = 2, **details: Any) -> BypassRequest:
    """Ask for a website to be let through for some days."""
    asked: dict[str, Any] = {
        "url": "https://example-video.co.uk/volcano",
        "purpose": "Science, volcanoes.",
        "user_group": UserGroup.KEY_STAGE_2,
        "starts_at": at,
        "ends_at": at + timedelta(days=days),
    }
    return bypass_requests.ask(school=school, by=by, at=at, **(asked | details))
