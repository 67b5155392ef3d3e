"""A school's calendar: its own hours, terms and closed days, and the bank holidays of its nation."""

import subprocess
import sys
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClosedDay, School, Term
from policies.calendars import bank_holidays, calendar_for
from policies.engine.durations import Calendar, due_at, parse_within
from tests.factories import make_school
from tests.policies.engine import bank_holidays as by_rule

LONDON = ZoneInfo("Europe/London")
NATIONS = {
    "england": by_rule.ENGLAND_AND_WALES,
    "wales": by_rule.ENGLAND_AND_WALES,
    "scotland": by_rule.SCOTLAND,
    "northern_ireland": by_rule.NORTHERN_IRELAND,
}
# As the government published them: www.gov.uk/bank-holidays.
PUBLISHED = {
    ("england", 2020): "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    ("england", 2021): "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    ("england", 2022): "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    ("england", 2023): "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    ("england", 2024): "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    ("england", 2025): "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    ("england", 2026): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    ("england", 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    ("scotland", 2021): "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
    ("scotland", 2022): "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    ("scotland", 2023): "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    ("scotland", 2024): "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
    ("scotland", 2025): "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    ("northern_ireland", 2020): "01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28",
    ("northern_ireland", 2022): "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27",
    ("northern_ireland", 2024): "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
    ("northern_ireland", 2025): "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    ("northern_ireland", 2026): "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
}


def weekdays(nation: str, year: int) -> list[date]:
    return sorted(day for day in bank_holidays(nation) if day.year == year and day.weekday() < 5)


@pytest.mark.parametrize(("nation", "year"), PUBLISHED)
def test_bank_holidays_are_those_the_government_published(nation: str, year: int) -> None:
    published = [date.fromisoformat(f"{year}-{day}") for day in PUBLISHED[nation, year].split()]

    assert weekdays(nation, year) == published


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("year", range(2020, 2036))
def test_bank_holidays_are_those_of_our_own_reckoning(nation: str, year: int) -> None:
    assert weekdays(nation, year) == sorted(by_rule.bank_holidays(NATIONS[nation], year))


def test_the_bank_holidays_of_a_nation_are_worked_out_once() -> None:
    assert bank_holidays("england") is bank_holidays("england")
    assert bank_holidays("england") == bank_holidays("wales") != bank_holidays("scotland")
    assert {day.year for day in bank_holidays("england")} == set(range(2000, 2061))


def with_days(school: School, *, terms: int = 1, closed: int = 1) -> School:
    """Give a school terms of a week each, and closed days."""
    for number in range(terms):
        first, last = (date(2026, 1 + number, day) for day in (5, 12))
        Term.objects.create(school=school, name=f"Term {number}", starts_on=first, ends_on=last)
    for number in range(closed):
        ClosedDay.objects.create(school=school, day=date(2026, 11, 13 + number), reason="Training")
    return school


@pytest.mark.django_db
def test_a_calendar_holds_the_hours_terms_and_closed_days_of_its_school_alone() -> None:
    school = make_school(opens_at_time=time(8, 15), closes_at_time=time(15, 45))
    with_days(school, terms=2, closed=2)
    with_days(make_school(slug="birchwood"), terms=5, closed=4)

    assert calendar_for(school) == Calendar(
        zone=LONDON,
        opens=time(8, 15),
        closes=time(15, 45),
        bank_holidays=bank_holidays("england"),
        closed_days=frozenset({date(2026, 11, 13), date(2026, 11, 14)}),
        terms=((date(2026, 1, 5), date(2026, 1, 12)), (date(2026, 2, 5), date(2026, 2, 12))),
    )


@pytest.mark.django_db
def test_the_nation_and_the_zone_are_the_schools_own() -> None:
    school = make_school()
    school.nation, school.time_zone = "scotland", "Europe/Dublin"

    calendar = calendar_for(school)

    assert calendar.bank_holidays == bank_holidays("scotland")
    assert calendar.zone == ZoneInfo("Europe/Dublin")


@pytest.mark.django_db
@pytest.mark.parametrize(("terms", "closed"), [(0, 0), (9, 12)])
def test_a_calendar_takes_two_queries_however_much_it_holds(
    terms: int, closed: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    school = with_days(make_school(), terms=terms, closed=closed)
    fresh: Any = School.objects.get(pk=school.pk)

    with django_assert_num_queries(2):
        calendar_for(fresh)


@pytest.mark.django_db
def test_a_school_that_has_just_been_made_has_deadlines() -> None:
    calendar = calendar_for(School.objects.get(pk=make_school().pk))
    start = datetime(2026, 12, 24, 15, 0, tzinfo=UTC)

    assert due_at(parse_within("1 working day"), start, calendar).isoformat() == "2026-12-29T15:00:00+00:00"
    assert due_at(parse_within("same school day"), start, calendar).isoformat() == "2026-12-24T16:00:00+00:00"


def test_starting_does_not_read_the_rules_of_every_country() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import holidays, sys; print('holidays.countries.united_kingdom' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert answer.stdout.strip() == "False"
