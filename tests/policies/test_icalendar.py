"""Calendars as other programs read them: lines, folding, escaping, moments."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from policies.icalendar import CalendarEvent, write_calendar

AT = datetime(2026, 11, 17, 8, 25, tzinfo=UTC)
DUE = datetime(2027, 7, 21, 23, 59, 59, tzinfo=ZoneInfo("Europe/London"))


def text_of(title: str = "Duty due", name: str = "Duties") -> str:
    return write_calendar(name, [CalendarEvent("a1@host", DUE, title, "https://host.example/s/oak/")], at=AT)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_has_what_programs_ask_for_in_its_order() -> None:
    lines = unfolded(text_of())

    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Safeguarding//Duties//EN"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert event[1:] == [
        *("UID:a1@host", "DTSTAMP:20261117T082500Z", "DTSTART:20270721T225959Z", "DTEND:20270721T225959Z"),
        *("SUMMARY:Duty due", "URL:https://host.example/s/oak/", "CLASS:PRIVATE", "TRANSP:TRANSPARENT"),
    ]


def test_signs_that_mean_something_are_escaped() -> None:
    lines = unfolded(text_of("A, b; c\\d\r\nBEGIN:VALARM"))

    assert "SUMMARY:A\\, b\\; c\\\\d\\nBEGIN:VALARM" in lines
    assert "BEGIN:VALARM" not in lines


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_lines_are_folded_at_75_octets_and_say_the_same_unfolded(name: str) -> None:
    text = text_of(name=name)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    said = next(line for line in unfolded(text) if line.startswith("X-WR-CALNAME:")).removeprefix("X-WR-CALNAME:")
    assert said.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == name


def test_a_calendar_may_be_empty() -> None:
    assert "BEGIN:VEVENT" not in write_calendar("Duties", [], at=AT)
