"""People: who is found while typing, who is named on a case, and one person across cases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Person, Relation, User
from accounts.operations import people as register
from incidents.operations import identifiers
from incidents.routes import About
from incidents.statuses import Identifying
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.pages import address, browser, case_address, words


def test_people_of_ones_own_school_are_found_with_what_tells_them_apart(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow")
    make_person(school=cast.next_door, name="Mia Marlow")

    answer = browser(cast.teacher).post(address("person-search", cast.school), {"q": "mia"})

    assert answer.json() == [{"id": str(pupil.pk), "name": "Mia Marlow", "detail": "Year 5, 5A"}]
    assert answer["Cache-Control"] == "no-store"
    assert browser(cast.teacher).get(address("person-search", cast.school), {"q": "mia"}).status_code == 405
    assert browser(cast.next_door_teacher).post(address("person-search", cast.school), {"q": "mia"}).status_code == 404


def test_at_most_ten_are_found(cast: Cast) -> None:
    for number in range(12):
        make_person(school=cast.school, name=f"Mia Marlow{number}")

    assert len(browser(cast.teacher).post(address("person-search", cast.school), {"q": "mia"}).json()) == 10


@pytest.mark.parametrize("query", ["", "m", "\x00\x00", "x" * 1_000_000, "[[[", "\\", "a b c " * 1000, "<script>"])
def test_whatever_is_typed_gets_an_answer(cast: Cast, query: str) -> None:
    answer = browser(cast.teacher).post(address("person-search", cast.school), {"q": query})

    assert (answer.status_code, answer.json()) == (200, [])


def test_a_person_is_shown_across_the_cases_one_may_open(cast: Cast) -> None:
    child, friend, sister = (make_person(school=cast.school) for _ in range(3))
    register.relate(person=child, related=sister, relation=Relation.SIBLING, at=NOW)
    cases = [make_incident(school=cast.school, by=cast.teacher, people=[harmed(child), alleged(friend)]) for _ in "ab"]
    for case in cases:
        identifiers.add(incident=case, kind=Identifying.ACCOUNT, value="shadow_fox", by=cast.dsl, at=NOW)
    hidden = make_incident(
        school=cast.school,
        by=cast.teacher,
        about=About.ADULT,
        people=[harmed(child), alleged(person_of(cast.colleague, cast.school))],
    )

    page = words(browser(cast.dsl).get(address("person-detail", cast.school, person_id=child.pk)))

    assert all(case.reference in page for case in cases)
    assert hidden.reference not in page
    assert "Harmed or at risk: 2 cases" in page
    assert "Account or user name shadow_fox: 2 cases" in page
    assert f"Together with {friend.name}: 2 cases" in page
    assert sister.name in page
    assert AuditEvent.objects.filter(event="person.read", target=f"person:{child.pk}").count() == 1
    theirs = words(browser(cast.head).get(address("person-detail", cast.school, person_id=child.pk)))
    assert hidden.reference in theirs
    assert not any(case.reference in theirs for case in cases)


def test_nobody_looks_at_their_own_page_or_at_somebody_of_no_case_of_theirs(cast: Cast) -> None:
    child, away = make_person(school=cast.school), make_person(school=cast.next_door)

    def status(user: User, person: Person) -> int:
        return browser(user).get(address("person-detail", cast.school, person_id=person.pk)).status_code

    assert status(cast.dsl, child) == 200
    assert status(cast.head, child) == 404
    assert status(cast.teacher, child) in (403, 404)
    assert status(cast.dsl, person_of(cast.dsl, cast.school)) == 404
    assert status(cast.dsl, away) == 404


def test_its_statements_do_not_grow_with_the_cases(cast: Cast) -> None:
    child = make_person(school=cast.school)
    client, path = browser(cast.dsl), address("person-detail", cast.school, person_id=child.pk)
    make_incident(school=cast.school, by=cast.teacher, people=[harmed(child)])
    client.get(path)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        counts.append(len(seen))
        for _ in range(4):
            make_incident(
                school=cast.school, by=cast.teacher, people=[harmed(child), alleged(make_person(school=cast.school))]
            )
    assert counts[0] == counts[1] <= 17


def test_somebody_more_is_named_by_searching_without_a_script(cast: Cast) -> None:
    case, child = make_incident(school=cast.school, by=cast.teacher), make_person(school=cast.school, name="Mia Marlow")
    client, path = browser(cast.dsl), case_address("case-people", case)

    found = client.post(path, {"action": "find", "query": "mia", "part": "witness", "description": ""})
    assert f"add_person:{child.pk}" in found.content.decode()
    added = client.post(
        path, {"action": f"add_person:{child.pk}", "query": "mia", "part": "witness", "description": ""}, follow=True
    )

    assert "Mia Marlow is named on this case" in words(added)
    assert case.people.get(person=child).part == "witness"
    client.post(path, {"action": "describe", "query": "", "part": "alleged", "description": "A man online"})
    assert case.people.get(person=None).description == "A man online"


@pytest.mark.parametrize("action", ["describe", "add_person:nobody", "add_person:", "add_person:" + "0" * 32])
def test_nobody_named_is_said_and_what_was_typed_stays(cast: Cast, action: str) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)

    page = browser(cast.dsl).post(
        case_address("case-people", case), {"action": action, "query": "zzz", "part": "named", "description": ""}
    )

    assert "Choose somebody, or describe them." in words(page)
    assert 'value="zzz"' in page.content.decode()
    assert case.people.count() == 1
