"""What the worker runs, and what the web process never loads."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import heartbeats, outbox
from accounts.models import Heartbeat, OutboxMessage
from safeguarding.celery import app
from safeguarding.embedded import environment
from safeguarding.tasks import deliver_outbox
from tests.accounts.owing import owe
from tests.factories import make_school


def test_what_is_due_is_sent_and_a_heartbeat_left(db: None, mailoutbox: list[EmailMessage]) -> None:
    before = heartbeats.database_now(connection)
    owe(make_school(), 3, at=before)

    sent = deliver_outbox(origin="timer")

    assert sent == len(mailoutbox) == 3
    beat = Heartbeat.objects.get()
    assert (beat.name, beat.handled) == ("deliver_outbox:timer", 3)
    assert before <= beat.finished_at <= heartbeats.database_now(connection)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"origin": "timer"}, "deliver_outbox:timer"),
        ({"origin": "worker"}, "deliver_outbox:worker"),
        ({"origin": "anything else"}, "deliver_outbox:worker"),
        ({}, "deliver_outbox:worker"),
        ({"of a later version": 1}, "deliver_outbox:worker"),
    ],
)
def test_a_heartbeat_says_who_asked(db: None, arguments: dict[str, Any], name: str) -> None:
    deliver_outbox(**arguments)

    assert list(heartbeats.last_beats()) == [name]


def test_a_heartbeat_is_moved_on_and_never_doubled(db: None) -> None:
    deliver_outbox(origin="timer")
    first = heartbeats.last_beats()["deliver_outbox:timer"]

    deliver_outbox(origin="timer")

    assert heartbeats.last_beats()["deliver_outbox:timer"] > first


@pytest.mark.parametrize("days", [-2, 2])
def test_no_hosts_clock_moves_a_message(
    db: None, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    now = heartbeats.database_now(connection)
    school = make_school()
    owe(school, at=now)
    owe(school, at=now + timedelta(days=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=days))

    deliver_outbox(origin="timer")

    assert OutboxMessage.objects.filter(sent_at__isnull=False).count() == 1


def test_a_sweep_that_failed_leaves_no_heartbeat(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: object) -> int:
        raise ConnectionError("No database.")

    monkeypatch.setattr(outbox, "deliver_due", fail)

    with pytest.raises(ConnectionError):
        deliver_outbox(origin="timer")

    assert heartbeats.last_beats() == {}


def test_everything_on_the_timetable_is_a_task_that_exists() -> None:
    entries = app.conf.beat_schedule.values()

    assert entries
    for entry in entries:
        assert entry["task"] in app.tasks
        assert entry["kwargs"] == {"origin": "timer"}
        assert entry["schedule"] <= 60
        assert entry["options"]["expires"] <= entry["schedule"]


def test_tasks_carry_only_json_and_outlive_a_worker() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.broker_transport_options["visibility_timeout"] > app.conf.task_time_limit
    assert app.conf.task_soft_time_limit > outbox.LONGEST_SWEEP_SECONDS


def test_the_web_process_never_loads_the_worker_or_the_pdf_writer() -> None:
    probe = (
        "import sys, safeguarding.wsgi; from django.urls import reverse; reverse('home');"
        "print([name for name in ('celery', 'kombu', 'weasyprint') if name in sys.modules])"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment.for_tests(os.environ),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.stdout.strip() == "[]", outcome.stderr


def test_a_probe_is_refused_outside_a_demonstration(db: None, settings: LazySettings) -> None:
    make_school()
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("probe_delivery")

    assert not OutboxMessage.objects.exists()
