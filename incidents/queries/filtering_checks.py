"""The register of checks, with the tickets that failed checks led to."""

from accounts.models import School
from policies.models import FilteringCheck

MOST = 100


def latest_checks(school: School, *, most: int = MOST) -> list[FilteringCheck]:
    """Return the latest checks, the newest first, with who entered them and the tickets they led to; two statements."""
    rows = FilteringCheck.objects.for_school(school).select_related("recorded_by").prefetch_related("tickets")
    return list(rows.order_by("-checked_on", "-recorded_at")[:most])
