"""The incident log as policies print it: date, where, what, action taken, who recorded it (Canterbury Cross, 4)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.access import Access
from incidents.access import visible_incidents
from incidents.models import Incident
from incidents.statuses import Place

# More than a document of a few hundred pages helps nobody, and would not be drawn in time.
MOST = 500


@dataclass(frozen=True)
class LogLine:
    """One incident as a line of the log."""

    reference: str
    happened_at: datetime | None
    has_time: bool
    where: str
    description: str
    action: str
    recorder: str


@dataclass(frozen=True)
class Log:
    """The lines of a period, oldest first, and whether there are more than are shown."""

    first: date
    last: date
    lines: list[LogLine]
    is_cut: bool


def log_of(access: Access, *, first: date, last: date) -> Log:
    """Return the incidents that the reader may open and that happened, or became known, in a period. One query."""
    begins = timezone.make_aware(datetime.combine(first, time()))
    ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    cases = visible_incidents(access).filter(became_aware_at__gte=begins, became_aware_at__lt=ends)
    found = list(cases.select_related("logged_by").order_by("became_aware_at", "pk")[: MOST + 1])
    return Log(first, last, [_line(case) for case in found[:MOST]], len(found) > MOST)


def _line(case: Incident) -> LogLine:
    parts = [Place(case.place).label, case.online_service or "", case.place_detail or ""]
    return LogLine(
        reference=case.reference,
        happened_at=case.happened_at or case.became_aware_at,
        has_time=case.happened_precision == "time",
        where=", ".join(part for part in parts if part),
        description=case.narrative,
        action=case.action_taken,
        recorder="An earlier record" if case.is_imported else case.logged_by.full_name,
    )
