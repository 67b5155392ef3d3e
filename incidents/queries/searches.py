"""Searches, as far as a reader may know of them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import Access
from accounts.permissions import Permission
from incidents.access import visible_incidents
from incidents.models import Incident, SearchRecord

MOST = 100


def visible_searches(access: Access) -> QuerySet[SearchRecord]:
    """Return the searches this user may know of: those of cases they may open, and, for whoever works with devices,
    those of no case; none of somebody close to them.
    """
    case = visible_incidents(access).filter(pk=OuterRef("incident_id"))
    known = Q(incident__isnull=False) & Q(Exists(case))
    if access.has(Permission.DEVICE_WORK):
        known |= Q(incident__isnull=True) & (Q(pupil__isnull=True) | ~Q(pupil__in=access.conflicts))
    rows: QuerySet[SearchRecord] = SearchRecord.objects.for_school(access.school).filter(known)
    return rows.select_related("incident", "pupil", "authoriser", "searched_by", "witness", "recorded_by")


def search_rows(access: Access) -> list[SearchRecord]:
    """Return the latest searches this user may know of; one query."""
    return list(visible_searches(access).order_by("-searched_at", "pk")[:MOST])


def searches_of_case(incident: Incident) -> list[SearchRecord]:
    """Return the searches of a case, the latest first, for somebody who may open it; one query."""
    rows = SearchRecord.objects.filter(incident=incident).order_by("-searched_at", "pk")
    return list(rows.select_related("pupil", "authoriser", "searched_by", "witness", "recorded_by"))
