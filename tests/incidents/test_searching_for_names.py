"""Looking people up tells nothing: of another school, of cases, of what is not there (AB-1)."""

import itertools
import string
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import AuditEvent
from incidents.operations import sharing
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.pages import address, browser

pytestmark = pytest.mark.django_db


def _found(client: Any, cast: Cast, query: str) -> tuple[int, list[Any]]:
    answer = client.post(address("person-search", cast.school), {"q": query})
    return answer.status_code, answer.json()


@pytest.fixture
def client(cast: Cast, settings: LazySettings) -> Any:
    settings.SECOND_FACTOR_REQUIRED = False
    return browser(cast.teacher)


def test_a_pupil_of_the_school_next_door_is_nobody(cast: Cast, client: Any) -> None:
    for number in range(20):
        make_person(school=cast.next_door, name=f"Zorinda Quill{number}")

    names = ("Zorinda", "zo qu", "Quill1", "Zorinda Quill0", "Nora Next")
    answers = {name: _found(client, cast, name) for name in names}

    assert set(map(str, answers.values())) == {str(_found(client, cast, "Xqzzy Nobody"))}


def test_being_in_a_case_changes_nothing_of_what_is_found(cast: Cast, client: Any) -> None:
    """Whoever has a case about them, a sealed one or none is told of in the same words, in the same order."""
    people = [make_person(school=cast.school, name=f"Zorinda Quill{number}") for number in range(4)]
    before = {query: _found(client, cast, query) for query in ("Zorinda", "quill", "Quill3", "zo")}

    make_incident(school=cast.school, by=cast.colleague, people=[alleged(people[0]), harmed(people[1])])
    sealed = make_incident(school=cast.school, by=cast.colleague, people=[harmed(people[3])])
    sharing.seal(incident=sealed, named=[cast.deputy], reason="Few.", by=cast.dsl, at=NOW)

    assert {query: _found(client, cast, query) for query in before} == before
    assert len(before["Zorinda"][1]) == 4
    assert {frozenset(row) for _, rows in before.values() for row in rows} == {frozenset({"id", "name", "detail"})}


def test_a_walk_through_the_alphabet_takes_ten_at_a_time_and_never_a_single_letter(cast: Cast, client: Any) -> None:
    for number in range(15):
        make_person(school=cast.school, name=f"Zorinda Quill{number}")

    assert len(_found(client, cast, "Zorinda")[1]) == 10
    for query in ("", " ", "z", "z ", "%", "__", "%%", *string.ascii_lowercase[:4]):
        assert _found(client, cast, query) == (200, []), query


@pytest.mark.parametrize("query", ["Zorinda%", "_orinda", "Zor' OR '1'='1", "Z" * 10_000, "zo\r\nri", "Zo\\"])
def test_a_query_is_a_name_and_nothing_else(cast: Cast, client: Any, query: str) -> None:
    make_person(school=cast.school, name="Zorinda Quill")

    assert _found(client, cast, query) == (200, [])


def test_what_was_looked_for_stands_in_no_address_and_no_ledger(cast: Cast, client: Any) -> None:
    assert client.get(address("person-search", cast.school), {"q": "Zorinda"}).status_code == 405
    before = AuditEvent.objects.count()

    for first, second in itertools.product("zq", "zoru"):
        _found(client, cast, first + second)

    kept = "".join(map(str, AuditEvent.objects.all()[before:].values_list("summary", "data", "target")))
    assert "zo" not in kept
