"""The sweep over everything that is owed: what is due is acted upon once, whoever sweeps and however many do.

One transaction for each batch: the audit chains it will need are locked first, what is due is claimed past what others
hold, everything needed is read in a few statements, and the rungs, messages, audit rows and next moments are written in
a few more. What cannot be acted upon is found by halving the batch, pushed forward, counted and shown; the rest goes
on.

It waits for nobody but the chains, and holds nothing while it waits for them.
"""

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from accounts import audit, outbox
from accounts.models import AppendOnly, among
from policies.models import Owed

log = logging.getLogger(__name__)

BATCH = 1000
# It ends long before the health check would call it late, and takes no worker for long; what is left waits a little.
LONGEST_SECONDS = 30.0
RETRY_AFTER = timedelta(hours=1)
# What every row is asked; the rest of it, the words of the policy above all, is not read.
_ASKED = (
    *("school_id", "owner_role", "severity", "strength", "within", "starts_at", "due_at", "alert_at", "state"),
    *("step", "failures"),
)


@dataclass(frozen=True)
class Move:
    """What becomes of one row: who is told, what is written down, and when to look again. No role: nobody is told."""

    row: Owed
    next_at: datetime | None
    told_role: str = ""
    is_reminder: bool = False
    messages: tuple[outbox.Message, ...] = ()
    entry: audit.Entry | None = None


@dataclass(frozen=True)
class Table:
    """One table of what is owed, the table of its rungs, and what is done about it.

    `place` says in which audit chain it will be recorded, from the columns that `placed_by` names. `asked` names the
    columns that only this table's plan asks for; `plan` reads what many rows need and returns what says of each what
    becomes of it; `settle` settles what is done by now and says how much.
    """

    model: type[Owed]
    rungs: type[AppendOnly]
    placed_by: tuple[str, ...]
    place: Callable[..., audit.Place]
    asked: tuple[str, ...]
    plan: Callable[[Sequence[Any], datetime], Callable[[Any], Move]]
    settle: Callable[[datetime], int] | None = None


@dataclass
class Swept:
    """What one sweep did: rungs climbed, rows that could not be acted upon, things settled by themselves."""

    told: int = 0
    failed: int = 0
    settled: int = 0

    @property
    def handled(self) -> int:
        """How much there was to do."""
        return self.told + self.failed + self.settled


def sweep(*, now: datetime, tables: Iterable[Table]) -> Swept:
    """Act upon everything that is due in these tables, the most serious first. Twice at the same moment is once.

    Where one table or settling fails as a whole, the others are swept before the failure is raised.
    """
    ends = time.monotonic() + LONGEST_SECONDS
    done, problems = Swept(), list[Exception]()
    wanted = list(tables)
    for act, some in ((_settle, wanted), (_sweep_table, _with_due(wanted, now))):
        for table in some:
            try:
                act(table, now, done, ends)
            except Exception as problem:  # noqa: BLE001 - raised below, when the other tables have had their turn
                problems.append(problem)
    if problems:
        raise problems[0]
    return done


def _with_due(tables: list[Table], now: datetime) -> list[Table]:
    """Return the tables in which anything is due; one statement for all of them."""
    asked = [f"EXISTS (SELECT FROM {table.model._meta.db_table} WHERE alert_at <= %s)" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", [now] * len(tables))
        return [table for table, has_due in zip(tables, cursor.fetchone(), strict=True) if has_due]


def _settle(table: Table, now: datetime, done: Swept, ends: float) -> None:
    if table.settle is not None:
        done.settled += table.settle(now)


def _sweep_table(table: Table, now: datetime, done: Swept, ends: float) -> None:
    while time.monotonic() < ends:
        due = _due(table, now)
        if not due:
            break
        handled = _batch(table, due, now, done)
        if not handled or len(due) < BATCH:
            break


def _due(table: Table, now: datetime) -> dict[uuid.UUID, audit.Place]:
    """Return the ids of what is due, the most serious first, and in which audit chain each will be recorded."""
    rows = table.model.objects.filter(alert_at__lte=now).order_by("severity", "alert_at")
    return {pk: table.place(*columns) for pk, *columns in rows.values_list("pk", *table.placed_by)[:BATCH]}


@transaction.atomic
def _batch(table: Table, due: dict[uuid.UUID, audit.Place], now: datetime, done: Swept) -> int:
    audit.lock_chains(set(due.values()))
    claimed = table.model.objects.filter(pk__in=among(due), alert_at__lte=now).order_by("severity", "alert_at")
    rows = list(claimed.only(*_ASKED, *table.asked).select_for_update(skip_locked=True))
    told, failed = _attempt(table, rows, now)
    _push_forward(table, failed, now)
    done.told += told
    done.failed += len(failed)
    return len(rows)


def _attempt(table: Table, rows: list[Owed], now: datetime) -> tuple[int, list[Owed]]:
    """Act upon rows together; where that fails, upon each half, down to the rows that cannot be acted upon."""
    if not rows:
        return 0, []
    try:
        with transaction.atomic():
            return _act(table, rows, now)
    except Exception as problem:
        if connection.connection is None or connection.connection.closed:
            raise
        if len(rows) == 1:
            _say_failed(rows[0], problem)
            return 0, rows
    middle = len(rows) // 2
    halves = [_attempt(table, half, now) for half in (rows[:middle], rows[middle:])]
    return sum(told for told, _ in halves), [row for _, failed in halves for row in failed]


def _act(table: Table, rows: list[Owed], now: datetime) -> tuple[int, list[Owed]]:
    plan = table.plan(rows, now)
    moves, failed = list[Move](), list[Owed]()
    for row in rows:
        # Nothing is asked of the database here, so one that fails costs the others nothing.
        try:
            moves.append(plan(row))
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with one row, the others must not wait for it
            _say_failed(row, problem)
            failed.append(row)
    told = [move for move in moves if move.told_role]
    table.rungs.objects.insert_rows([_rung(move) for move in told], alike={"at": now}, skip_known=True)
    outbox.queue_many((message for move in told for message in move.messages), at=now)
    audit.record_many(move.entry for move in told if move.entry)
    _move_on(table, moves)
    return len(told), failed


def _rung(move: Move) -> dict[str, Any]:
    """Return the columns that every table of rungs has."""
    return {
        "school_id": move.row.school_id,
        "obligation_id": move.row.pk,
        "step": move.row.step,
        "told_role": move.told_role,
        "is_reminder": move.is_reminder,
    }


def _move_on(table: Table, moves: list[Move]) -> None:
    if not moves:
        return
    rows = [
        (str(move.row.pk), move.row.step + bool(move.told_role), move.next_at and move.next_at.isoformat())
        for move in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table.model._meta.db_table} o SET step = n.step, alert_at = n.alert_at, failures = 0
            FROM (SELECT (r->>0)::uuid, (r->>1)::smallint, (r->>2)::timestamptz FROM json_array_elements(%s) AS r)
                AS n (id, step, alert_at)
            WHERE o.id = n.id
            """,  # noqa: S608 - the table's name is ours
            [json.dumps(rows)],
        )


def _push_forward(table: Table, failed: list[Owed], now: datetime) -> None:
    if failed:
        rows = table.model.objects.filter(pk__in=[row.pk for row in failed])
        rows.update(failures=F("failures") + 1, alert_at=now + RETRY_AFTER)


def _say_failed(row: Owed, problem: Exception) -> None:
    # The kind of the problem only: its words may repeat what the row says.
    log.error("sweep.failed row=%s times=%s problem=%s", row.pk, row.failures + 1, type(problem).__name__)
