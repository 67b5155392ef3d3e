"""DL-4: a host whose clock is wrong, and a process in another time zone, move no deadline and tell nobody early."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import heartbeats
from incidents.models import Escalation, Obligation
from policies.operations import adoptions
from safeguarding.tasks import sweep_duties
from tests.conftest import Cast
from tests.factories import NOW, make_incident

HOUR = timedelta(hours=1)
ZONES = ("Europe/London", "UTC", "America/New_York")
SKEWS = [timedelta(minutes=-10), timedelta(minutes=10), timedelta(days=-1), timedelta(days=1)]


@contextmanager
def standing_in(zone: str) -> Iterator[None]:
    """Let this process stand in a time zone, as a container does."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def due_moments(cast: Cast, at: datetime) -> dict[str, datetime | None]:
    case = make_incident(school=cast.school, by=cast.teacher, at=at)
    return dict(Obligation.objects.filter(incident=case).values_list("key", "due_at"))


@pytest.mark.parametrize("skew", SKEWS, ids=str)
def test_a_sweep_asks_the_database_what_time_it_is(
    cast: Cast, skew: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = heartbeats.database_now(connection)
    case = make_incident(school=cast.school, by=cast.teacher, at=now - HOUR)
    Obligation.objects.filter(incident=case).update(alert_at=None)
    late, soon = Obligation.objects.filter(incident=case, kind="do", strength=2, state="open").order_by("key")[:2]
    for row, due in ((late, now - timedelta(seconds=1)), (soon, now + timedelta(minutes=5))):
        Obligation.objects.filter(pk=row.pk).update(due_at=due, alert_at=due, within="4h", starts_at=now - 4 * HOUR)
    monkeypatch.setattr(timezone, "now", lambda: now + skew)
    monkeypatch.setattr(time, "time", lambda: (now + skew).timestamp())

    sweep_duties(origin="timer")
    # The host's clock is put right by an hour: what was told is not told again.
    monkeypatch.setattr(timezone, "now", lambda: now + skew - HOUR)
    sweep_duties(origin="timer")

    assert list(Escalation.objects.values_list("obligation", flat=True)) == [late.pk]


def test_deadlines_are_the_same_in_every_time_zone_of_the_process(cast: Cast) -> None:
    early = NOW - timedelta(days=400)
    policy = {"pack_id": "junior-kings-canterbury-2023", "starts_on": early.date(), "note": "Approved"}
    adoptions.adopt(school=cast.school, at=early, by=cast.head, **policy)
    found: dict[str, list[dict[str, datetime | None]]] = {}

    for zone in ZONES:
        with standing_in(zone):
            # The evenings before summer time ends, and before it begins; an afternoon in term.
            evenings = [datetime(2026, month, day, 20, 30, tzinfo=UTC) for month, day in ((10, 24), (3, 28), (11, 17))]
            found[zone] = [due_moments(cast, at) for at in evenings]

    first = found[ZONES[0]]
    assert [found[zone] == first for zone in ZONES] == [True] * len(ZONES)
    assert all(len({due for due in moments.values() if due}) >= 2 for moments in first)
    for moments, at in zip(first, evenings, strict=True):
        aware = at - timedelta(minutes=10)
        assert moments["record:incident"] == aware + timedelta(hours=24), "elapsed hours, whatever the clocks do"
