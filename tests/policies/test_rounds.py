"""When a round is due: across terms, closed days, leap years and the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.durations import Calendar
from policies.rounds import SHORTEST, Interval, due_at, earliest_done, is_by_term, next_begins, parse_every, remind_at

LONDON = ZoneInfo("Europe/London")
TERMS = (
    (date(2026, 9, 2), date(2026, 12, 18)),
    (date(2027, 1, 4), date(2027, 3, 25)),
    (date(2027, 4, 12), date(2027, 7, 21)),
)
BANK_HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26)})
CLOSED = frozenset({date(2026, 11, 27), date(2026, 11, 30)})


def calendar(terms: tuple[tuple[date, date], ...] = TERMS, closed: frozenset[date] = CLOSED) -> Calendar:
    return Calendar(LONDON, time(8), time(16), BANK_HOLIDAYS, closed, terms)


def due_on(every: str, begins: date, **other: object) -> str:
    """Return the local day and time at which a round is due."""
    return due_at(every, begins, calendar(**other)).astimezone(LONDON).isoformat()


@pytest.mark.parametrize(
    ("every", "begins", "due"),
    [
        ("1 year", date(2026, 11, 17), "2027-11-17T23:59:59+00:00"),
        ("2 years", date(2026, 11, 17), "2028-11-17T23:59:59+00:00"),
        # A Sunday; and a leap day that the next year has not.
        ("1 year", date(2026, 11, 14), "2027-11-15T23:59:59+00:00"),
        ("1 year", date(2028, 2, 29), "2029-02-28T23:59:59+00:00"),
        ("1 month", date(2027, 1, 31), "2027-03-01T23:59:59+00:00"),
        ("1 month", date(2026, 10, 30), "2026-12-01T23:59:59+00:00"),
        ("3 months", date(2026, 11, 17), "2027-02-17T23:59:59+00:00"),
        ("1 week", date(2026, 11, 17), "2026-11-24T23:59:59+00:00"),
        # The school is closed on the Friday and the Monday.
        ("1 week", date(2026, 11, 20), "2026-12-01T23:59:59+00:00"),
        # Christmas, a weekend, and the bank holiday in lieu.
        ("1 week", date(2026, 12, 18), "2026-12-29T23:59:59+00:00"),
        # The clocks change on 28 March and on 31 October 2027: the end of the day stays the end of the day.
        ("1 week", date(2027, 3, 22), "2027-03-29T23:59:59+01:00"),
        ("1 month", date(2027, 9, 29), "2027-10-29T23:59:59+01:00"),
        ("1 month", date(2027, 10, 1), "2027-11-01T23:59:59+00:00"),
    ],
)
def test_years_months_and_weeks_are_counted_to_the_end_of_a_working_day(every: str, begins: date, due: str) -> None:
    assert due_on(every, begins) == due


@pytest.mark.parametrize(
    ("every", "begins", "due"),
    [
        ("1 term", date(2026, 9, 2), "2026-12-18T23:59:59+00:00"),
        ("1 term", date(2026, 11, 17), "2026-12-18T23:59:59+00:00"),
        # Two weeks are left, then less.
        ("1 term", date(2026, 12, 4), "2026-12-18T23:59:59+00:00"),
        ("1 term", date(2026, 12, 5), "2027-03-25T23:59:59+00:00"),
        ("1 term", date(2026, 12, 18), "2027-03-25T23:59:59+00:00"),
        ("1 term", date(2026, 12, 27), "2027-03-25T23:59:59+00:00"),
        ("1 term", date(2027, 4, 12), "2027-07-21T23:59:59+01:00"),
        ("2 terms", date(2026, 11, 17), "2027-03-25T23:59:59+00:00"),
        # No term is known that ends later: four months stand for one.
        ("1 term", date(2027, 7, 21), "2027-11-22T23:59:59+00:00"),
        ("2 terms", date(2027, 4, 12), "2027-12-13T23:59:59+00:00"),
    ],
)
def test_a_term_ends_with_its_last_day(every: str, begins: date, due: str) -> None:
    assert due_on(every, begins) == due


def test_a_term_that_was_never_entered_is_not_waited_for() -> None:
    far = ((date(2028, 9, 4), date(2028, 12, 20)),)

    assert due_on("1 term", date(2026, 11, 17), terms=()) == "2027-03-17T23:59:59+00:00"
    assert due_on("1 term", date(2026, 11, 17), terms=far) == "2027-03-17T23:59:59+00:00"


def test_a_last_day_on_which_the_school_is_closed_moves_to_the_next_working_day() -> None:
    assert due_on("1 term", date(2026, 11, 17), closed=frozenset({date(2026, 12, 18)})) == "2026-12-21T23:59:59+00:00"


EVERY = st.sampled_from(["1 year", "2 years", "1 term", "2 terms", "1 month", "6 months", "1 week", "2 weeks"])
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(EVERY, DAYS, st.sets(DAYS, max_size=30))
def test_it_is_always_due_later_on_a_working_day_and_a_closed_day_never_shortens(
    every: str, begins: date, closed: set[date]
) -> None:
    school = calendar(closed=frozenset(closed))
    due = due_at(every, begins, school)
    day = due.astimezone(LONDON).date()

    assert due.tzinfo is UTC
    assert due.astimezone(LONDON).time() == time(23, 59, 59)
    assert school.is_working_day(day)
    assert day > begins
    assert due >= due_at(every, begins, calendar(closed=frozenset()))
    if is_by_term(every):
        assert day >= begins + SHORTEST


@given(EVERY, DAYS, st.integers(0, 60))
def test_who_begins_later_is_never_due_earlier(every: str, begins: date, days: int) -> None:
    later = begins + timedelta(days=days)
    if is_by_term(every) and days and (begins.year, later.year) != (2026, 2026):
        # Where terms begin or end to be known, the third of a year that stands for one may be longer than it.
        return
    assert due_at(every, later, calendar()) >= due_at(every, begins, calendar())


@given(EVERY, DAYS)
def test_a_reminder_comes_in_the_morning_a_tenth_before_the_end_and_never_before_the_beginning(
    every: str, begins: date
) -> None:
    school = calendar()
    start = school.at(begins, time(9, 30))
    due = due_at(every, begins, school)
    reminded = remind_at(start, due, school)

    assert start < reminded < due
    assert reminded.astimezone(LONDON).time() == time(8)
    assert due - reminded >= timedelta(days=1)
    assert abs(due - reminded - max((due - start) / 10, timedelta(days=1))) < timedelta(days=1)


def test_what_begins_too_late_for_a_reminder_is_looked_at_when_it_is_due() -> None:
    begins, due = datetime(2026, 11, 17, 9, tzinfo=UTC), datetime(2026, 11, 18, 1, tzinfo=UTC)

    assert remind_at(begins, due, calendar()) == due


def test_the_next_round_counts_from_the_day_of_settling_but_a_term_has_one_round() -> None:
    early, end, late = date(2026, 11, 10), date(2026, 12, 18), date(2027, 1, 12)

    assert next_begins("1 year", early, end) == early
    assert next_begins("1 year", late, end) == late
    assert next_begins("1 term", early, end) == end
    assert next_begins("1 term", late, end) == late
    assert due_on("1 term", next_begins("1 term", early, end)) == "2027-03-25T23:59:59+00:00"
    assert due_on("1 term", next_begins("1 term", late, end)) == "2027-03-25T23:59:59+00:00"


@pytest.mark.parametrize(
    ("every", "first"),
    [("1 year", "2025-11-17"), ("1 term", "2026-07-17"), ("2 months", "2026-09-17"), ("1 week", "2026-11-10")],
)
def test_what_was_done_within_one_interval_before_counts_for_the_first_round(every: str, first: str) -> None:
    assert earliest_done(every, date(2026, 11, 17)).isoformat() == first


def test_only_intervals_of_packs_are_read() -> None:
    assert parse_every("2 terms") == (2, Interval.TERM)
    for wrong in ("", "year", "0 years", "1 day", "1 year, 1 term", "1 years "):
        with pytest.raises(ValueError, match="is not an interval"):
            parse_every(wrong)
