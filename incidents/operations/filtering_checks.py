"""A check that failed is never silent: it opens a ticket, and the safeguarding team is told."""

from datetime import datetime

from django.db import transaction

from accounts.models import School, User
from incidents.models import FilteringTicket
from incidents.operations import filtering_tickets
from incidents.operations.filtering_tickets import Met
from incidents.statuses import TicketKind
from policies.operations import filtering_checks as register
from policies.operations.filtering_checks import Checked
from policies.statuses import UserGroup


@transaction.atomic
def enter(*, school: School, checked: Checked, role: str, by: User, at: datetime) -> FilteringTicket | None:
    """Enter a check in the register; return the ticket that was opened where it failed."""
    check = register.enter_check(school=school, checked=checked, by=by, at=at)
    if not check.has_failed:
        return None
    met = Met(
        kind=TicketKind.FAILURE,
        user_group=UserGroup(check.user_group),
        seen_at=at,
        device=", ".join(part for part in (check.device, check.location) if part),
        said=check.noticed or "",
    )
    return filtering_tickets.report(school=school, met=met, role=role, by=by, at=at, check=check)
