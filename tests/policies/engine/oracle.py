"""What a duration comes to, worked out another way than the engine does: no dates, no zones, no counting of days.

Everything is minutes since 1970 in UTC. The clocks change by the European rule (last Sunday of March and October, 01:00
UTC). The years are laid out as one long tape of half-hours on which the office is open: N working days later is as many
half-hours further along the tape as N days hold. School days and calendar days are tapes of their ends.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import pairwise

DAY, HOUR, STEP = 1440, 60, 30
_EPOCH = date(1970, 1, 1).toordinal()
# Longer holidays are a term that nobody entered.
_LONGEST_GAP = 70


def day_number(day: date) -> int:
    """Return how many days after 1 January 1970 a date is."""
    return day.toordinal() - _EPOCH


@cache
def changes(year: int) -> tuple[int, int]:
    """Return when the clocks go forward and back."""
    # 1 January 1970 was a Thursday, so day 3 was a Sunday.
    ends = (day_number(date(year, month, 31)) for month in (3, 10))
    forward, back = ((end - (end - 3) % 7) * DAY + HOUR for end in ends)
    return forward, back


@cache
def summer(day: int) -> tuple[int, int]:
    """Return the changes of the year in which a day lies."""
    return changes(date.fromordinal(day + _EPOCH).year)


def to_utc(minute: int) -> int:
    """Return the moment at which the clock on the wall shows this minute; the first of two."""
    forward, back = summer(minute // DAY)
    return minute - HOUR if forward + HOUR <= minute < back + 2 * HOUR else minute


def to_wall(moment: int) -> int:
    """Return what the clock on the wall shows at a moment."""
    forward, back = summer(moment // DAY)
    return moment + HOUR if forward <= moment < back else moment


class Tapes:
    """The years of one school, unrolled."""

    def __init__(
        self, years: range, opens: int, closes: int, closed: Iterable[date], terms: Iterable[tuple[date, date]]
    ) -> None:
        first, last = day_number(date(years[0], 1, 1)) - 7, day_number(date(years[-1], 12, 31)) + 200
        shut = {day_number(day) for day in closed}
        away = _away(sorted((day_number(begins), day_number(ends)) for begins, ends in terms))
        worked = [day for day in range(first, last) if (day - 4) % 7 < 5 and day not in shut]
        taught = [day for day in worked if day not in away]
        self.per_day = (closes - opens) // STEP + 1
        self.open = [to_utc(day * DAY + minute) for day in worked for minute in range(opens, closes + 1, STEP)]
        self.closings = [to_utc(day * DAY + closes) for day in taught]
        self.taught = taught

    def due(self, within: str, moment: int) -> tuple[int, int]:
        """Return the minute, and the seconds after it, by which something is due that begins at `moment`."""
        number, _, unit = within.partition(" ")
        if within == "immediately":
            return moment, 0
        if within == "same school day":
            return self.closings[bisect_left(self.closings, moment)], 0
        if within.endswith("h"):
            return moment + int(within[:-1]) * HOUR, 0
        if unit.startswith("working"):
            return self.open[bisect_left(self.open, moment) + int(number) * self.per_day], 0
        today = to_wall(moment) // DAY
        if unit.startswith("school"):
            return _end(self.taught[bisect_left(self.taught, today + 1) + int(number) - 1])
        return _end(today + int(number))


def _end(day: int) -> tuple[int, int]:
    """Return the last second of a day."""
    return to_utc((day + 1) * DAY - 1), 59


def _away(terms: list[tuple[int, int]]) -> set[int]:
    gaps = (range(ended + 1, begins) for (_, ended), (begins, _) in pairwise(terms))
    return {day for gap in gaps if len(gap) < _LONGEST_GAP for day in gap}
