"""The bank holidays of three nations by the rules of the Acts and the proclamations, worked out by ourselves."""

from collections.abc import Iterator
from datetime import date, timedelta

ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND = "England and Wales", "Scotland", "Northern Ireland"
NATIONS = (ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND)
_MONDAY = 0
# Proclaimed for one year: what was added, and what took another day's place.
_ONCE = {
    2022: [date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)],
    2023: [date(2023, 5, 8)],
}
_ONCE_IN_SCOTLAND = {2026: [date(2026, 6, 15)]}
_EARLY_MAY = {2020: date(2020, 5, 8)}


def easter(year: int) -> date:
    """Return Easter Sunday (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k), m = divmod(c, 4), (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month, day = divmod(h - m + r + 90, 25)[0], (h - m + r + (h - m + r + 90) // 25 + 19) % 32
    return date(year, month, day)


def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """Return the weekdays of a year on which nobody works in a nation."""
    return frozenset(_all_of(nation, year))


def _all_of(nation: str, year: int) -> Iterator[date]:
    scottish = nation == SCOTLAND
    yield from _moved(date(year, 1, 1), *([date(year, 1, 2)] if scottish else []))
    yield easter(year) - timedelta(days=2)
    if not scottish:
        yield easter(year) + timedelta(days=1)
    yield _EARLY_MAY.get(year) or _monday_from(date(year, 5, 1))
    if year != 2022:
        yield _monday_from(date(year, 5, 25))
    yield _monday_from(date(year, 8, 1) if scottish else date(year, 8, 25))
    yield from _moved(date(year, 12, 25), date(year, 12, 26))
    yield from _ONCE.get(year, [])
    if scottish:
        yield from _moved(date(year, 11, 30))
        yield from _ONCE_IN_SCOTLAND.get(year, [])
    if nation == NORTHERN_IRELAND:
        yield from _moved(date(year, 3, 17))
        yield from _moved(date(year, 7, 12))


def _moved(*days: date) -> Iterator[date]:
    """Yield each day, or for one at a weekend the first weekday after it that none of the others takes."""
    taken = {day for day in days if day.weekday() < 5}
    yield from taken
    for day in days:
        if day in taken:
            continue
        while day.weekday() >= 5 or day in taken:
            day += timedelta(days=1)
        taken.add(day)
        yield day


def _monday_from(day: date) -> date:
    while day.weekday() != _MONDAY:
        day += timedelta(days=1)
    return day
