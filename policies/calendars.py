"""The calendar of a school: its hours, its terms and closed days, and the bank holidays of its nation."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from holidays import country_holidays  # reads the rules of a country when first asked for its days, not when imported

from accounts.models import ClosedDay, School, Term
from policies.engine.durations import Calendar

_SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
# No case of today is due outside these years.
_YEARS = range(2000, 2061)


def calendar_for(school: School) -> Calendar:
    """Return when a school works, in two queries whatever its size; `School.nation` decides the bank holidays."""
    return Calendar(
        zone=ZoneInfo(school.time_zone),
        opens=school.opens_at_time,
        closes=school.closes_at_time,
        bank_holidays=bank_holidays(school.nation),
        closed_days=frozenset(ClosedDay.objects.filter(school=school).values_list("day", flat=True)),
        terms=tuple(Term.objects.filter(school=school).order_by("starts_on").values_list("starts_on", "ends_on")),
    )


def end_of_school_day(school: School, day: date) -> datetime:
    """Return the moment, in UTC, at which the school closes on a day: what is to be done by a day is due then."""
    return datetime.combine(day, school.closes_at_time, ZoneInfo(school.time_zone)).astimezone(UTC)


def day_in_words(moment: date) -> str:
    """Return a day, or the local day of a moment, as it is written into a record: 5 November 2026."""
    day = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%B %Y}"


@cache
def bank_holidays(nation: str) -> frozenset[date]:
    """Return the bank holidays of a nation from 2000 to 2060, the days that stand in for them included."""
    return frozenset(country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=_YEARS))
