"""Letting a website through: what each role sees and may do."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import BypassRequest
from incidents.operations import bypass_requests
from incidents.statuses import BypassState
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.conftest import Clock
from tests.incidents.filtering import ask_bypass
from tests.incidents.pages import address, browser, words

SENT = {
    "url": "https://example-video.co.uk/volcano",
    "purpose": "Science, volcanoes.",
    "user_group": "key_stage_2",
    "first_day": "2026-11-17",
    "last_day": "2026-11-20",
}
YES = {"decision": "agreed", "reason": "It is needed."}


def page_of(cast: Cast, who: str, row: BypassRequest) -> Any:
    return browser(cast[who]).get(address("bypass-detail", cast.school, bypass_id=row.pk))


def press(cast: Cast, who: str, name: str, row: BypassRequest, data: dict[str, str] | None = None) -> Any:
    return browser(cast[who]).post(address(name, cast.school, bypass_id=row.pk), data or {})


def test_a_teacher_asks_the_team_decides_and_ict_switches_it_on(cast: Cast, clock: Clock) -> None:
    answer = browser(cast.teacher).post(address("bypass-add", cast.school), SENT, follow=True)
    assert "You are told what they decide" in words(answer)
    row = BypassRequest.objects.get()
    assert (row.starts_at.hour, row.ends_at - row.starts_at) == (0, timedelta(days=4))

    assert "Record the decision" in words(page_of(cast, "dsl", row))
    press(cast, "dsl", "bypass-decide", row, YES)
    assert "Record that it is let through" in words(page_of(cast, "ict", row))
    press(cast, "ict", "bypass-switch-on", row)
    assert "It is let through until" in words(page_of(cast, "ict", row))
    assert "It is needed." in words(page_of(cast, "teacher", row))
    clock.at = row.ends_at
    bypass_requests.expire_due(now=row.ends_at)

    assert "its time is over, take it off" in words(page_of(cast, "ict", row))
    assert "ended by itself" in words(page_of(cast, "teacher", row))
    assert "1 to take off" in words(browser(cast.ict).get(address("school-home", cast.school)))
    press(cast, "ict", "bypass-take-off", row)
    row.refresh_from_db()
    assert row.state == BypassState.OFF


@pytest.mark.parametrize(
    ("name", "state", "may"),
    [
        ("bypass-decide", BypassState.ASKED, {"dsl", "deputy"}),
        ("bypass-switch-on", BypassState.AGREED, {"ict"}),
        ("bypass-take-off", BypassState.ON, {"ict"}),
        ("bypass-withdraw", BypassState.ASKED, {"teacher"}),
    ],
)
@pytest.mark.parametrize("who", ["teacher", "colleague", "dsl", "deputy", "head", "ict", "governor"])
def test_each_step_is_somebodys(cast: Cast, name: str, state: BypassState, may: set[str], who: str) -> None:
    row = ask_bypass(cast.school, by=cast.teacher)
    if state != BypassState.ASKED:
        bypass_requests.decide(bypass=row, is_agreed=True, reason="Needed.", by=cast.dsl, at=NOW)
    if state == BypassState.ON:
        bypass_requests.switch_on(bypass=row, by=cast.ict, at=NOW)

    press(cast, who, name, row, YES)

    row.refresh_from_db()
    assert (row.state != state) is (who in may)


def test_a_colleague_sees_neither_the_request_nor_that_there_is_one(cast: Cast) -> None:
    row = ask_bypass(cast.school, by=cast.teacher)

    assert page_of(cast, "colleague", row).status_code == 404
    assert "volcano" not in words(browser(cast.colleague).get(address("bypass-list", cast.school)))
    assert "volcano" in words(browser(cast.teacher).get(address("bypass-list", cast.school)))
    assert "volcano" in words(browser(cast.ict).get(address("bypass-list", cast.school)))


def test_nobody_decides_their_own_and_is_told_so(cast: Cast) -> None:
    row = ask_bypass(cast.school, by=cast.dsl)

    assert "Somebody else of the safeguarding team decides" in words(page_of(cast, "dsl", row))
    assert "You asked for this yourself" in words(press(cast, "dsl", "bypass-decide", row, YES))
    row.refresh_from_db()
    assert row.state == BypassState.ASKED


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"url": "volcanoes"}, "That is not a web address."),
        ({"purpose": ""}, "Write down what you need it for."),
        ({"user_group": "class 5A"}, "Choose a group in the list."),
        ({"last_day": "2026-11-16"}, "That day is over."),
        ({"first_day": "2026-11-19", "last_day": "2026-11-18"}, "The last day is before the first."),
        ({"last_day": "2026-12-01"}, "14 days at most"),
        ({"first_day": "0001-01-01"}, "That day is over."),
        ({"last_day": "9999-12-31"}, "years away"),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(cast: Cast, changed: dict[str, str], said: str) -> None:
    answer = browser(cast.teacher).post(address("bypass-add", cast.school), SENT | changed)

    assert said in words(answer)
    assert changed.get("purpose", "Science, volcanoes.") in words(answer)
    assert not BypassRequest.objects.exists()


def test_fourteen_days_are_not_too_many(cast: Cast) -> None:
    browser(cast.teacher).post(address("bypass-add", cast.school), {**SENT, "last_day": "2026-11-30"})

    assert BypassRequest.objects.count() == 1


def test_the_team_is_told_on_its_day_of_what_others_asked(cast: Cast) -> None:
    ask_bypass(cast.school, by=cast.teacher)
    ask_bypass(cast.school, by=cast.dsl)

    assert "1 to decide" in words(browser(cast.dsl).get(address("school-home", cast.school)))
    assert "2 to decide" in words(browser(cast.deputy).get(address("school-home", cast.school)))


@pytest.mark.parametrize("who", ["ict", "teacher"])
def test_pages_take_the_same_statements_however_many_there_are(cast: Cast, who: str) -> None:
    row = ask_bypass(cast.school, by=cast.teacher)
    before = _statements(cast, who, row)
    for _ in range(5):
        ask_bypass(cast.school, by=cast.teacher)

    assert _statements(cast, who, row) == before == (5, 4)


def _statements(cast: Cast, who: str, row: BypassRequest) -> tuple[int, int]:
    client = browser(cast[who])
    numbers = []
    for name, values in (("bypass-list", {}), ("bypass-detail", {"bypass_id": row.pk})):
        url = address(name, cast.school, **values)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        numbers.append(len(captured))
    return numbers[0], numbers[1]
