"""Proof that the sweeps run: each leaves when it last finished, and tells whoever watches from outside."""

import http.client
import logging
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models.heartbeats import Heartbeat

log = logging.getLogger(__name__)

# Sweeps run every fifteen or thirty seconds. Several missed in a row mean that nobody is doing their work.
LIMIT = timedelta(seconds=120)
DUTIES = "sweep_duties"
# Every page asks whether it is late, so what was found is good for as long in this process.
_REMEMBERED_SECONDS = 15.0
_PING_SECONDS = 3.0
_NEVER = timedelta(days=36_500)
_AGE = "SELECT clock_timestamp() - finished_at FROM accounts_heartbeat WHERE name = %s"
# By name: when it was asked, and how old the last good sweep was then.
_remembered: dict[str, tuple[float, timedelta]] = {}


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


def is_late(name: str) -> bool:
    """Say whether a sweep last finished too long ago, or never. By the database's clock; seldom asked twice.

    What was found good counts only as long as it can be: nobody is told a moment later that it became late.
    """
    asked_at, age = _remembered.get(name, (float("-inf"), _NEVER))
    passed = time.monotonic() - asked_at
    is_known = passed < _REMEMBERED_SECONDS
    if is_known and (age > LIMIT or age + timedelta(seconds=passed) <= LIMIT):
        return age > LIMIT
    try:
        with connection.cursor() as cursor:
            cursor.execute(_AGE, [name])
            found = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        # The page that asks has trouble enough; the health check says so.
        return name in _remembered and age > LIMIT
    age = found[0] if found else _NEVER
    _remembered[name] = time.monotonic(), age
    return age > LIMIT


def forget() -> None:
    """Ask the database again the next time."""
    _remembered.clear()


def ping(address: str) -> bool:
    """Let whoever watches from outside know that a sweep went well; say whether they heard. It never raises.

    Nothing is told but that we are alive: they raise the alarm when they hear nothing.
    """
    where = urlsplit(address)
    if not where.hostname:
        return False
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    caller = kind(where.hostname, where.port, timeout=_PING_SECONDS)
    try:
        caller.request("GET", f"{where.path or '/'}{'?' if where.query else ''}{where.query}")
        heard = caller.getresponse().status < http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException) as problem:
        log.warning("heartbeat.ping_failed problem=%s", type(problem).__name__)
        return False
    finally:
        caller.close()
    return heard
