"""People of a case and of a form, whatever is typed to find them."""

import uuid

import pytest

from accounts.models import Person, PersonKind
from accounts.operations.people import leave
from incidents.operations.incidents import Involved
from incidents.queries.people import find_people, involved_people, people_by_id
from incidents.statuses import Part
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_person


@pytest.mark.parametrize(
    "query",
    [
        *(
            "\x00",
            "a\x00b",
            "x" * 100_000,
            "a b " * 5000,
            "\u202e\u202e\u202e",
            "👩\u200d👧",
            "\ud7ff\uffff",
            "\u0301\u0301",
        ),
        *("\\", "\\\\", "[a-", "(((", "a{9999}", "^$", ".*", "%%", "__", "' OR 1=1 --", "\\y\\m", "*+?"),
    ],
)
def test_nothing_that_is_typed_breaks_the_search(cast: Cast, query: str) -> None:
    make_person(school=cast.school, name="Mia Marlow")

    assert find_people(cast.school, query) == []


@pytest.mark.parametrize(
    "query", ["mi", "MARL", "mia mar", "marlow mia", "Mía", "o'n", "oneill-s", "mia\x00", "  mi  "]
)
def test_somebody_is_found_by_the_beginning_of_any_of_their_names(cast: Cast, query: str) -> None:
    pupils = [make_person(school=cast.school, name=name) for name in ("Mia Marlow", "Ned O'Neill-Smith")]
    make_person(school=cast.next_door, name="Mia Marlow")
    left = make_person(school=cast.school, name="Mia Marlow")
    leave(person=left, on=NOW.date(), at=NOW)
    wanted = {"o'n": pupils[1:], "oneill-s": []}.get(query, pupils[:1])

    assert find_people(cast.school, query) == wanted


def test_only_people_of_the_school_are_found_by_id(cast: Cast) -> None:
    here, there = make_person(school=cast.school), make_person(school=cast.next_door)

    found = people_by_id(cast.school, [here.pk, there.pk, cast.teacher.pk, uuid.uuid4()])

    assert found == {str(here.pk): here}
    assert people_by_id(cast.school, []) == {}


def test_those_who_were_harmed_stand_first_and_parts_spread_to_nobody(cast: Cast) -> None:
    anna, bella, carl = (make_person(school=cast.school, name=f"{name} Test") for name in ("Anna", "Bella", "Carl"))
    adult = make_person(school=cast.school, kind=PersonKind.CONTACT, name="Dana Test")
    people = [
        Involved(Part.NAMED, adult),
        Involved(Part.WITNESS, carl),
        Involved(Part.ALLEGED, description="A man in a van"),
        Involved(Part.HARMED, bella),
        Involved(Part.HARMED, anna),
    ]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people)
    other = make_incident(school=cast.school, by=cast.teacher, people=[Involved(Part.WITNESS, anna)])

    rows = involved_people(incident)

    assert [(row.name, row.part) for row in rows] == [
        ("Anna Test", "harmed"),
        ("Bella Test", "harmed"),
        ("A man in a van", "alleged"),
        ("Carl Test", "witness"),
        ("Dana Test", "named"),
    ]
    assert [row.part for row in involved_people(other)] == ["witness"]
    Person.objects.filter(pk=anna.pk).update(year_group="6", form="6B")
    assert involved_people(incident)[0].detail == "Year 5, 5A"
