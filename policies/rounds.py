"""When a round of a recurring duty is due, and when its owner is reminded. Dates in, moments out; no clock is read.

A round of a term is due when a term ends; every other one so many years, months or weeks after the day on which it
began. It always ends with a day on which the school's office works.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from policies.engine.durations import Calendar

# Nobody is asked to do the work of a term in less: a round that begins so late belongs to the next term.
SHORTEST = timedelta(days=14)
_END_OF_DAY = time(23, 59, 59)
_DAY = timedelta(days=1)
# A school year has three terms or more, so none ends later than this after the one before it.
_LONGEST = timedelta(days=200)
_MONTHS_OF_A_TERM = 4
_EVERY = re.compile(r"([1-9]\d?) (year|term|month|week)s?")


class Interval(StrEnum):
    """What a recurring duty is counted in."""

    YEAR = "year"
    TERM = "term"
    MONTH = "month"
    WEEK = "week"


def parse_every(text: str) -> tuple[int, Interval]:
    """Return how often something comes round; raise ValueError for what is no interval of a pack."""
    found = _EVERY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not an interval. Allowed: a number of years, terms, months or weeks.")
    return int(found[1]), Interval(found[2])


def is_by_term(every: str) -> bool:
    """Say whether something comes round with the school's terms."""
    return parse_every(every)[1] is Interval.TERM


def due_at(every: str, begins: date, calendar: Calendar) -> datetime:
    """Return the end of the day by which a round is due that begins on a day, in UTC.

    By terms it is the last day of the term, or of the next one where less than two weeks of it are left; where that
    term is not entered yet, a third of a year stands for it. A day on which the school is closed moves to the next on
    which it works.
    """
    number, interval = parse_every(every)
    if interval is Interval.TERM:
        day = _end_of_term(number, begins, calendar)
    elif interval is Interval.WEEK:
        day = begins + timedelta(weeks=number)
    else:
        day = _months_after(begins, number * (12 if interval is Interval.YEAR else 1))
    while not calendar.is_working_day(day):
        day += _DAY
    return calendar.at(day, _END_OF_DAY)


def next_begins(every: str, settled_on: date, due_on: date) -> date:
    """Return the day from which the next round counts: the day of settling, but a term has one round only."""
    return max(settled_on, due_on) if is_by_term(every) else settled_on


def earliest_done(every: str, begins: date) -> date:
    """Return the first day whose work counts for a school's first round: one interval before the round began."""
    number, interval = parse_every(every)
    if interval is Interval.WEEK:
        return begins - timedelta(weeks=number)
    months = {Interval.YEAR: 12, Interval.TERM: _MONTHS_OF_A_TERM, Interval.MONTH: 1}[interval]
    return _months_after(begins, -number * months)


def remind_at(begins: datetime, due: datetime, calendar: Calendar) -> datetime:
    """Return when the owner is reminded: in the morning, a tenth of the time before the end, a day at least.

    Where the round begins no earlier than that, it is the moment at which it is due.
    """
    lead = max((due - begins) / 10, _DAY)
    morning = calendar.at((due - lead).astimezone(calendar.zone).date(), calendar.opens)
    return morning if morning > begins else due


def _end_of_term(number: int, begins: date, calendar: Calendar) -> date:
    ends = sorted(last for _, last in calendar.terms if last >= begins + SHORTEST)
    if len(ends) >= number and ends[number - 1] <= begins + number * _LONGEST:
        return ends[number - 1]
    return _months_after(begins, number * _MONTHS_OF_A_TERM)


def _months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has fewer days."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
