"""Spreadsheets of past incidents, as CSV: which columns they have, and what stands in each line.

Two layouts are known by their headings, in any order: the paper log of the policies (date, where, description, action
taken, who recorded it; Canterbury Cross, appendix 4), and what recording products export (pupil, date, categories,
incident, actions, added by). Nothing is guessed: a line that cannot be read says why.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from accounts.errors import Refused
from incidents.statuses import Place
from policies.engine.taxonomy import Category

MOST_LINES = 20_000
LONGEST_CELL = 50_000
_EARLIEST = date(1990, 1, 1)
_WALL = ZoneInfo("Europe/London")
_DAYS = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", " at %H:%M")


class Column(StrEnum):
    """What a column holds."""

    DATE = "date"
    PLACE = "place"
    DESCRIPTION = "description"
    ACTION = "action"
    RECORDER = "recorder"
    PUPIL = "pupil"
    OTHERS = "others"
    CATEGORY = "category"


# Headings as the two layouts have them, in small letters without marks.
_HEADINGS = {
    Column.DATE: ("date", "incident date", "date of incident", "date and time", "incident date time", "when"),
    Column.PLACE: ("where the incident took place", "where", "place", "location"),
    Column.DESCRIPTION: (
        "description of the incident",
        "description",
        "incident",
        "incident text",
        "details",
        "narrative",
    ),
    Column.ACTION: ("action taken", "actions taken", "action", "actions", "actions text"),
    Column.RECORDER: (
        "name and signature of staff member recording the incident",
        "name of staff member recording the incident",
        "recorded by",
        "added by",
        "reported by",
        "staff member",
    ),
    Column.PUPIL: ("student", "pupil", "student name", "pupil name", "name", "child"),
    Column.OTHERS: ("linked students", "linked pupils", "other students", "other pupils"),
    Column.CATEGORY: ("categories", "category", "main category", "type"),
}
_NEEDED = (Column.DATE, Column.DESCRIPTION)
# What words in a column of places say about where it was.
_ONLINE = ("online", "internet", "snapchat", "instagram", "whatsapp", "tiktok", "youtube", "email", "e-mail", "game")


@dataclass(frozen=True)
class Line:
    """One line of a spreadsheet; `number` is that of the spreadsheet itself, its heading being line 1."""

    number: int
    cells: dict[Column, str]

    def text(self, column: Column) -> str:
        """Return what stands in a column; nothing where the spreadsheet has no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class Past:
    """What one line says, ready to be kept. Its day is known; its time only where it was written."""

    happened_at: datetime
    has_time: bool
    place: Place
    place_detail: str
    description: str
    action: str
    recorder: str
    names: tuple[str, ...]
    category: Category | None
    category_words: str


def read_lines(content: bytes) -> list[Line]:
    """Return the lines of a CSV file (UTF-8 or Windows, comma, semicolon or tab).

    Refused: no text, no heading that is known, over 20,000 lines, a cell over 50,000 letters.
    """
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        return list(_lines(rows))
    except csv.Error as fault:
        raise Refused("not_csv", f"Line {rows.line_num} cannot be read. Is a quotation mark missing?") from fault


def past_of(line: Line, *, today: date) -> Past:
    """Return what a line says; Refused with what is wrong with it."""
    moment, has_time = _moment(line.text(Column.DATE), today)
    description = line.text(Column.DESCRIPTION)
    if not description:
        raise Refused("description_missing", "There is no description of what happened.")
    where = line.text(Column.PLACE)
    words = line.text(Column.CATEGORY)
    names = [line.text(Column.PUPIL), *line.text(Column.OTHERS).replace(";", ",").split(",")]
    return Past(
        happened_at=moment,
        has_time=has_time,
        place=_place(where),
        place_detail=where,
        description=description,
        action=line.text(Column.ACTION) or "Not written in the earlier record.",
        recorder=line.text(Column.RECORDER),
        names=tuple(dict.fromkeys(name.strip() for name in names if name.strip())),
        category=next((one for one in Category if one.value in words.casefold()), None),
        category_words=words,
    )


def _decoded(content: bytes) -> str:
    if not content.strip():
        raise Refused("file_empty", "There is nothing in this file.")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("file_is_workbook", "This is a workbook. Open it and save it as CSV, then choose the new file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise Refused("file_unreadable", "This file is no text that can be read. Save the spreadsheet as CSV (UTF-8).")
    return text


def _delimiter(text: str) -> str:
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _lines(rows: Iterator[list[str]]) -> Iterator[Line]:
    columns: dict[int, Column] | None = None
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        if columns is None:
            columns = _columns(row)
            # A title may stand above the headings, as on the paper log.
            if columns is None and number > 5:
                break
            continue
        if number > MOST_LINES + 5:
            raise Refused("file_long", f"There are more than {MOST_LINES:,} lines. Divide the file, and take each.")
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise Refused("cell_long", f"Line {number} holds a text of more than {LONGEST_CELL:,} letters.")
        yield Line(number, {column: row[place] for place, column in columns.items() if place < len(row)})
    if columns is None:
        raise Refused(
            "headings_unknown",
            "No line of headings is found. It has at least a date and a description, such as: Date, Where the incident"
            " took place, Description of the incident, Action taken, Recorded by.",
        )


def _columns(row: list[str]) -> dict[int, Column] | None:
    found: dict[int, Column] = {}
    for place, cell in enumerate(row):
        words = " ".join("".join(letter if letter.isalnum() else " " for letter in cell.casefold()).split())
        column = next((column for column, known in _HEADINGS.items() if words in known), None)
        if column is not None and column not in found.values():
            found[place] = column
    return found if all(column in found.values() for column in _NEEDED) else None


def _moment(text: str, today: date) -> tuple[datetime, bool]:
    words = " ".join(text.split())
    for day in _DAYS:
        for clock in _TIMES:
            try:
                found = datetime.strptime(words, f"{day}{clock}")  # noqa: DTZ007 - what the clock on the wall said
            except ValueError:
                continue
            return _checked(found, bool(clock), today)
    raise Refused("date_unreadable", "There is no date that can be read. Write it like 12/11/2024.")


def _checked(found: datetime, has_time: bool, today: date) -> tuple[datetime, bool]:
    if found.date() > today:
        raise Refused("date_in_future", "The date is in the future.")
    if found.date() < _EARLIEST:
        raise Refused("date_too_early", f"The year {found.year} cannot be right.")
    moment = found if has_time else datetime.combine(found.date(), time(12))
    return moment.replace(tzinfo=_WALL), has_time


def _place(words: str) -> Place:
    said = words.casefold()
    if any(word in said for word in _ONLINE):
        return Place.ONLINE
    if any(word in said for word in ("home", "outside", "off site", "off-site", "bus", "street")):
        return Place.OFF_SITE
    return Place.IN_SCHOOL if said.strip() else Place.UNKNOWN
