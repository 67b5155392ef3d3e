"""The register of checks: who enters one, and what a failed one leads to."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import FilteringTicket
from incidents.operations import filtering_checks
from policies.models import FilteringCheck
from policies.statuses import CheckResult
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.pages import address, browser, words
from tests.policies.operations.test_filtering_checks import checked

SENT = {
    "kind": "filtering",
    "checked_on": "2026-11-16",
    "device": "Library PC 4",
    "location": "Library",
    "user_group": "key_stage_2",
    "tested": "The test page.",
    "result": "works",
    "noticed": "",
}


@pytest.mark.parametrize(
    ("who", "code"),
    [("ict", 302), ("dsl", 302), ("head", 302), ("teacher", 403), ("governor", 403), ("next_door_dsl", 404)],
)
def test_who_enters_a_check(cast: Cast, who: str, code: int) -> None:
    answer = browser(cast[who]).post(address("filtering-check-add", cast.school), SENT)

    assert (answer.status_code, FilteringCheck.objects.exists()) == (code, code == 302)
    assert browser(cast[who]).get(address("filtering-check-list", cast.school)).status_code in (200, code)


def test_it_stands_in_the_register_with_who_and_where(cast: Cast) -> None:
    browser(cast.ict).post(address("filtering-check-add", cast.school), SENT)

    page = words(browser(cast.dsl).get(address("filtering-check-list", cast.school)))

    for said in ("16 November 2026", "The test page.", "Library PC 4", "Years 3 to 6", "Ned Network", "Works"):
        assert said in page


def test_one_that_failed_leads_to_its_ticket(cast: Cast) -> None:
    sent = {**SENT, "result": "failed", "noticed": "Adult pages open."}

    answer = browser(cast.ict).post(address("filtering-check-add", cast.school), sent)

    ticket = FilteringTicket.objects.get()
    assert answer["Location"] == address("filtering-ticket-detail", cast.school, ticket_id=ticket.pk)
    page = words(browser(cast.dsl).get(address("filtering-check-list", cast.school)))
    assert str(ticket.pk) in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"result": "failed"}, "Write down what did not work."),
        ({"checked_on": "2026-11-18"}, "in the future"),
        ({"device": " "}, "Say on which device you checked."),
        ({"kind": "other"}, "Choose one of these."),
        ({"tested": ""}, "Write down what you tested."),
    ],
)
def test_what_is_missing_is_said(cast: Cast, changed: dict[str, str], said: str) -> None:
    answer = browser(cast.ict).post(address("filtering-check-add", cast.school), SENT | changed)

    assert said in words(answer)
    assert not FilteringCheck.objects.exists()


def test_the_register_takes_the_same_statements_however_long_it_is(cast: Cast) -> None:
    def enter(**details: Any) -> None:
        one = checked(**details)
        filtering_checks.enter(school=cast.school, checked=one, role="dsl", by=cast.ict, at=NOW)

    enter(result=CheckResult.FAILED, noticed="It opens.")
    before = _statements(cast)
    for _ in range(4):
        enter()
        enter(result=CheckResult.FAILED, noticed="It opens.")

    assert _statements(cast) == before == 5


def _statements(cast: Cast) -> int:
    client = browser(cast.ict)
    client.get(address("filtering-check-list", cast.school))
    with CaptureQueriesContext(connection) as captured:
        client.get(address("filtering-check-list", cast.school))
    return len(captured)
