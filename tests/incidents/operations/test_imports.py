"""Past incidents from a spreadsheet: every line accounted for, none lost, none twice, nobody told, nothing owed."""

import base64
import csv
import io

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import OutboxMessage, PersonKind
from incidents.models import ChronologyEntry, Import, ImportLine, Incident, InvolvedPerson, Obligation
from incidents.operations import imports
from incidents.statuses import LineState, Place, Precision, Status
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, make_person
from tests.numbers import examples

LOG = (
    "Date",
    "Where the incident took place",
    "Description of the incident",
    "Action taken",
    "Name and signature of staff member recording the incident",
)
EXPORT = ("Student", "Date", "Categories", "Incident", "Actions", "Added By", "Linked Students")


def sheet(heading: tuple[str, ...], *rows: tuple[str, ...], delimiter: str = ",") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([heading, *rows])
    return written.getvalue().encode()


def look_at(cast: Cast, content: bytes) -> Import:
    return imports.read(
        school=cast.school, file_name="log.csv", content=content, category=Category.CONDUCT, by=cast.dsl, at=NOW
    )


def take(cast: Cast, content: bytes) -> Import:
    found = look_at(cast, content)
    imports.want(taken_from=found, by=cast.dsl, at=NOW)
    imports.take_waiting(now=NOW, goes_on=lambda: True)
    found.refresh_from_db()
    return found


def account(found: Import) -> list[tuple[int, str]]:
    return list(found.lines.order_by("number").values_list("number", "state"))


def test_the_paper_log_is_taken_over_as_closed_cases_and_nobody_is_told(cast: Cast) -> None:
    row = ("12/11/2024", "Online, at home", "A message frightened her.\nShe showed it.", "Spoke with her.", "R Teach")

    found = take(cast, sheet(LOG, row))

    case = Incident.objects.get()
    assert (case.status, case.is_imported, case.category, case.place) == (
        Status.CLOSED,
        True,
        Category.CONDUCT,
        Place.ONLINE,
    )
    assert (case.narrative, case.action_taken, case.place_detail) == (row[2], row[3], row[1])
    assert (str(case.happened_at), case.happened_precision) == ("2024-11-12 12:00:00+00:00", Precision.DAY)
    assert case.logged_at == NOW
    entry = ChronologyEntry.objects.get()
    assert entry.text == "Line 2 of log.csv. Recorded then by R Teach."
    assert not Obligation.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert account(found) == [(2, LineState.TAKEN)]
    assert (found.content, found.ended_at) == (None, NOW)
    assert verify_chain(cast.school) == []


def test_an_export_finds_its_pupils_by_name_and_its_categories(cast: Cast) -> None:
    mia = make_person(school=cast.school, name="Mia Marlow")
    for _ in range(2):
        make_person(school=cast.school, name="Sam Same")
    row = ("Marlow, Mia", "2024-03-05 09:10", "Online Safety; Contact", "He wrote at night.", "", "T Two", "Sam Same")

    take(cast, sheet(EXPORT, row, delimiter=";"))

    case = Incident.objects.get()
    assert (case.category, case.happened_precision) == (Category.CONTACT, Precision.TIME)
    people = InvolvedPerson.objects.filter(incident=case)
    assert people.get(person__isnull=False).person == mia
    assert people.get(person=None).description == "Sam Same"
    assert "Category then: Online Safety; Contact." in ChronologyEntry.objects.get().text


@pytest.mark.parametrize(
    ("cell", "value", "why"),
    [
        (0, "", "is no date that can be read"),
        (0, "31/02/2024", "is no date that can be read"),
        (0, "12/11/2031", "The date is in the future."),
        (0, "12/11/1924", "cannot be right"),
        (2, "  ", "There is no description"),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_the_others_go_on(cast: Cast, cell: int, value: str, why: str) -> None:
    good = ["12/11/2024", "Hall", "It happened.", "Done.", "R Teach"]
    bad = [*good[:cell], value, *good[cell + 1 :]]

    found = take(cast, sheet(LOG, tuple(good), tuple(bad)))

    assert account(found) == [(2, LineState.TAKEN), (3, LineState.REFUSED)]
    assert why in ImportLine.objects.get(number=3).why
    assert Incident.objects.count() == 1


def test_a_line_that_names_an_adult_of_the_school_is_not_for_a_spreadsheet(cast: Cast) -> None:
    make_person(school=cast.school, name="Gale Teacherson", kind=PersonKind.STAFF)

    found = look_at(cast, sheet(EXPORT, ("Gale Teacherson", "2024-03-05", "", "He shouted.", "", "", "")))

    assert account(found) == [(2, LineState.REFUSED)]
    assert "Log it as a concern" in found.lines.get().why
    with pytest.raises(Refused) as refusal:
        imports.want(taken_from=found, by=cast.dsl, at=NOW)
    assert refusal.value.code == "nothing_ready"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 a workbook", "file_is_workbook"),
        (b"\x00\x01\x02", "file_unreadable"),
        (b"Name,Colour\nMia,Red\n", "headings_unknown"),
        (b"Date,Description\n", "no_lines"),
        (b'Date,Description\n1/1/2024,"never ends\n', "not_csv"),
    ],
)
def test_what_is_no_spreadsheet_of_incidents_is_refused_whole(cast: Cast, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        look_at(cast, content)
    assert refusal.value.code == code
    assert not Import.objects.exists()


def test_looking_takes_nothing_over_and_what_is_left_out_is_forgotten(cast: Cast) -> None:
    found = look_at(cast, sheet(LOG, ("12/11/2024", "Hall", "It happened.", "Done.", "R")))
    assert not Incident.objects.exists()

    imports.drop(taken_from=found, by=cast.dsl, at=NOW)

    found.refresh_from_db()
    assert found.content is None
    assert account(found) == [(2, LineState.DROPPED)]
    for again in (imports.want, imports.drop):
        with pytest.raises(Refused):
            again(taken_from=found, by=cast.dsl, at=NOW)


def test_the_same_lines_in_another_file_are_not_taken_over_twice(cast: Cast) -> None:
    one = ("12/11/2024", "Hall", "It happened.", "Done.", "R Teach")
    two = ("13/11/2024", "Hall", "It happened.", "Done.", "R Teach")
    take(cast, sheet(LOG, one, one))
    waiting, other = look_at(cast, sheet(LOG, two)), look_at(cast, sheet(LOG, one, two, delimiter="\t"))
    for found in (waiting, other):
        imports.want(taken_from=found, by=cast.dsl, at=NOW)
    imports.take_waiting(now=NOW, goes_on=lambda: True)

    assert Incident.objects.count() == 2
    assert account(Import.objects.earliest("read_at")) == [(2, LineState.TAKEN), (3, LineState.REPEATED)]
    assert account(other) == [(2, LineState.HERE), (3, LineState.HERE)]
    assert Import.objects.filter(ended_at=None).count() == 0


def test_many_lines_with_five_in_a_hundred_broken_lose_none_and_double_none(cast: Cast) -> None:
    number_of_lines = examples(1_000, promised=10_000)

    def row(number: int) -> tuple[str, ...]:
        day = "no date" if number % 20 == 0 else f"{1 + number % 28}/{1 + number % 12}/2023"
        return day, "Playground", f"Line {number} happened.", "Spoke.", "R Teach"

    content = sheet(LOG, *(row(number) for number in range(number_of_lines)))

    found = take(cast, content)

    states = dict.fromkeys(LineState, 0)
    for state in found.lines.values_list("state", flat=True):
        states[LineState(state)] += 1
    broken = number_of_lines // 20
    whole = number_of_lines - broken
    assert (states[LineState.TAKEN], states[LineState.REFUSED], sum(states.values())) == (
        whole,
        broken,
        number_of_lines,
    )
    assert Incident.objects.count() == whole
    again = look_at(cast, content)
    assert again.lines.filter(state=LineState.HERE).count() == whole
    assert again.lines.filter(state=LineState.READY).count() == 0
    assert verify_chain(cast.school) == []


def test_a_line_with_a_picture_written_as_letters_is_refused(cast: Cast) -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
    rows = [("12/11/2024", "Online", text, "Spoke.", "R Teach") for text in ("She was afraid.", f"See {picture}")]

    found = take(cast, sheet(LOG, *rows))

    assert account(found) == [(2, LineState.TAKEN), (3, LineState.REFUSED)]
    assert "It holds a picture written as letters." in found.lines.get(number=3).why
