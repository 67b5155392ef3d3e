"""What the worker runs, and what the web process never loads."""

import gc
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from django.conf import LazySettings, settings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import heartbeats, outbox
from accounts.models import Heartbeat, OutboxMessage
from accounts.operations import emergency_access
from policies.models import SchoolDuty
from policies.operations import adoptions
from policies.operations.sweep import LONGEST_SECONDS
from safeguarding import tasks
from safeguarding.celery import app, keep_what_was_loaded
from safeguarding.embedded import environment
from safeguarding.tasks import deliver_outbox, note_quiet_cases, sign_ends, sweep_duties
from tests.accounts.owing import owe
from tests.conftest import Cast
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


def test_the_sweep_of_duties_leaves_a_heartbeat_and_tells_the_watcher(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(heartbeats, "ping", told.append)

    sweep_duties(origin="timer")
    settings.DEAD_MAN_URL = "https://watch.example/here"
    sweep_duties()

    assert set(heartbeats.last_beats()) == {"sweep_duties:timer", "sweep_duties:worker"}
    assert told == ["https://watch.example/here"]


def test_a_sweep_of_duties_that_failed_leaves_and_tells_nothing(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(now: object) -> int:
        raise ConnectionError("No database.")

    told: list[str] = []
    settings.DEAD_MAN_URL = "https://watch.example/here"
    monkeypatch.setattr(heartbeats, "ping", told.append)
    monkeypatch.setattr("safeguarding.tasks.TABLES", (replace(tasks.TABLES[0], settle=fail), *tasks.TABLES[1:]))

    with pytest.raises(ConnectionError):
        sweep_duties(origin="timer")

    assert (heartbeats.last_beats(), told) == ({}, [])


class Watcher(BaseHTTPRequestHandler):
    """Hears the ping, and says what it was told to say."""

    heard: ClassVar[list[str]] = []
    status = 200

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


def test_a_ping_says_nothing_but_that_we_are_alive_and_never_raises() -> None:
    server = HTTPServer(("127.0.0.1", 0), Watcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/here?id=1"
    try:
        assert heartbeats.ping(address) is True
        Watcher.status = 500
        assert heartbeats.ping(address) is False
    finally:
        server.shutdown()
        server.server_close()
    assert Watcher.heard == ["/here?id=1"] * 2
    assert heartbeats.ping(address) is False
    assert heartbeats.ping("nonsense") is False


def test_the_command_sweeps_without_the_worker(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep", "--json")
    call_command("sweep")

    printed = capsys.readouterr().out.splitlines()
    assert json.loads(printed[0]) == {"told": 0, "failed": 0, "settled": 0}
    assert printed[1] == "0 told, 0 settled, 0 could not be acted upon."
    assert "sweep_duties:timer" in heartbeats.last_beats()


def test_every_page_says_when_nobody_watches_the_deadlines_and_asks_seldom(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeats.forget()
    monkeypatch.setattr(
        "safeguarding.context_processors.sweep_is_late", lambda: heartbeats.is_late("sweep_duties:timer")
    )
    client.force_login(cast.teacher, backend="allauth.account.auth_backends.AuthenticationBackend")
    words = "Deadlines are not being watched"

    def shown() -> bool:
        return words in client.get(f"/s/{cast.school.slug}/").content.decode()

    assert shown()
    heartbeats.beat("sweep_duties:timer", handled=0, now=heartbeats.database_now(connection))
    assert shown(), "what was found is good for a quarter of a minute"
    heartbeats.forget()
    assert not shown()
    heartbeats.beat("sweep_duties:timer", handled=0, now=heartbeats.database_now(connection) - timedelta(seconds=130))
    heartbeats.forget()
    assert shown()
    client.logout()
    assert words not in client.get("/account/login/", follow=True).content.decode()
    heartbeats.forget()


def test_quiet_cases_are_looked_for_every_half_hour(db: None) -> None:
    now = heartbeats.database_now(connection)
    note_quiet_cases(origin="timer")
    first = heartbeats.last_beats()["note_quiet_cases"]
    note_quiet_cases(origin="timer")
    assert heartbeats.last_beats()["note_quiet_cases"] == first >= now

    heartbeats.beat("note_quiet_cases", handled=0, now=now - timedelta(minutes=31))
    note_quiet_cases(origin="timer")

    assert heartbeats.last_beats()["note_quiet_cases"] > first


def test_everything_on_the_timetable_is_a_task_that_exists() -> None:
    entries = app.conf.beat_schedule.values()

    assert entries
    for entry in entries:
        assert entry["task"] in app.tasks
        assert entry["kwargs"] == {"origin": "timer"}
        assert entry["schedule"] <= 60
        assert entry["options"]["expires"] <= entry["schedule"]


def test_duties_are_swept_so_often_that_three_lost_ticks_make_nobody_late() -> None:
    entry = app.conf.beat_schedule["sweep-duties"]

    assert 4 * entry["schedule"] <= 60
    assert heartbeats.LIMIT.total_seconds() / 2 > LONGEST_SECONDS


def test_a_worker_keeps_what_it_loaded_from_the_collector() -> None:
    before = gc.get_freeze_count()
    try:
        keep_what_was_loaded()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


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


def test_the_duties_of_schools_are_kept_up_by_the_timer(cast: Cast) -> None:
    now = heartbeats.database_now(connection)
    adoptions.adopt(
        school=cast.school, pack_id="starter", starts_on=timezone.localtime(now).date(), at=now, by=cast.head
    )
    SchoolDuty.objects.filter(duty_key="lessons").delete()

    assert tasks.keep_rounds() == 1
    assert tasks.keep_rounds() == 0
    assert SchoolDuty.objects.outstanding().filter(school=cast.school, duty_key="lessons").exists()


def test_the_ends_of_the_ledgers_are_signed_once_a_day_by_the_databases_clock(db: None) -> None:
    make_school()

    assert [sign_ends(origin="timer") for _ in range(2)] == [1, 0]


def test_what_was_opened_in_an_emergency_is_ended_by_the_sweep(cast: Cast) -> None:
    at = heartbeats.database_now(connection) - timedelta(hours=2)
    row = emergency_access.ask(school=cast.school, reason="x", is_danger=True, hours=1, by=cast.head, at=at)
    emergency_access.agree(emergency=row, by=cast.chair, at=at)

    sweep_duties(origin="timer")

    row.refresh_from_db()
    assert row.ended_at is not None
