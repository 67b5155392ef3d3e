"""The page of sanctions: what was decided about each pupil, for none too, with who decided it and why."""

from typing import Any

import pytest

from incidents.models import Incident, Sanction
from tests.conftest import Cast
from tests.factories import alleged, harmed, make_incident, make_person
from tests.incidents.operations.test_actions import close
from tests.incidents.operations.test_contacts import part
from tests.incidents.operations.test_sanctions import decide
from tests.incidents.pages import browser, case_address, main, title, value_of, words
from tests.incidents.views.test_actions import OTHERS
from tests.incidents.views.test_incidents_queries import count, settled

LIST = 10
SAID = {
    "decision": "some",
    "what": "Two days <without> the phone",
    "reason": "He knew & laughed.",
    "decided_by": "Hetty Head",
    "decided_on": "2026-11-16",
}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case in which one pupil was harmed and another is said to have done it."""
    named = [make_person(school=cast.school, name=name) for name in ("Amira Hadley", "Ben Reed")]
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(named[0]), alleged(named[1])])


def add(cast: Cast, case: Incident, *, by: str = "dsl", **changes: Any) -> Any:
    sent = {**SAID, "pupil": str(part(case, "Ben Reed").pk), **changes}
    return browser(cast[by]).post(case_address("sanction-add", case), sent)


def test_a_decision_stands_with_who_made_it_and_why(cast: Cast, case: Incident) -> None:
    form = browser(cast.dsl).get(case_address("sanction-list", case))
    assert value_of(form, "decided_by") == "Dora Safe"
    assert "Nothing is decided." in main(form)

    answer = add(cast, case)

    assert answer["Location"] == case_address("sanction-list", case)
    page = main(browser(cast.deputy).get(answer["Location"]))
    for stands in (SAID["what"], SAID["reason"], "Hetty Head", "yesterday", "Dora Safe"):
        assert stands in page
    assert page.index("Ben Reed") < page.index("Amira Hadley")


def test_no_sanction_is_a_decision(cast: Cast, case: Incident) -> None:
    add(cast, case, decision="none")

    assert Sanction.objects.get().is_none
    assert "No sanction" in main(browser(cast.dsl).get(case_address("sanction-list", case)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pupil": ""}, "Choose a pupil."),
        ({"what": " "}, "Write down which sanction it is."),
        ({"reason": ""}, "Write down why."),
    ],
)
def test_a_refusal_keeps_everything_that_was_typed(
    cast: Cast, case: Incident, changes: dict[str, str], sentence: str
) -> None:
    answer = add(cast, case, **changes)

    assert sentence in words(answer)
    assert title(answer).startswith("Error: ")
    for name in ("what", "reason"):
        assert value_of(answer, name) == {**SAID, **changes}[name]
    assert not Sanction.objects.exists()


def test_on_a_closed_case_nothing_is_added_and_nothing_typed_is_lost(cast: Cast, case: Incident) -> None:
    close(cast, case)

    assert "This case is closed." in main(browser(cast.dsl).get(case_address("sanction-list", case)))
    refused = add(cast, case)
    assert "This case is closed. Open it again first." in words(refused)
    assert value_of(refused, "reason") == SAID["reason"]


@pytest.mark.parametrize("by", OTHERS)
def test_to_everybody_else_there_is_no_such_page(cast: Cast, case: Incident, by: str) -> None:
    assert browser(cast[by]).get(case_address("sanction-list", case)).status_code in (403, 404)
    assert add(cast, case, by=by).status_code in (403, 404)
    assert not Sanction.objects.exists()


def test_the_page_asks_as_often_for_many_as_for_one(cast: Cast, case: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    target = case_address("sanction-list", case)
    decide(cast, case)
    client.get(target)
    few = count(lambda: client.get(target))
    for number in range(12):
        decide(cast, case, "Amira Hadley" if number % 2 else "Ben Reed")

    assert few == count(lambda: client.get(target)) == LIST
