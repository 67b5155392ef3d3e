"""The pages of searches: the register, the form, and who may know of which."""

import uuid
from typing import Any

import pytest

from incidents.models import SearchRecord
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import make_person
from tests.incidents.devices import make_search
from tests.incidents.operations.test_referrals import case_of
from tests.incidents.pages import address, browser, case_address, main, title, value_of, words
from tests.incidents.views.test_incidents_queries import count, settled

LIST = 5
GROUNDS = "Two pupils saw a vape."


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "search_id": str(uuid.uuid4()),
        "whose_words": "A girl in Year 9",
        "authority": "headteacher",
        "authoriser": str(cast.head.pk),
        "searched_by": str(cast.dsl.pk),
        "witness": str(cast.deputy.pk),
        "searched_date": "2026-11-17",
        "searched_time": "08:00",
        "place": "Office",
        "grounds": GROUNDS,
        "is_explained": "yes",
        "is_agreed": "yes",
        "sought": "A vape",
        "has_found": "no",
        "is_parent_told": "yes",
        **changes,
    }


def test_a_search_of_no_case_stands_in_the_register(cast: Cast) -> None:
    client = browser(cast.head)
    assert "No search was recorded." in main(client.get(address("search-list", cast.school)))
    page = client.post(address("search-add", cast.school), typed(cast), follow=True)

    for stands in ("The search is recorded.", "A girl in Year 9", "nothing was found", GROUNDS, "Dennis Deputy"):
        assert stands in words(page)
    for name, code in (("teacher", 403), ("ict", 403), ("governor", 403), ("next_door_dsl", 404)):
        assert browser(cast[name]).get(address("search-list", cast.school)).status_code == code


def test_a_search_of_a_case_stands_there_and_in_the_register_of_its_readers(cast: Cast) -> None:
    incident, pupil = case_of(cast), make_person(school=cast.school, name="Mia Marlow")
    target = case_address("search-case-add", incident)
    found = browser(cast.dsl).post(target, typed(cast, whose_query="mia", action="find", whose_words=""))
    assert "Mia Marlow" in main(found)
    assert value_of(found, "sought") == "A vape"
    page = browser(cast.dsl).post(target, typed(cast, whose=str(pupil.pk), whose_query="mia"), follow=True)

    assert "Mia Marlow" in main(page)
    assert SearchRecord.objects.get().pupil == pupil
    assert "Mia Marlow" in main(browser(cast.dsl).get(address("search-list", cast.school)))
    assert "Mia Marlow" not in main(browser(cast.head).get(address("search-list", cast.school)))


def test_whoever_a_case_is_about_is_not_offered_and_learns_nothing(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)
    form = browser(cast.head).get(case_address("search-case-add", incident))
    assert "Colin Colleague</option>" not in words(form)

    refused = browser(cast.head).post(
        case_address("search-case-add", incident), typed(cast, witness=str(cast.colleague.pk))
    )
    assert "Choose somebody in the list" in words(refused)
    assert browser(cast.dsl).get(case_address("search-case-add", incident)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"whose_words": ""}, "Say who was searched"),
        ({"authority": ""}, "Say who authorised it"),
        ({"grounds": " "}, "on what grounds"),
        ({"witness": ""}, "say below why nobody was"),
        ({"is_agreed": "no"}, "searched all the same"),
        ({"has_found": "yes"}, "what was found"),
        ({"is_parent_told": "no"}, "why they were not told yet"),
        ({"is_explained": ""}, "whether it was explained"),
        ({"searched_date": "2026-11-18"}, "That is in the future"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_recorded(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    page = browser(cast.dsl).post(address("search-add", cast.school), typed(cast, **changes))

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert not SearchRecord.objects.exists()


def test_who_is_not_the_head_cannot_be_named_as_the_head(cast: Cast) -> None:
    page: Any = browser(cast.dsl).post(address("search-add", cast.school), typed(cast, authoriser=str(cast.dsl.pk)))

    assert "Dora Safe is not the headteacher." in words(page)


def test_the_register_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    client, target = settled(browser(cast.dsl), cast), address("search-list", cast.school)
    counts = []
    for number in (1, 6):
        for _ in range(number):
            make_search(cast.school, by=cast.dsl, witness=cast.deputy, pupil=make_person(school=cast.school))
        counts.append(count(lambda: client.get(target)))

    assert counts == [LIST, LIST]
