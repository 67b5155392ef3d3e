"""Proof that the sweeps run: each leaves the moment at which it last finished."""

from datetime import datetime

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models.heartbeats import Heartbeat


def database_now(connection: BaseDatabaseWrapper) -> datetime:
    """Return the database's clock, so that no host's clock can move a deadline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def beat(name: str, *, handled: int, now: datetime) -> None:
    """Record that a sweep finished now, and how much it handled."""
    Heartbeat.objects.update_or_create(name=name, defaults={"finished_at": now, "handled": handled})


def last_beats() -> dict[str, datetime]:
    """Return when each sweep last finished, by name."""
    return dict(Heartbeat.objects.values_list("name", "finished_at"))
