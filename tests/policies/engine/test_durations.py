"""Durations as policies write them, and the moment each comes to. Examples; the oracle's file covers every hour."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from policies.engine.durations import IMMEDIATELY, Calendar, Unit, Within, due_at, parse_within

LONDON = ZoneInfo("Europe/London")
TERMS = ((date(2026, 9, 2), date(2026, 12, 18)), (date(2027, 1, 5), date(2027, 3, 25)))
SCHOOL = Calendar(
    zone=LONDON,
    opens=time(8, 0),
    closes=time(16, 0),
    bank_holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
    closed_days=frozenset({date(2026, 10, 26), date(2026, 10, 27), date(2026, 11, 13)}),
    terms=TERMS,
)


def local(text: str) -> datetime:
    """Return a moment of London's clocks such as `2026-11-12 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def due(within: str, start: str, calendar: Calendar = SCHOOL) -> str:
    found = due_at(parse_within(within), local(start), calendar)

    assert found.tzinfo is UTC
    return found.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("text", "within", "again"),
    [
        ("immediately", Within(Unit.IMMEDIATELY), "immediately"),
        ("same school day", Within(Unit.SAME_SCHOOL_DAY), "same school day"),
        ("1h", Within(Unit.HOUR, 1), "1h"),
        ("24h", Within(Unit.HOUR, 24), "24h"),
        ("9999h", Within(Unit.HOUR, 9999), "9999h"),
        ("1 working day", Within(Unit.WORKING_DAY, 1), "1 working day"),
        ("1 working days", Within(Unit.WORKING_DAY, 1), "1 working day"),
        ("3 working days", Within(Unit.WORKING_DAY, 3), "3 working days"),
        ("5 school days", Within(Unit.SCHOOL_DAY, 5), "5 school days"),
        ("1 school day", Within(Unit.SCHOOL_DAY, 1), "1 school day"),
        ("10 days", Within(Unit.DAY, 10), "10 days"),
        ("1 day", Within(Unit.DAY, 1), "1 day"),
    ],
)
def test_a_duration_is_read_and_written(text: str, within: Within, again: str) -> None:
    assert parse_within(text) == within
    assert str(within) == again
    assert parse_within(again) == within


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Immediately", "24", "24 h", "24 hours", "0h", "-1h", "010h", "10000h", "1.5h", "h", "0 days",
     "1  day", "1day", " 24h", "24h ", "24hh", "1 week", "one day", "2 Working days", "10000 days", "01 days", "24h\n",
     "1 working dayss", "working day", "1 working day 2", "same  school day", "XXimmediatelyXX"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole sentence is compared
        parse_within(text)

    assert str(refused.value) == (
        f"{text!r} is not a duration. Allowed: immediately, same school day, 24h (any number of hours), 1 working day, "
        "5 school days, 10 days."
    )


def test_durations_rank_as_the_contract_says() -> None:
    in_order = [
        "immediately", "same school day", "1h", "2h", "23h", "24h", "1 working day", "1 day", "25h", "1 school day",
        "40h", "2 days", "2 working days", "4 days", "3 working days", "4 working days", "6 days", "5 school days",
        "169h", "8 days", "6 working days", "10 days", "15 school days", "30 days", "9999h",
    ]  # fmt: skip
    ranks = [parse_within(text).rank for text in in_order]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


def test_what_is_usually_as_long_ranks_the_same() -> None:
    assert parse_within("5 working days").rank == parse_within("5 school days").rank == parse_within("7 days").rank
    assert parse_within("48h").rank == parse_within("2 days").rank
    exact = ["immediately", "same school day", "24h", "1 working day", "25h"]
    assert [parse_within(text).rank for text in exact] == [(0, 0), (1, 0), (2, 24), (3, 0), (4, 25)]
    assert parse_within("immediately") == IMMEDIATELY


@pytest.mark.parametrize(
    ("within", "start", "moment"),
    [
        # Now is the start, whatever the day.
        ("immediately", "2026-11-14 03:00", "2026-11-14 03:00"),
        ("immediately", "2026-11-12 09:30:15", "2026-11-12 09:30:15"),
        # Hours pass on every day.
        ("24h", "2026-11-13 17:00", "2026-11-14 17:00"),
        ("4h", "2026-12-25 22:00", "2026-12-26 02:00"),
        # The school day ends when the school closes.
        ("same school day", "2026-11-12 09:30", "2026-11-12 16:00"),
        ("same school day", "2026-11-12 05:00", "2026-11-12 16:00"),
        ("same school day", "2026-11-11 16:00", "2026-11-11 16:00"),
        ("same school day", "2026-11-11 16:00:01", "2026-11-12 16:00"),
        ("same school day", "2026-11-12 16:01", "2026-11-16 16:00"),
        ("same school day", "2026-11-13 10:00", "2026-11-16 16:00"),
        ("same school day", "2026-11-14 10:00", "2026-11-16 16:00"),
        ("same school day", "2026-12-18 17:00", "2027-01-05 16:00"),
        ("same school day", "2026-12-21 10:00", "2027-01-05 16:00"),
        # Working days keep the clock time.
        ("1 working day", "2026-11-10 09:30", "2026-11-11 09:30"),
        ("1 working day", "2026-11-10 09:30:15", "2026-11-11 09:30:15"),
        ("3 working days", "2026-11-10 09:30", "2026-11-16 09:30"),
        ("1 working day", "2026-11-12 09:30", "2026-11-16 09:30"),
        ("1 working day", "2026-12-24 15:00", "2026-12-29 15:00"),
        ("5 working days", "2026-12-24 15:00", "2027-01-05 15:00"),
        # Before opening: counts from that day's opening.
        ("1 working day", "2026-11-10 05:00", "2026-11-11 08:00"),
        ("1 working day", "2026-11-10 07:59:59", "2026-11-11 08:00"),
        ("1 working day", "2026-11-10 08:00", "2026-11-11 08:00"),
        ("1 working day", "2026-11-10 08:00:01", "2026-11-11 08:00:01"),
        # After closing, or on a closed day: from the next working day's opening.
        ("1 working day", "2026-11-10 16:00", "2026-11-11 16:00"),
        ("1 working day", "2026-11-10 16:00:01", "2026-11-12 08:00"),
        ("1 working day", "2026-11-12 20:00", "2026-11-17 08:00"),
        ("1 working day", "2026-11-13 09:30", "2026-11-17 08:00"),
        ("1 working day", "2026-11-14 09:30", "2026-11-17 08:00"),
        ("2 working days", "2026-11-15 23:59", "2026-11-18 08:00"),
        # Holidays are no school days; the day of the start does not count.
        ("1 school day", "2026-11-10 09:30", "2026-11-11 23:59:59"),
        ("1 school day", "2026-11-10 23:30", "2026-11-11 23:59:59"),
        ("5 school days", "2026-10-21 09:30", "2026-10-30 23:59:59"),
        ("2 school days", "2026-12-17 09:30", "2027-01-05 23:59:59"),
        ("1 school day", "2026-12-25 09:30", "2027-01-05 23:59:59"),
        # Days are every day.
        ("1 day", "2026-11-13 00:00", "2026-11-14 23:59:59"),
        ("10 days", "2026-12-20 23:59", "2026-12-30 23:59:59"),
    ],
)
def test_a_duration_comes_to_a_moment(within: str, start: str, moment: str) -> None:
    assert due(within, start) == moment


@pytest.mark.parametrize(
    ("within", "start", "moment"),
    [
        # Clocks go forward on 28 March 2027 at 01:00 UTC, back on 25 October 2026 at 01:00 UTC.
        ("24h", "2027-03-27T12:00:00+00:00", "2027-03-28T12:00:00+00:00"),
        ("24h", "2026-10-24T12:00:00+01:00", "2026-10-25T11:00:00+00:00"),
        ("1h", "2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"),
        ("1 working day", "2026-10-23T09:30:00+01:00", "2026-10-28T09:30:00+00:00"),
        ("1 working day", "2027-03-26T09:30:00+00:00", "2027-03-29T08:30:00+00:00"),
        ("2 days", "2026-10-23T09:30:00+01:00", "2026-10-25T23:59:59+00:00"),
        ("2 days", "2027-03-27T09:30:00+00:00", "2027-03-29T22:59:59+00:00"),
        # Another zone's start is the same moment.
        ("1 working day", "2026-11-10T18:30:00+09:00", "2026-11-11T09:30:00+00:00"),
        ("10 days", "2026-07-01T00:30:00+01:00", "2026-07-11T22:59:59+00:00"),
        ("10 days", "2026-06-30T23:30:00+00:00", "2026-07-11T22:59:59+00:00"),
        ("immediately", "2026-07-01T00:30:00+01:00", "2026-06-30T23:30:00+00:00"),
        ("24h", "2026-07-01T00:30:00+01:00", "2026-07-01T23:30:00+00:00"),
    ],
)
def test_days_are_local_and_hours_are_elapsed(within: str, start: str, moment: str) -> None:
    found = due_at(parse_within(within), datetime.fromisoformat(start), SCHOOL)

    assert found.isoformat() == moment
    assert found.utcoffset() == timedelta(0)


def test_a_day_is_worked_unless_it_is_a_weekend_a_bank_holiday_or_closed() -> None:
    week = [SCHOOL.is_working_day(date(2026, 11, day)) for day in range(9, 16)]

    assert week == [True, True, True, True, False, False, False]
    assert not SCHOOL.is_working_day(date(2026, 12, 28))
    assert SCHOOL.is_working_day(date(2026, 12, 29))


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-09-01", True),  # before the first term nothing is known, so it counts
        ("2026-09-02", True),
        ("2026-12-18", True),
        ("2026-12-21", False),
        ("2027-01-04", False),
        ("2027-01-05", True),
        ("2027-01-09", False),  # a Saturday within a term
        ("2026-10-26", False),  # closed
        ("2027-03-25", True),
        ("2027-03-29", True),  # after the last term nothing is known
    ],
)
def test_a_school_day_is_a_working_day_that_is_not_in_the_holidays(day: str, answer: bool) -> None:
    assert SCHOOL.is_school_day(date.fromisoformat(day)) is answer


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-09-01", False), ("2026-09-02", False), ("2026-12-18", False), ("2026-12-19", True),
        ("2026-12-25", True), ("2027-01-04", True), ("2027-01-05", False), ("2027-03-26", False),
    ],
)  # fmt: skip
def test_holidays_lie_between_two_terms(day: str, answer: bool) -> None:
    assert (date.fromisoformat(day) in SCHOOL.holidays) is answer


@pytest.mark.parametrize(("gap", "answer"), [(2, True), (42, True), (70, True), (71, False), (120, False)])
def test_a_gap_too_long_for_holidays_is_a_term_nobody_entered(gap: int, answer: bool) -> None:
    ended = date(2026, 3, 27)
    begins = ended + timedelta(days=gap)
    terms = ((begins, begins + timedelta(days=80)), (date(2026, 1, 5), ended))
    calendar = Calendar(LONDON, time(8), time(16), terms=terms)

    between = {ended + timedelta(days=day) for day in range(1, gap)}
    assert calendar.holidays == (between if answer else set())


def test_terms_that_overlap_or_are_out_of_order_are_one() -> None:
    calendar = Calendar(
        LONDON,
        time(8),
        time(16),
        terms=(
            (date(2026, 10, 1), date(2026, 10, 9)),
            (date(2026, 9, 2), date(2026, 12, 18)),
            (date(2027, 1, 5), date(2027, 2, 1)),
        ),
    )

    assert date(2026, 11, 2) not in calendar.holidays
    assert date(2026, 12, 21) in calendar.holidays


def test_without_terms_working_days_are_school_days() -> None:
    calendar = Calendar(LONDON, time(8), time(16))

    assert due("same school day", "2026-08-05 09:00", calendar) == "2026-08-05 16:00"
    assert due("5 school days", "2026-08-05 09:00", calendar) == "2026-08-12 23:59:59"


def test_a_term_entered_in_advance_does_not_put_off_what_is_due_before_it() -> None:
    calendar = Calendar(LONDON, time(8), time(16), terms=((date(2026, 9, 2), date(2026, 12, 18)),))

    assert due("same school day", "2026-06-10 09:00", calendar) == "2026-06-10 16:00"


def test_more_school_days_than_a_term_has_are_counted_through() -> None:
    assert due("80 school days", "2026-09-02 09:00") == "2027-01-12 23:59:59"


def test_the_zone_of_the_school_counts() -> None:
    far = Calendar(ZoneInfo("Asia/Tokyo"), time(8), time(16))
    start = datetime(2026, 11, 10, 23, 30, tzinfo=timezone(timedelta(0)))

    assert due_at(parse_within("1 working day"), start, far).isoformat() == "2026-11-11T23:30:00+00:00"
    assert far.at(date(2026, 11, 10), time(8, 30)).isoformat() == "2026-11-09T23:30:00+00:00"
