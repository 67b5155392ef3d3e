"""By when: durations as policies write them, and the moment each comes to on a school's calendar.

Rules hold durations, never dates. `due_at` turns one into a moment, in UTC. Hours are elapsed time, added in
UTC, so they are never 23 or 25 where the clocks change. Days are counted in the school's own time zone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

_END_OF_DAY = time(23, 59, 59)
# No holidays have more days. Where two terms lie farther apart, a term between them has not been entered.
_LONGEST_HOLIDAYS = 70
_SATURDAY = 5


class Unit(StrEnum):
    """What a duration is counted in."""

    IMMEDIATELY = "immediately"
    SAME_SCHOOL_DAY = "same school day"
    HOUR = "h"
    WORKING_DAY = "working day"
    SCHOOL_DAY = "school day"
    DAY = "day"


@dataclass(frozen=True)
class Within:
    """A duration; `number` is 0 for the two that are not counted."""

    unit: Unit
    number: int = 0

    def __str__(self) -> str:
        if self.unit in (Unit.IMMEDIATELY, Unit.SAME_SCHOOL_DAY):
            return self.unit.value
        if self.unit is Unit.HOUR:
            return f"{self.number}h"
        return f"{self.number} {self.unit.value}{'' if self.number == 1 else 's'}"

    @property
    def rank(self) -> tuple[int, float]:
        """Which of two is the stricter where no calendar is at hand: the smaller rank.

        immediately, same school day, hours up to 24, one working day, then everything longer by its usual length.
        """
        if self.unit is Unit.IMMEDIATELY:
            return 0, 0
        if self.unit is Unit.SAME_SCHOOL_DAY:
            return 1, 0
        if self.unit is Unit.HOUR and self.number <= 24:
            return 2, self.number
        if self == Within(Unit.WORKING_DAY, 1):
            return 3, 0
        week = 7 / 5 if self.unit in (Unit.WORKING_DAY, Unit.SCHOOL_DAY) else 1
        return 4, self.number * week * (1 if self.unit is Unit.HOUR else 24)


def rank_of(within: Within | None) -> tuple[int, float]:
    """Return the rank of a duration; what has no clock ranks after everything that has."""
    return within.rank if within else _NO_CLOCK


IMMEDIATELY = Within(Unit.IMMEDIATELY)
_NO_CLOCK = (9, 0)
ALLOWED = "immediately, same school day, 24h (any number of hours), 1 working day, 5 school days, 10 days"
_COUNTED = re.compile(r"([1-9]\d{0,3}) (working day|school day|day)s?")
_HOURS = re.compile(r"([1-9]\d{0,3})h")


def parse_within(text: str) -> Within:
    """Return the duration that a pack's text means; raise ValueError, saying what is allowed, for any other text."""
    if text in (Unit.IMMEDIATELY.value, Unit.SAME_SCHOOL_DAY.value):
        return Within(Unit(text))
    if hours := _HOURS.fullmatch(text):
        return Within(Unit.HOUR, int(hours[1]))
    if counted := _COUNTED.fullmatch(text):
        return Within(Unit(counted[2]), int(counted[1]))
    raise ValueError(f"{text!r} is not a duration. Allowed: {ALLOWED}.")


@dataclass(frozen=True)
class Calendar:
    """When a school works. Times of day are local to `zone`; terms are first and last days.

    A working day is a weekday that is no bank holiday and no closed day. A school day is a working day within a term;
    where the terms are not known, working days count as school days, so that nothing waits for a term nobody entered.
    """

    zone: ZoneInfo
    opens: time
    closes: time
    bank_holidays: frozenset[date] = frozenset()
    closed_days: frozenset[date] = frozenset()
    terms: tuple[tuple[date, date], ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Say whether the school's office works on the day."""
        return day.weekday() < _SATURDAY and day not in self.bank_holidays and day not in self.closed_days

    def is_school_day(self, day: date) -> bool:
        """Say whether pupils are in school on the day, as far as is known."""
        return self.is_working_day(day) and day not in self.holidays

    @cached_property
    def holidays(self) -> frozenset[date]:
        """The days between two terms. Of those before the first term and after the last, nothing is known."""
        found: set[date] = set()
        terms = sorted(self.terms)
        ends = accumulate((last for _, last in terms), max)
        for ended, (begins, _) in zip(ends, terms[1:], strict=False):
            days = (begins - ended).days
            if days <= _LONGEST_HOLIDAYS:
                found.update(ended + timedelta(days=day) for day in range(1, days))
        return frozenset(found)

    def at(self, day: date, clock: time) -> datetime:
        """Return a local time of a day as a moment in UTC."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def due_at(within: Within, start: datetime, calendar: Calendar) -> datetime:
    """Return by when something is due that begins at `start`, in UTC; `start` is an aware datetime."""
    if within.unit is Unit.IMMEDIATELY:
        return start.astimezone(UTC)
    if within.unit is Unit.HOUR:
        return start.astimezone(UTC) + timedelta(hours=within.number)
    local = start.astimezone(calendar.zone)
    if within.unit is Unit.SAME_SCHOOL_DAY:
        return _same_school_day(local, calendar)
    if within.unit is Unit.WORKING_DAY:
        return _working_days(within.number, local, calendar)
    if within.unit is Unit.SCHOOL_DAY:
        return calendar.at(_after(local.date(), within.number, calendar.is_school_day), _END_OF_DAY)
    return calendar.at(local.date() + timedelta(days=within.number), _END_OF_DAY)


def _same_school_day(local: datetime, calendar: Calendar) -> datetime:
    day = local.date()
    if not calendar.is_school_day(day) or local.time() > calendar.closes:
        day = _after(day, 1, calendar.is_school_day)
    return calendar.at(day, calendar.closes)


def _working_days(number: int, local: datetime, calendar: Calendar) -> datetime:
    """Count from the next opening where the start lies outside opening hours; keep the clock time."""
    day, clock = local.date(), local.time()
    if not calendar.is_working_day(day) or clock > calendar.closes:
        day, clock = _after(day, 1, calendar.is_working_day), calendar.opens
    elif clock < calendar.opens:
        clock = calendar.opens
    return calendar.at(_after(day, number, calendar.is_working_day), clock)


def _after(day: date, number: int, counts: Callable[[date], bool]) -> date:
    """Return the day on which the `number`th day that counts falls, beginning with the day after."""
    left = number
    while left:
        day += timedelta(days=1)
        left -= counts(day)
    return day
