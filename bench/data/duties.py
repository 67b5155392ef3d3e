"""python -m bench.data.duties fill TOTAL | measure DUE ROUNDS: what the sweep is measured on, and the measuring."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

# Obligations of each case.
_EACH = 10
_ROWS = """
INSERT INTO incidents_obligation (
    id, school_id, incident_id, key, kind, target, any_of, owner_role, strength, severity, "within", clause, pack_id,
    text, after_key, until, unless, exception, evidence, is_silent, other_times, starts_at, due_at, alert_at, step,
    state, paused_seconds, failures, why)
SELECT gen_random_uuid(), c.school_id, c.id, 'do:' || n, 'do', 'keep_safe', '{}', 'dsl', 2, n %% 4, '4h', '1',
    'starter', 'Keep them safe', '', '', '', '', '', false, '{}', %(at)s,
    %(at)s::timestamptz + interval '30 days' + n * interval '1 second',
    %(at)s::timestamptz + interval '30 days' + n * interval '1 second', 0, 'open', 0, 0, 'always'
FROM (SELECT id, school_id, row_number() OVER () AS k FROM incidents_incident) AS c,
    generate_series(1, %(each)s) AS n
"""
# One of each of so many cases, spread over all schools, and always a fresh one: no round meets what another has moved.
_MAKE_DUE = """
UPDATE incidents_obligation SET due_at = %(due)s, alert_at = %(due)s WHERE id IN (
    SELECT DISTINCT ON (incident_id) id FROM incidents_obligation
    WHERE step = 0 AND alert_at > %(later)s AND incident_id IN (
        SELECT id FROM incidents_incident ORDER BY md5(id::text || %(due)s) LIMIT %(many)s))
"""
_FLOOR = """
UPDATE incidents_obligation SET alert_at = %s WHERE id IN (
    SELECT id FROM incidents_obligation WHERE alert_at <= %s LIMIT 1000 FOR UPDATE SKIP LOCKED) RETURNING id
"""
_FAR = timedelta(days=365)


def _fill(total: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from bench.data import cases, schools

    at = timezone.now()
    plan = schools.plan(total // _EACH)
    schools.make(plan, at=at)
    cases.fill(plan, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"at": at, "each": _EACH})
        cursor.execute("VACUUM (ANALYZE)")


def _measure(due: int, rounds: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.heartbeats import database_now
    from policies.operations.sweep import sweep
    from safeguarding.celery import keep_what_was_loaded
    from safeguarding.tasks import TABLES

    keep_what_was_loaded()

    def once() -> Any:
        return sweep(now=database_now(connection), tables=TABLES)

    found: dict[str, Any] = {"floor": [], "ours": [], "processor": [], "idle": []}
    for number in range(rounds + 1):
        floor = _timed(lambda: _claim(due))
        _make_due(due)
        busy = _processor_seconds()
        ours = _timed(lambda: _swept(due, once))
        busy = _processor_seconds() - busy
        idle = _timed(lambda: _idle(once))
        # The first round fills caches: packs, keys, plans.
        if number:
            for name, seconds in (("floor", floor), ("ours", ours), ("processor", busy), ("idle", idle)):
                found[name].append(seconds)
    for name, prepare in (("statements", True), ("idle_statements", False)):
        if prepare:
            _make_due(due)
        now = database_now(connection)
        with CaptureQueriesContext(connection) as captured:
            done = sweep(now=now, tables=TABLES)
        marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        found[name] = len([query for query in captured.captured_queries if not query["sql"].startswith(marks)])
        found["told"] = found.get("told", done.told)
    return found


def _timed(act: Callable[[], float]) -> float:
    """Return how long it took from the moment that the act names as its beginning."""
    return -(act() - time.perf_counter())


def _processor_seconds() -> float:
    """Return how long processors have worked for us: this process and the server's for its connection.

    What else runs on the machine makes everything late, and this hardly.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _claim(due: int) -> float:
    from django.db import connection

    from accounts.heartbeats import database_now

    _make_due(due)
    now = database_now(connection)
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(_FLOOR, [now + _FAR, now])
        assert len(cursor.fetchall()) == due
    return began


def _swept(due: int, once: Callable[[], Any]) -> float:
    began = time.perf_counter()
    assert once().told == due
    return began


def _idle(once: Callable[[], Any]) -> float:
    began = time.perf_counter()
    assert once().handled == 0
    return began


def _make_due(due: int) -> None:
    from django.db import connection

    from accounts.heartbeats import database_now

    now = database_now(connection)
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_DUE, {"due": now - timedelta(minutes=1), "later": now + timedelta(days=1), "many": due})
        assert cursor.rowcount == due


def main() -> int:
    """Do one of the two; measuring prints what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.data.duties")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("fill").add_argument("total", type=int)
    measure = verbs.add_parser("measure")
    measure.add_argument("due", type=int)
    measure.add_argument("rounds", type=int)
    arguments = parser.parse_args()
    django.setup()
    if arguments.verb == "fill":
        _fill(arguments.total)
    else:
        json.dump(_measure(arguments.due, arguments.rounds), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
