"""The pages of the register of low-level concerns."""

from typing import Any

import pytest

from accounts.models import AuditEvent
from incidents.models import Incident, LowLevelConcern
from tests.conftest import Cast
from tests.factories import make_person, person_of
from tests.incidents.pages import address, browser, main, title

SENT = {
    "whose_query": "",
    "whose_words": "",
    "kind": "favourites",
    "what": "Gives one pupil small presents.",
    "context": "After the club.",
    "happened_on": "2026-11-16",
    "shared_by": "A colleague",
    "action": "",
}


def add(cast: Cast, by: str = "head", about: str = "colleague", **changes: Any) -> Any:
    data = {**SENT, "whose": str(person_of(cast[about], cast.school).pk), **changes}
    return browser(cast[by]).post(address("low-level-add", cast.school), data, follow=True)


def test_one_is_entered_found_again_and_decided(cast: Cast) -> None:
    shown = main(add(cast))

    row = LowLevelConcern.objects.get()
    for words in ("Colin Colleague", "Having favourites", "Gives one pupil small presents.", "After the club."):
        assert words in shown
    url = address("low-level-decide", cast.school, concern_id=row.pk)
    refused = browser(cast.head).post(url, {"decision": "guidance", "reason": " "})
    assert title(refused).startswith("Error: ")
    assert "Write down why. It is kept." in main(refused)
    decided = browser(cast.head).post(url, {"decision": "guidance", "reason": "We spoke."}, follow=True)
    assert "Guidance was given." in main(decided)
    listed = main(browser(cast.head).get(address("low-level-list", cast.school)))
    assert "Guidance was given" in listed
    # That it was read is in its own chain.
    events = AuditEvent.objects.filter(chain__name=f"case:{row.pk}").values_list("event", flat=True)
    assert "low_level.read" in events


def test_the_same_person_again_is_said_on_the_list_and_beside_the_concern(cast: Cast) -> None:
    add(cast)
    shown = main(add(cast, what="Waited for her at the gate."))

    assert "Gives one pupil small presents." in shown
    listed = main(browser(cast.head).get(address("low-level-list", cast.school)))
    assert "2 concerns within two years" in listed
    assert "1 other, 1 of this kind" in listed


def test_somebody_is_looked_for_by_name_and_never_a_pupil(cast: Cast) -> None:
    make_person(school=cast.school, name="Colette Child")
    data = {**SENT, "whose": "", "whose_query": "col", "action": "find"}

    shown = main(browser(cast.head).post(address("low-level-add", cast.school), data))

    assert "Colin Colleague, Staff" in shown
    assert "Colette" not in shown
    assert "Gives one pupil small presents." in shown
    assert not LowLevelConcern.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"whose": ""}, "Say who it is about, as far as it is known."),
        ({"what": " "}, "Write down what they did or said."),
        ({"kind": ""}, "Choose what kind of conduct it is."),
        ({"shared_by": ""}, "Write down who shared it"),
        ({"happened_on": "2031-01-01"}, "That is in the future. Check the date."),
        ({"whose": "nonsense"}, "Choose one of these."),
    ],
)
def test_what_is_missing_is_said(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    answer = add(cast, **changes)

    assert title(answer).startswith("Error: ")
    assert sentence in main(answer)
    assert not LowLevelConcern.objects.exists()


def test_what_the_head_enters_about_themselves_is_gone_from_their_pages(cast: Cast) -> None:
    shown = main(add(cast, about="head", is_self_referral="on"))

    assert "It went to somebody else, because of whom it is about." in shown
    assert "Hetty Head" not in shown
    url = address("low-level-detail", cast.school, concern_id=LowLevelConcern.objects.get().pk)
    assert browser(cast.head).get(url).status_code == 404
    assert browser(cast.chair).get(url).status_code == 200


@pytest.mark.parametrize("name", ["dsl", "deputy", "colleague", "governor", "ict", "administrator"])
def test_nobody_else_has_a_register(cast: Cast, name: str) -> None:
    add(cast)
    row = LowLevelConcern.objects.get()
    for url in (
        address("low-level-list", cast.school),
        address("low-level-add", cast.school),
        address("low-level-detail", cast.school, concern_id=row.pk),
    ):
        assert browser(cast[name]).get(url).status_code == 403


def test_what_may_be_worse_becomes_a_case_that_opens_next(cast: Cast) -> None:
    add(cast)
    url = address("low-level-decide", cast.school, concern_id=LowLevelConcern.objects.get().pk)

    answer = browser(cast.head).post(url, {"decision": "allegation", "reason": "The third time."}, follow=True)

    case = Incident.objects.get()
    assert answer.redirect_chain[-1][0] == case.get_absolute_url()
    assert "This is the case." in answer.content.decode()
