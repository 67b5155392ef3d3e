"""When something is due of somebody, for their own calendar: moments and nothing else."""

import hashlib

from django.conf import settings
from django.urls import reverse

from accounts.access import Access
from accounts.roles import Role
from incidents.access import duties_in_reach
from policies.engine.vocabulary import Strength
from policies.icalendar import CalendarEvent
from policies.models import Owed
from policies.queries.duties import all_due_for
from policies.statuses import State

# More than anybody could do; a calendar program is not kept waiting.
_MOST = 500


def events_for(access: Access) -> list[CalendarEvent]:
    """Return what is due of this user: the school's own duties, then those of cases, which say no more than that.

    Two statements, however much is due.
    """
    name, school = access.school.name, {"school": access.school.slug}
    duties, home = reverse("duty-list", kwargs=school), reverse("school-home", kwargs=school)
    return [
        *(_event(row, f"Duty due: {name}", duties) for row in all_due_for(access)[:_MOST]),
        *(_event(row, f"A case duty is due: {name}", home) for row in _case_duties(access)),
    ]


def _case_duties(access: Access) -> list[Owed]:
    """Return what the user's own roles owe in cases, as far as they may know of it."""
    roles = [role.value for role in access.roles if role is not Role.STAFF]
    owed = duties_in_reach(access).filter(
        owner_role__in=roles, state=State.OPEN, strength=Strength.MUST, due_at__isnull=False
    )
    return list(owed.only("due_at", "school_id").order_by("due_at", "pk")[:_MOST])


def _event(row: Owed, title: str, path: str) -> CalendarEvent:
    # The same whenever it is fetched, and no id of anything.
    uid = hashlib.sha256(f"calendar {row.pk}".encode()).hexdigest()[:40]
    host = settings.SITE_URL.partition("://")[2]
    if row.due_at is None:
        raise ValueError("Only what has a time stands in a calendar.")
    return CalendarEvent(f"{uid}@{host}", row.due_at, title, f"{settings.SITE_URL}{path}")
