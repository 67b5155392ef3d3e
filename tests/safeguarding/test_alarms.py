"""RL-8: whether the sweep is dead, hangs or fails, three alarms say so by themselves: the page, the health check, and
the silence that whoever watches from outside hears.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import heartbeats
from accounts.models import Heartbeat
from safeguarding.tasks import deliver_outbox, sweep_duties
from tests.conftest import Cast
from tests.incidents.pages import browser

SWEEP = "sweep_duties:timer"
WORDS = "Deadlines are not being watched"
# How long after the last good sweep each alarm has to be heard, at the latest: RL-8 allows two and three minutes.
BANNER, HEALTH = timedelta(seconds=120), timedelta(seconds=180)


class Hours:
    """Lets time pass in the database and in this process alike, for the sweeps that are left as they are."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return 1_000_000.0 + self.passed

    def forward(self, seconds: float) -> None:
        """Let every heartbeat be so much older."""
        self.passed += seconds
        for beat in Heartbeat.objects.all():
            Heartbeat.objects.filter(pk=beat.pk).update(finished_at=beat.finished_at - timedelta(seconds=seconds))


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> Hours:
    """Pass time; the page's banner is as it is for everybody, and asks as seldom."""
    passing = Hours()
    heartbeats.forget()
    monkeypatch.setattr("accounts.heartbeats.time.monotonic", passing.monotonic)
    monkeypatch.setattr("safeguarding.context_processors.sweep_is_late", lambda: heartbeats.is_late(SWEEP))
    return passing


def _hang(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: None


def _fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fails() -> None:
        with monkeypatch.context() as failing:
            failing.setattr("safeguarding.tasks.sweep", _raise)
            with pytest.raises(RuntimeError):
                sweep_duties(origin="timer")

    return fails


def _sweep_with_a_frozen_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The host's clock stands still; nothing sweeps."""
    frozen = heartbeats.database_now(connection)
    monkeypatch.setattr("django.utils.timezone.now", lambda: frozen)
    return lambda: None


def _raise(**kwargs: object) -> None:
    raise RuntimeError


@pytest.mark.parametrize("stops", [_hang, _fail, _sweep_with_a_frozen_clock], ids=["dead or hung", "fails", "frozen"])
def test_a_sweep_that_stops_is_noticed_in_time_by_all_three(
    cast: Cast,
    hours: Hours,
    stops: Callable[[pytest.MonkeyPatch], Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
    settings: LazySettings,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(heartbeats, "ping", told.append)
    settings.DEAD_MAN_URL = "https://watch.example/here"
    settings.SECOND_FACTOR_REQUIRED = False
    client = browser(cast.teacher)

    def banner() -> bool:
        return WORDS in client.get(f"/s/{cast.school.slug}/").content.decode()

    def unhealthy() -> bool:
        return Client().get(reverse("healthz")).status_code == 503

    deliver_outbox(origin="timer")
    sweep_duties(origin="timer")
    assert (banner(), unhealthy(), len(told)) == (False, False, 1)
    tick, heard = stops(monkeypatch), dict[str, timedelta]()
    for seconds in range(10, 200, 10):
        hours.forward(10)
        tick()
        for name, alarm in (("banner", banner), ("health", unhealthy)):
            if alarm():
                heard.setdefault(name, timedelta(seconds=seconds))

    assert len(told) == 1, "the watcher hears nothing more, which is their alarm"
    assert heard["banner"] <= BANNER
    assert heard["health"] <= HEALTH
    assert min(heard.values()) > timedelta(seconds=60), "two missed sweeps are no alarm yet"

    sweep_duties(origin="timer")
    deliver_outbox(origin="timer")
    hours.forward(16)
    assert (banner(), unhealthy(), len(told)) == (False, False, 2)
    heartbeats.forget()
