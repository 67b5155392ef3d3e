"""Every hour of sixteen years in three nations: what the engine says a duration comes to is what the oracle says.

The engine counts days on a calendar in the school's zone; the oracle walks tapes of half-hours in UTC (`oracle.py`).
It knows the bank holidays and the changes of the clocks by rules of its own.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from policies.engine.durations import Calendar, Within, due_at, parse_within
from tests.policies.engine import oracle
from tests.policies.engine.bank_holidays import (
    ENGLAND_AND_WALES,
    NATIONS,
    NORTHERN_IRELAND,
    SCOTLAND,
    bank_holidays,
    easter,
)

YEARS = range(2020, 2036)
DURATIONS = (
    "immediately", "24h", "same school day", "1 working day", "3 working days", "5 school days", "10 days",
)  # fmt: skip
# Starts on the hour are at opening and closing in two nations, and never in the third.
OPEN = {
    ENGLAND_AND_WALES: (time(8), time(16)),
    SCOTLAND: (time(8, 30), time(15, 30)),
    NORTHERN_IRELAND: (time(9), time(15)),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
# In the years before and after, nobody has entered a term.
TAUGHT = range(2021, 2034)


def terms() -> list[tuple[date, date]]:
    found = []
    for year in TAUGHT:
        found += [
            (date(year, 1, 4), easter(year) - timedelta(days=9)),
            (easter(year) + timedelta(days=8), date(year, 7, 21)),
            (date(year, 9, 2), date(year, 12, 19)),
        ]
    # One spring, a school forgot to enter a term.
    return [term for term in found if term[0] != date(2030, 1, 4)]


def closed_days() -> list[date]:
    half_terms = [
        date(year, month, 22) + timedelta(days=day) for year in YEARS for month in (2, 10) for day in range(9)
    ]
    return [*half_terms, date(2024, 1, 17), date(2025, 9, 1)]


@cache
def both(nation: str) -> tuple[Calendar, oracle.Tapes]:
    holidays = frozenset(day for year in range(2019, 2037) for day in bank_holidays(nation, year))
    calendar = Calendar(LONDON, *OPEN[nation], holidays, frozenset(closed_days()), tuple(terms()))
    opens, closes = (clock.hour * 60 + clock.minute for clock in OPEN[nation])
    return calendar, oracle.Tapes(YEARS, opens, closes, [*holidays, *closed_days()], terms())


def said(within: Within, moment: int, calendar: Calendar) -> tuple[int, int]:
    due = due_at(within, datetime.fromtimestamp(moment * 60, UTC), calendar)
    return divmod(int((due - EPOCH).total_seconds()), 60)


def hours(year: int) -> range:
    """Return every hour of a year that begins and ends in winter, in minutes."""
    first, after = (oracle.day_number(date(one, 1, 1)) * oracle.DAY for one in (year, year + 1))
    return range(first, after, oracle.HOUR)


@pytest.mark.parametrize("within", DURATIONS)
@pytest.mark.parametrize("nation", NATIONS)
def test_every_hour_of_sixteen_years_comes_to_the_same_moment(nation: str, within: str) -> None:
    calendar, tapes = both(nation)
    parsed = parse_within(within)
    differ = [
        (datetime.fromtimestamp(moment * 60, UTC), said(parsed, moment, calendar), tapes.due(within, moment))
        for year in YEARS
        for moment in hours(year)
        if said(parsed, moment, calendar) != tapes.due(within, moment)
    ]

    assert differ == []


@pytest.mark.parametrize("minutes", [-1, 0, 1, 29, 30, 31])
@pytest.mark.parametrize("within", DURATIONS)
def test_so_does_every_minute_about_opening_and_closing(within: str, minutes: int) -> None:
    calendar, tapes = both(SCOTLAND)
    parsed = parse_within(within)
    days = range(oracle.day_number(date(2026, 3, 1)), oracle.day_number(date(2026, 4, 20)))
    clocks = [8 * 60 + 30, 15 * 60 + 30, 0, 60]
    moments = [oracle.to_utc(day * oracle.DAY + clock) + minutes for day in days for clock in clocks]

    for moment in moments:
        if within in ("1 working day", "3 working days") and minutes % 30:
            # Within opening hours the tape's half-hours are too coarse: the engine keeps the minute as well.
            kept = said(parsed, moment, calendar)[0] - moment
            earlier, later = (tapes.due(within, moment + step)[0] for step in (-(moment % 30), -(moment % 30) + 30))
            assert earlier <= moment + kept <= later
        else:
            assert said(parsed, moment, calendar) == tapes.due(within, moment)


@pytest.mark.parametrize("year", YEARS)
def test_the_clocks_change_when_the_oracle_says(year: int) -> None:
    for change, before, after in zip(oracle.changes(year), (0, 1), (1, 0), strict=True):
        moment = datetime.fromtimestamp(change * 60, UTC)
        offsets = [
            (moment + step).astimezone(LONDON).utcoffset() for step in (timedelta(seconds=-1), timedelta(seconds=0))
        ]

        assert offsets == [timedelta(hours=before), timedelta(hours=after)]


def test_hours_are_elapsed_across_every_change_of_the_clocks() -> None:
    calendar, _ = both(NORTHERN_IRELAND)
    starts = [change + 60 * step for year in YEARS for change in oracle.changes(year) for step in range(-30, 31)]
    lengths = {said(parse_within("24h"), start, calendar)[0] - start for start in starts}

    assert lengths == {24 * 60}


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        # A start at 10:00 on the day before, in England and Wales; due one working day later.
        ("2020-05-07", "2020-05-11T09:00:00+00:00"),
        ("2022-06-01", "2022-06-06T09:00:00+00:00"),
        ("2022-09-16", "2022-09-20T09:00:00+00:00"),
        ("2023-05-05", "2023-05-09T09:00:00+00:00"),
        # The days these took the place of were worked.
        ("2020-05-01", "2020-05-04T09:00:00+00:00"),
        ("2022-05-27", "2022-05-30T09:00:00+00:00"),
    ],
)
def test_one_off_bank_holidays_are_not_worked(day: str, moment: str) -> None:
    calendar, _ = both(ENGLAND_AND_WALES)
    plain = Calendar(LONDON, time(8), time(16), calendar.bank_holidays)
    start = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=LONDON)

    assert due_at(parse_within("1 working day"), start, plain).isoformat() == moment
