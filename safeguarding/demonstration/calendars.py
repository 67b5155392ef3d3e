"""Terms as English schools keep them, and moments within a school's working day."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
WORK_BEGINS, WORK_ENDS = time(7, 50), time(17, 15)
# Before the first of these too little of a day has passed for much to have been logged; after the second nobody logs.
DAY_COUNTS_FROM, LAST_LOGGED = time(8, 30), time(16, 30)


@dataclass(frozen=True)
class TermDates:
    """One term and the days within it on which the school is closed."""

    name: str
    starts_on: date
    ends_on: date
    closed: tuple[tuple[date, str], ...]


def at_local(day: date, clock: time) -> datetime:
    """Return the moment of a day and a time in London."""
    return datetime.combine(day, clock, tzinfo=LONDON)


def terms_around(day: date, *, short_summer: int = 0) -> list[TermDates]:
    """Return the three terms before the current one (or the last begun), that one, and the one after it."""
    years = range(day.year - 2, day.year + 2)
    terms = [term for year in years for term in _school_year(year, short_summer)]
    current = max(number for number, term in enumerate(terms) if term.starts_on <= day)
    return terms[current - 3 : current + 2]


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _week(monday: date, reason: str) -> list[tuple[date, str]]:
    return [(monday + timedelta(days=number), reason) for number in range(5)]


def _school_year(year: int, short_summer: int) -> list[TermDates]:
    """Return autumn, spring and summer of the school year that begins in September of a year."""
    autumn = (_on_or_after(date(year, 9, 2), 2), _on_or_after(date(year, 12, 14), 4))
    spring = (_on_or_after(date(year + 1, 1, 4), 0), _on_or_after(date(year + 1, 3, 27), 4))
    summer_ends = _on_or_after(date(year + 1, 7, 18), 2) - timedelta(weeks=short_summer)
    summer = (spring[1] + timedelta(days=17), summer_ends)
    halves = (
        _week(_on_or_after(date(year, 10, 23), 0), "Half-term"),
        _week(_on_or_after(date(year + 1, 2, 11), 0), "Half-term"),
        _week(_on_or_after(date(year + 1, 5, 25), 0), "Half-term"),
    )
    named = zip(("Autumn", "Spring", "Summer"), (autumn, spring, summer), halves, strict=True)
    terms = []
    for name, (starts, ends), half in named:
        training = [(starts, "Staff training day")]
        terms.append(TermDates(f"{name} {starts.year}", starts, ends, tuple(training + half)))
    return terms


class SchoolDays:
    """The days on which a school is open, and working moments on them."""

    def __init__(self, terms: list[TermDates]) -> None:
        first, last = terms[0].starts_on, terms[-1].ends_on
        off = {day for term in terms for day, _ in term.closed}
        off |= set(holidays.country_holidays("GB", subdiv="ENG", years=range(first.year, last.year + 1)))
        self.days = [
            term.starts_on + timedelta(days=number)
            for term in terms
            for number in range((term.ends_on - term.starts_on).days + 1)
        ]
        self.days = [day for day in self.days if day.weekday() < 5 and day not in off]

    def before(self, day: date) -> list[date]:
        """Return the school days before a day."""
        return self.days[: bisect_left(self.days, day)]

    def on_or_after(self, day: date) -> date:
        """Return the day itself or the next school day; past the last one known, the day itself."""
        place = bisect_left(self.days, day)
        return self.days[place] if place < len(self.days) else day

    def last_before(self, day: date) -> date:
        """Return the school day before a day."""
        return self.days[bisect_left(self.days, day) - 1]

    def working(self, moment: datetime, *, minute: int = 0) -> datetime:
        """Return the moment when it lies in working hours, otherwise some minutes into the next working day."""
        local = moment.astimezone(LONDON)
        day = self.on_or_after(local.date())
        if day == local.date() and local.time() <= WORK_ENDS:
            return max(local, at_local(day, WORK_BEGINS) + timedelta(minutes=minute))
        if day == local.date():
            day = self.on_or_after(day + timedelta(days=1))
        return at_local(day, WORK_BEGINS) + timedelta(minutes=minute)

    def latest_hours(self, moment: datetime) -> tuple[datetime, datetime]:
        """Return the last working hours that had begun by the moment: from when, and to when."""
        local = moment.astimezone(LONDON)
        day = self.on_or_after(local.date())
        if day != local.date() or local.time() < DAY_COUNTS_FROM:
            day = self.last_before(local.date())
        ends = min(local, at_local(day, LAST_LOGGED))
        return max(at_local(day, WORK_BEGINS), ends - timedelta(hours=3)), ends
