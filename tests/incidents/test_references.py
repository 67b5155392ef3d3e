"""References: random, readable aloud, free of any order, unique at a school and whatever case they are typed in."""

import itertools
import re
from collections import Counter
from unittest import mock

import pytest

from incidents.models import Incident
from incidents.references import ALPHABET, new_reference
from tests.conftest import Cast
from tests.factories import make_incident


def test_a_reference_is_the_schools_letters_and_four_that_are_never_mixed_up() -> None:
    made = [new_reference("OAK") for _ in range(2000)]

    assert all(re.fullmatch(rf"OAK-[{ALPHABET}]{{4}}", reference) for reference in made)
    assert {"0", "1", "I", "L", "O", "U"} & set(ALPHABET) == set()
    assert re.fullmatch(rf"OAK-[{ALPHABET}]{{6}}", new_reference("OAK", length=6))


def test_references_follow_no_order() -> None:
    made = [new_reference("OAK") for _ in range(3000)]

    assert len(set(made)) > 2950
    rises = sum(one < two for one, two in itertools.pairwise(made))
    assert 1300 < rises < 1700
    seen = Counter(letter for reference in made for letter in reference[4:])
    assert set(seen) == set(ALPHABET)
    assert max(seen.values()) < 1.5 * min(seen.values())


def test_a_reference_that_is_taken_is_drawn_again(cast: Cast) -> None:
    drawn = ["OAK-2222", "OAK-2222", "OAK-2222", "OAK-3333"]

    with mock.patch("incidents.operations.incidents.new_reference", side_effect=drawn):
        first = make_incident(school=cast.school, by=cast.teacher)
        second = make_incident(school=cast.school, by=cast.teacher)

    assert (first.reference, second.reference) == ("OAK-2222", "OAK-3333")


def test_a_longer_one_is_drawn_where_the_short_ones_are_taken(cast: Cast) -> None:
    def draw(prefix: str, *, length: int) -> str:
        return f"{prefix}-{'2' * length}"

    with mock.patch("incidents.operations.incidents.new_reference", draw):
        made = [make_incident(school=cast.school, by=cast.teacher).reference for _ in range(2)]
        with pytest.raises(RuntimeError, match="No free case reference"):
            make_incident(school=cast.school, by=cast.teacher)

    assert made == ["OAK-2222", "OAK-222222"]
    assert Incident.objects.count() == 2


def test_two_schools_may_draw_the_same_one(cast: Cast) -> None:
    with mock.patch("incidents.operations.incidents.new_reference", return_value="SAM-2222"):
        here = make_incident(school=cast.school, by=cast.teacher)
        there = make_incident(school=cast.next_door, by=cast.next_door_teacher)

    found = Incident.objects.for_school(cast.school).by_reference("sam-2222")
    assert list(found) == [here]
    assert there not in found
