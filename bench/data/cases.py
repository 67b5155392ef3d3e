"""Cases, people in them, chronologies and ledger rows: thought out in one table, then written by INSERT ... SELECT."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from bench.data import statements, words
from bench.data.schools import PlannedSchool

# Cases of the measured school with a long chronology, and how long it is.
LONG_CASES, LONG_CHRONOLOGY = 100, 50
_TABLES = ("incidents_incident", "incidents_involvedperson", "incidents_chronologyentry", "accounts_auditevent")
_SCRATCH = ("bench_school", "bench_case", "bench_entry", "bench_sealed", "bench_sealed_entry", "bench_filler")


def fill(planned: list[PlannedSchool], *, at: datetime) -> None:
    """Load every case of every school. Needs a superuser: triggers and foreign keys rest meanwhile."""
    with connection.cursor() as cursor:
        for setting in ("session_replication_role = replica", "synchronous_commit = off", "work_mem = '256MB'"):
            cursor.execute(f"SET {setting}")
        cursor.execute("SELECT setseed(0.5)")
    with _timed("thinking the cases out"):
        _think(planned, at)
    with _timed("sealing what will be opened"):
        words.copy_fillers()
        words.copy_sealed_texts()
        words.copy_sealed_entries()
    with _without_indexes():
        for name, statement in statements.INSERTS.items():
            with _timed(name):
                _execute(statement)
    with _timed("ends of the audit chains"):
        _execute(statements.CHAIN_ENDS)
    _execute(f"DROP TABLE {', '.join(_SCRATCH)}")
    with _timed("vacuum"):
        _execute("VACUUM (ANALYZE)")


def describe(school: PlannedSchool) -> dict[str, Any]:
    """Answer which cases of a school the measurements open."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT i.reference FROM incidents_incident i JOIN accounts_school s ON s.id = i.school_id
            WHERE s.slug = %s AND i.handled_by = 'dsl'
              AND (SELECT count(*) FROM incidents_chronologyentry e WHERE e.incident_id = i.id) >= %s
            ORDER BY i.reference
            """,
            [school.slug, LONG_CHRONOLOGY],
        )
        references = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """
            SELECT i.status, count(*) FROM incidents_incident i JOIN accounts_school s ON s.id = i.school_id
            WHERE s.slug = %s GROUP BY 1
            """,
            [school.slug],
        )
        return {"references": references, "statuses": dict(cursor.fetchall()), "word": words.RARE_WORD}


def _think(planned: list[PlannedSchool], at: datetime) -> None:
    _execute(statements.SCHOOL_TABLE)
    with connection.cursor() as cursor:
        for school in planned:
            cursor.execute(
                statements.SCHOOL_ROW,
                [school.prefix, school.cases, school.is_opened, school.is_searched, school.slug],
            )
        cursor.execute(statements.CASES, {"at": at})
        cursor.execute("CREATE INDEX ON bench_case (logged_at)")
        cursor.execute(statements.ENTRIES, {"long_cases": LONG_CASES, "long": LONG_CHRONOLOGY})


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Drop the plain indexes of the large tables and make them again at the end, which is much faster."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
            WHERE x.indrelid = ANY (%s::regclass[]) AND NOT x.indisunique
            """,
            [list(_TABLES)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with _timed(f"making {len(indexes)} indexes"), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - began:.1f} s", file=sys.stderr)
