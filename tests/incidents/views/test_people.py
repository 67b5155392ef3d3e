"""The type-ahead: who is found, at one's own school, whatever is typed."""

import pytest

from tests.conftest import Cast
from tests.factories import make_person
from tests.incidents.pages import address, browser


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
