"""The queue: its order, each filter, the search in sealed text, and its pages."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from accounts.models import Relation, User
from accounts.operations import people
from accounts.roles import Role
from incidents.models import Incident
from incidents.operations.incidents import Involved
from incidents.queries.incidents import COUNT_LIMIT, PAGE, QueueFilter, QueuePage, queue_owners, queue_page
from incidents.queries.rows import CaseRow
from incidents.routes import About
from incidents.statuses import Level, Outcome, Part, Status
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_member, make_person, person_of


def found(cast: Cast, *, by: str = "dsl", number: int = 1, **chosen: str) -> QueuePage:
    return queue_page(cast.access(by), QueueFilter(**chosen), number=number)


def set_columns(incident: Incident, **columns: Any) -> None:
    Incident.objects.filter(pk=incident.pk).update(**columns)


def ids(rows: Sequence[CaseRow | Incident]) -> list[UUID]:
    """Return which cases these are, in their order."""
    return [row.pk if isinstance(row, Incident) else row.id for row in rows]


def many(cast: Cast, count: int, *, handled_by: str = "dsl") -> list[Incident]:
    """Return so many plain rows, made in one go: an old one first."""
    model = make_incident(school=cast.school, by=cast.teacher)
    columns = {field.attname: getattr(model, field.attname) for field in Incident._meta.fields}
    for sealed in ("narrative", "action_taken", "place_detail", "late_reason", "online_service"):
        columns.pop(sealed)
    rows = [
        Incident(
            **columns
            | {
                "id": uuid.uuid4(),
                "draft_id": uuid.uuid4(),
                "reference": f"OAK-X{number}",
                "logged_at": NOW - timedelta(minutes=count - number),
                "handled_by": handled_by,
            },
            narrative="A video.",
            action_taken="Nothing yet.",
        )
        for number in range(count)
    ]
    Incident.objects.filter(pk=model.pk).update(
        status=Status.CLOSED, outcome="resolved", closed_at=NOW, closed_by=cast.dsl
    )
    return Incident.objects.bulk_create(rows)


def test_danger_comes_first_then_what_is_due_next_then_the_newest(cast: Cast) -> None:
    due: list[timedelta | None] = [None, timedelta(hours=-1), timedelta(hours=5)]
    logged = [timedelta(days=2), timedelta(hours=1)]
    expected = []
    for level, due_in, ago in itertools.product((Level.DANGER, Level.HIGH, Level.STANDARD), due, logged):
        incident = make_incident(school=cast.school, by=cast.teacher, at=NOW - ago)
        set_columns(incident, level=level, next_due_at=None if due_in is None else NOW + due_in)
        expected.append((level, due_in is None, due_in or timedelta(), ago, incident))
    make_incident(school=cast.next_door, by=cast.next_door_teacher, is_danger_reported=True)

    rows = found(cast).rows

    assert [row.reference for row in rows] == [row[-1].reference for row in sorted(expected, key=lambda row: row[:4])]


@pytest.mark.parametrize("status", Status)
def test_the_queue_is_narrowed_to_one_status_and_shows_open_ones_otherwise(cast: Cast, status: Status) -> None:
    made = {}
    for each in Status:
        made[each] = make_incident(school=cast.school, by=cast.teacher)
        closed = {"closed_at": NOW, "closed_by": cast.dsl, "outcome": Outcome.RESOLVED}
        set_columns(made[each], status=each, **(closed if each is Status.CLOSED else {}))

    assert ids(found(cast, status=status).rows) == ids([made[status]])
    assert set(ids(found(cast).rows)) == {incident.pk for each, incident in made.items() if each is not Status.CLOSED}


@pytest.mark.parametrize("category", Category)
def test_the_queue_is_narrowed_to_one_category(cast: Cast, category: Category) -> None:
    made = {each: make_incident(school=cast.school, by=cast.teacher, category=each) for each in Category}

    assert ids(found(cast, category=category).rows) == ids([made[category]])


def test_the_queue_is_narrowed_to_a_year_group_as_it_was_on_the_day(cast: Cast) -> None:
    pupil, other = make_person(school=cast.school, year_group="6"), make_person(school=cast.school, year_group="7")
    six = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil), Involved(Part.WITNESS, other)])
    make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school))])
    type(pupil).objects.filter(pk=pupil.pk).update(year_group="7")

    assert ids(found(cast, year_group="6").rows) == ids(found(cast, year_group="7").rows) == ids([six])
    assert ids(found(cast, year_group="8").rows) == ids([])
    assert found(cast, year_group="6").total == 1


def test_the_queue_is_narrowed_to_an_owner_or_to_nobody(cast: Cast) -> None:
    owned, nobodys = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    set_columns(owned, owner=cast.deputy)

    assert ids(found(cast, owner=str(cast.deputy.pk)).rows) == ids([owned])
    assert ids(found(cast, owner="none").rows) == ids([nobodys])
    assert ids(found(cast, owner=str(cast.dsl.pk)).rows) == ids([])


def test_filters_narrow_together(cast: Cast) -> None:
    wanted = make_incident(school=cast.school, by=cast.teacher, category=Category.CONTACT)
    make_incident(school=cast.school, by=cast.teacher, category=Category.CONTENT)
    owned = make_incident(school=cast.school, by=cast.teacher, category=Category.CONTACT)
    set_columns(owned, owner=cast.dsl)

    assert ids(found(cast, category="contact", owner="none", year_group="5", text="video").rows) == ids([wanted])


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Zoë", True),
        ("ZOE", True),
        ("zoe\u0308 n\u00fan\u0303ez", True),
        ("ñez", True),
        ("scary clown", True),
        ("CLOWN SCARY zoe", True),
        ("ＣＬＯＷＮ", True),  # noqa: RUF001 - wide letters, as a phone's keyboard may write them
        ("Told the head of year", True),
        ("Roblocks", True),
        ("straße", True),
        ("STRASSE", True),
        ("\u0301", True),
        ("clown witch", False),
        ("%", False),
        ("cl_wn", False),
        (".*", False),
        ("'; --", False),
    ],
)
def test_every_word_is_looked_for_in_names_and_text_whatever_the_accents(cast: Cast, text: str, is_found: bool) -> None:
    pupil = make_person(school=cast.school, name="Zoë Núñez")
    wanted = make_incident(
        school=cast.school,
        by=cast.teacher,
        people=[harmed(pupil)],
        narrative="A scary CLOWN in the Straße.",
        action_taken="Told the head of year.",
        online_service="Roblocks",
    )
    make_incident(school=cast.next_door, by=cast.next_door_teacher, narrative="A scary clown in the Straße. Zoë Núñez")

    assert ids(found(cast, text=text).rows) == ids([wanted] if is_found else [])


def test_a_reference_is_found_in_part_and_in_small_letters(cast: Cast) -> None:
    wanted, _ = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))

    assert ids(found(cast, text=wanted.reference.lower()).rows) == ids([wanted])
    assert ids(found(cast, text=wanted.reference[4:]).rows) == ids([wanted])


def test_a_search_finds_open_cases_in_the_order_of_the_queue_and_closed_ones_when_asked(cast: Cast) -> None:
    old = make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(days=3))
    danger = make_incident(school=cast.school, by=cast.teacher, is_danger_reported=True)
    closed = make_incident(school=cast.school, by=cast.teacher)
    set_columns(closed, status=Status.CLOSED, closed_at=NOW, closed_by=cast.dsl, outcome=Outcome.RESOLVED)

    assert ids(found(cast, text="video").rows) == ids([danger, old])
    assert ids(found(cast, text="video", status="closed").rows) == ids([closed])


def test_a_search_never_looks_into_what_one_may_not_read(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    people.relate(person=pupil, related=person_of(cast.dsl, cast.school), relation=Relation.PARENT, at=NOW)
    hidden = make_incident(school=cast.school, by=cast.teacher, people=[alleged(pupil)], narrative="unicorn")
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, narrative="unicorn")

    assert ids(found(cast, text="unicorn").rows) == ids([])
    assert found(cast, text="unicorn").total == 0
    assert ids(found(cast, text="unicorn", by="deputy").rows) == ids([hidden])
    assert ids(found(cast, text="unicorn", by="head").rows) == ids([adult])


def test_pages_divide_the_queue_and_one_past_the_end_is_the_last(cast: Cast) -> None:
    rows = many(cast, 2 * PAGE + 3)

    pages = [found(cast, number=number) for number in (1, 2, 3)]

    listed = [row for page in pages for row in page.rows]
    assert ids(listed) == ids(list(reversed(rows)))
    assert [(page.previous, page.next) for page in pages] == [(None, 2), (1, 3), (2, None)]
    assert [page.words for page in pages] == ["1 to 25 of 53", "26 to 50 of 53", "51 to 53 of 53"]
    assert all(page.is_total_exact and page.pages == 3 for page in pages)
    for number in (4, 999_999):
        assert found(cast, number=number) == pages[2]
    for number in (0, -7):
        assert found(cast, number=number) == pages[0]


def test_a_page_of_found_ones_past_the_end_is_the_last_one_too(cast: Cast) -> None:
    many(cast, PAGE + 2)

    page = found(cast, text="video", number=9)

    assert (page.number, len(page.rows), page.total, page.words) == (2, 2, PAGE + 2, "26 to 27 of 27")


def test_an_empty_queue_is_one_page(cast: Cast) -> None:
    for page in (found(cast), found(cast, text="x"), found(cast, number=5)):
        assert (page.rows, page.total, page.number, page.pages, page.next, page.previous) == ([], 0, 1, 1, None, None)


def test_counting_stops_at_a_thousand(cast: Cast) -> None:
    many(cast, COUNT_LIMIT)
    exact = found(cast)
    assert (exact.total, exact.is_total_exact) == (COUNT_LIMIT, True)

    make_incident(school=cast.school, by=cast.teacher)

    more = found(cast, number=40)
    assert (more.total, more.is_total_exact, more.pages, len(more.rows)) == (COUNT_LIMIT, False, 40, PAGE)
    assert more.words == "976 to 1000 of more than 1,000"


def test_owners_on_offer_are_those_who_handle_such_cases(cast: Cast) -> None:
    def offered(name: str) -> list[User]:
        return queue_owners(cast.access(name), at=NOW)

    assert offered("dsl") == [cast.deputy, cast.dsl, cast.online_safety_lead]
    assert offered("head") == [cast.head]
    make_member(school=cast.school, role=Role.STAFF, user=cast.head)
    assert offered("head") == [cast.head]
