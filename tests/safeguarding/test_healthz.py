"""The health check: 200 while the database answers and the sweep runs, 503 with what is wrong, and no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from accounts import heartbeats
from accounts.models import OutboxMessage
from tests.accounts.owing import owe
from tests.factories import make_school

OUTBOX, DUTIES = "deliver_outbox:timer", "sweep_duties:timer"


def _beat(seconds_ago: float, *names: str) -> None:
    moment = heartbeats.database_now(connection) - timedelta(seconds=seconds_ago)
    for name in names or (OUTBOX, DUTIES):
        heartbeats.beat(name, handled=0, now=moment)


def _health(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get(reverse("healthz"))
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("seconds_ago", "status"), [(0, 200), (30, 200), (110, 200), (125, 503), (86_400, 503)])
def test_a_sweep_may_be_two_minutes_old(db: None, client: Client, seconds_ago: float, status: int) -> None:
    _beat(seconds_ago)

    code, body = _health(client)

    assert code == status
    assert body["status"] == ("ok" if status == 200 else "late")
    assert body["problems"] == ([] if status == 200 else ["sweep", "duties"])


@pytest.mark.parametrize(("late", "problem"), [(OUTBOX, "sweep"), (DUTIES, "duties")])
def test_it_says_which_of_the_two_sweeps_is_late(db: None, client: Client, late: str, problem: str) -> None:
    _beat(0)
    _beat(130, late)

    code, body = _health(client)

    assert (code, body["problems"]) == (503, [problem])


def test_before_the_first_sweep_it_is_late(db: None, client: Client) -> None:
    assert _health(client) == (503, {"status": "late", "problems": ["sweep", "duties"], "sweep_at": None})


def test_a_direct_call_to_the_worker_does_not_stand_in_for_the_timer(db: None, client: Client) -> None:
    _beat(0, OUTBOX, "sweep_duties:worker")

    assert _health(client)[0] == 503


@pytest.mark.parametrize(
    ("seconds_overdue", "columns", "problems"),
    [
        (0, {}, []),
        (110, {}, []),
        (130, {}, ["outbox"]),
        (130, {"tries": 1}, []),
        (130, {"sent_at": True}, []),
        (130, {"dead_at": True}, []),
    ],
)
def test_a_message_that_nobody_tries_to_send_is_a_problem(
    db: None, client: Client, seconds_overdue: int, columns: dict[str, Any], problems: list[str]
) -> None:
    now = heartbeats.database_now(connection)
    _beat(0)
    owe(make_school(), at=now - timedelta(seconds=seconds_overdue))
    OutboxMessage.objects.update(**{name: now if value is True else value for name, value in columns.items()})

    code, body = _health(client)

    assert body["problems"] == problems
    assert code == (503 if problems else 200)


def test_a_database_that_does_not_answer_is_said_and_not_a_failure_of_the_page(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("connection to server at 'db.internal' failed")

    with monkeypatch.context() as outage:
        outage.setattr(BaseDatabaseWrapper, "cursor", refuse)
        answer = Client(raise_request_exception=False).get(reverse("healthz"))

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["database"]
    assert b"db.internal" not in answer.content


def test_the_databases_clock_decides_and_not_the_hosts(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _beat(0)
    far_off = heartbeats.database_now(connection) + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: far_off)

    assert _health(client)[0] == 200


def test_it_names_nothing_of_the_house(db: None, client: Client) -> None:
    make_school()
    _beat(0)

    answer = client.get(reverse("healthz"))

    assert set(answer.json()) == {"status", "problems", "sweep_at"}
    assert not answer.cookies
    assert "Server" not in answer.headers


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(db: None, client: Client, method: str) -> None:
    assert getattr(client, method)(reverse("healthz")).status_code == 405
