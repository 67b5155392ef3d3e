"""Days and times: what cannot be meant is said so, beside the box it was typed into."""

from datetime import date, datetime, timedelta

import pytest
from django import forms

from incidents.forms.days import check_ahead, check_behind, day_field, moment_of, now_in_fields, time_field
from tests.factories import NOW


class Sample(forms.Form):
    """A day and a time."""

    day = day_field("Day", required="Say which day.")
    clock = time_field("Time")


def filled(day: str, clock: str = "") -> Sample:
    form = Sample({"day": day, "clock": clock})
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-16", "That day is over. Choose a later one."),
        ("2031-11-17", None),
        ("2032-01-01", "That is years away. Check the year."),
        ("2026-11-17", None),
        ("17/11/2026", None),
        ("nonsense", "That is not a date. Write it like 12/11/2026."),
        ("", "Say which day."),
    ],
)
def test_a_day_to_come(day: str, sentence: str | None) -> None:
    form = filled(day)

    check_ahead(form, "day", at=NOW)

    assert form.errors.get("day", []) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-17", None),
        ("2026-11-18", "That is in the future. Check the date."),
        ("2021-01-01", None),
        ("2020-12-31", "That is years ago. Check the year."),
    ],
)
def test_a_day_that_was(day: str, sentence: str | None) -> None:
    form = filled(day)

    check_behind(form, "day", at=NOW)

    assert form.errors.get("day", []) == ([sentence] if sentence else [])


@pytest.mark.parametrize(
    ("clock", "moment"),
    [
        ("08:00", NOW - timedelta(minutes=25)),
        # A phone's clock may run a little ahead; more than that is a mistake.
        ("08:29", NOW),
        ("08:31", None),
        ("", None),
    ],
)
def test_a_moment_that_was(clock: str, moment: datetime | None) -> None:
    form = filled("2026-11-17", clock)

    assert moment_of(form, "day", "clock", at=NOW) == moment
    assert ("day" in form.errors) == (clock == "08:31")


def test_now_stands_in_the_boxes() -> None:
    form = Sample()

    now_in_fields(form, "day", "clock", at=NOW)

    assert (form["day"].value(), form["clock"].value()) == (date(2026, 11, 17), "08:25")
