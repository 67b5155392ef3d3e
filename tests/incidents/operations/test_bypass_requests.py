"""Letting a website through: asked, decided by somebody else, switched on, ended by itself, taken off."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage
from incidents.models import BypassRequest
from incidents.operations import bypass_requests
from incidents.operations.bypass_requests import LONGEST_DAYS, decide, expire_due, switch_on, take_off, withdraw
from incidents.statuses import BypassState
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.filtering import ask_bypass

LATER = NOW + timedelta(hours=1)
OVER = NOW + timedelta(days=2)


def told(what: str) -> set[str]:
    rows = OutboxMessage.objects.filter(dedupe_key__startswith=f"bypass_{what}:")
    return set(rows.values_list("recipient__full_name", flat=True))


def agreed(cast: Cast) -> BypassRequest:
    row = ask_bypass(cast.school, by=cast.teacher)
    decide(bypass=row, is_agreed=True, reason="It is needed.", by=cast.dsl, at=LATER)
    return row


def state(row: BypassRequest) -> str:
    row.refresh_from_db()
    return row.state


def test_a_website_goes_all_the_way(cast: Cast) -> None:
    row = ask_bypass(cast.school, by=cast.teacher)
    assert told("asked") == {"Dora Safe", "Dennis Deputy", "Olive Online"}
    decide(bypass=row, is_agreed=True, reason="It is needed.", by=cast.dsl, at=LATER)
    assert told("decided") == {"Tessa Teacher", "Ned Network"}
    switch_on(bypass=row, by=cast.ict, at=LATER)
    assert (state(row), told("on")) == (BypassState.ON, {"Tessa Teacher"})

    assert expire_due(now=OVER - timedelta(seconds=1)) == 0
    assert expire_due(now=OVER) == 1
    assert (state(row), row.expired_at, told("over")) == (BypassState.EXPIRED, OVER, {"Ned Network"})
    take_off(bypass=row, by=cast.ict, at=OVER + timedelta(hours=1))

    assert (state(row), row.taken_off_by) == (BypassState.OFF, cast.ict)
    events = AuditEvent.objects.filter(target=f"bypass:{row.pk}").order_by("seq")
    assert [one.event.partition(".")[2] for one in events] == [
        "asked",
        "decided",
        "switched_on",
        "expired",
        "taken_off",
    ]
    assert [one.actor_name for one in events if one.event == "bypass.expired"] == ["The system"]


def test_what_is_over_ends_once_however_often_it_is_looked_at(cast: Cast) -> None:
    row = agreed(cast)
    switch_on(bypass=row, by=cast.ict, at=LATER)

    assert [expire_due(now=OVER), expire_due(now=OVER), expire_due(now=OVER + timedelta(days=1))] == [1, 0, 0]

    assert OutboxMessage.objects.filter(dedupe_key__startswith="bypass_over:").count() == 1
    assert AuditEvent.objects.filter(event="bypass.expired", target=f"bypass:{row.pk}").count() == 1


@pytest.mark.parametrize("is_decided", [False, True])
def test_what_was_never_switched_on_lapses_and_whoever_asked_is_told(cast: Cast, is_decided: bool) -> None:
    row = agreed(cast) if is_decided else ask_bypass(cast.school, by=cast.teacher)

    assert expire_due(now=OVER) == 1

    assert (state(row), told("over")) == (BypassState.LAPSED, {"Tessa Teacher"})
    with pytest.raises(Refused):
        switch_on(bypass=row, by=cast.ict, at=OVER)


def test_nothing_due_costs_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    ask_bypass(cast.school, by=cast.teacher)

    with django_assert_num_queries(1):
        assert expire_due(now=LATER) == 0


def test_one_that_fails_holds_up_no_other(cast: Cast, monkeypatch: Any, caplog: Any) -> None:
    rows = [ask_bypass(cast.school, by=cast.teacher) for _ in range(2)]
    broken, record = rows[0].pk, bypass_requests._record

    def fails_once(row: BypassRequest, *args: Any) -> None:
        if row.pk == broken:
            raise RuntimeError("volcano")
        record(row, *args)

    monkeypatch.setattr(bypass_requests, "_record", fails_once)
    with caplog.at_level(logging.ERROR):
        assert expire_due(now=OVER) == 1
    assert "volcano" not in caplog.text

    assert sorted(state(row) for row in rows) == [BypassState.ASKED, BypassState.LAPSED]
    monkeypatch.setattr(bypass_requests, "_record", record)
    assert expire_due(now=OVER) == 1


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"url": "volcanoes"}, "no_address"),
        ({"purpose": " "}, "purpose_missing"),
        ({"ends_at": NOW}, "over_already"),
        ({"days": LONGEST_DAYS + 1}, "too_long"),
        ({"starts_at": NOW + timedelta(days=3)}, "over_already"),
    ],
)
def test_what_cannot_be_asked_is_refused(cast: Cast, details: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask_bypass(cast.school, by=cast.teacher, **details)

    assert refusal.value.code == code


def test_nobody_decides_what_they_asked_for(cast: Cast) -> None:
    row = ask_bypass(cast.school, by=cast.dsl)
    assert told("asked") == {"Dennis Deputy", "Olive Online"}

    with pytest.raises(Refused) as refusal:
        decide(bypass=row, is_agreed=True, reason="Needed.", by=cast.dsl, at=LATER)

    assert refusal.value.code == "own_request"
    decide(bypass=row, is_agreed=False, reason="Use the other one.", by=cast.deputy, at=LATER)
    assert (state(row), told("decided")) == (BypassState.DECLINED, {"Dora Safe"})


def test_a_decision_has_its_reason(cast: Cast) -> None:
    with pytest.raises(Refused, match="why"):
        decide(bypass=ask_bypass(cast.school, by=cast.teacher), is_agreed=True, reason=" ", by=cast.dsl, at=LATER)


def test_only_what_was_agreed_is_switched_on_and_only_in_time(cast: Cast) -> None:
    with pytest.raises(Refused):
        switch_on(bypass=ask_bypass(cast.school, by=cast.teacher), by=cast.ict, at=LATER)
    with pytest.raises(Refused, match="over"):
        switch_on(bypass=agreed(cast), by=cast.ict, at=OVER)


def test_it_can_be_taken_off_early_but_not_twice(cast: Cast) -> None:
    row = agreed(cast)
    switch_on(bypass=row, by=cast.ict, at=LATER)
    take_off(bypass=row, by=cast.ict, at=LATER)

    assert state(row) == BypassState.OFF
    with pytest.raises(Refused):
        take_off(bypass=row, by=cast.ict, at=LATER)
    assert expire_due(now=OVER) == 0


def test_whoever_asked_takes_it_back_and_nobody_else(cast: Cast) -> None:
    row = agreed(cast)
    with pytest.raises(Refused, match="Somebody else"):
        withdraw(bypass=row, by=cast.dsl, at=LATER)

    withdraw(bypass=row, by=cast.teacher, at=LATER)

    assert state(row) == BypassState.WITHDRAWN
    assert expire_due(now=OVER) == 0
