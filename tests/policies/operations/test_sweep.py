"""The sweep: each thing once, whoever sweeps; the most serious first; what is broken holds up nothing else."""

import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.audit import verify_chain
from accounts.models import AuditEvent, OutboxMessage, School
from accounts.roles import Role
from policies.engine.vocabulary import Strength
from policies.models import SchoolDuty, SchoolDutyEscalation
from policies.operations import adoptions
from policies.operations.escalations import DUTIES
from policies.operations.sweep import RETRY_AFTER, Move, Swept, sweep
from tests.conftest import Cast
from tests.factories import NOW, make_member, make_school

DAY = timedelta(days=1)


def make_duties(school: School, count: int, *, due: datetime = NOW, **details: Any) -> list[SchoolDuty]:
    """Store rounds of duties that are due, each of its own key."""
    defaults: dict[str, Any] = {"owner_role": "dsl", "starts_at": due - 30 * DAY, "alert_at": due} | details
    rows = [
        SchoolDuty(
            school=school,
            duty_key=f"{uuid.uuid4()}",
            key="do:review",
            kind="do",
            target="review",
            strength=int(Strength.MUST),
            clause="1",
            pack_id="starter",
            text="Review it",
            every="1 year",
            round_on=due.date(),
            due_at=due,
            **defaults,
        )
        for _ in range(count)
    ]
    return SchoolDuty.objects.bulk_create(rows)


@pytest.fixture
def school(cast: Cast) -> School:
    """A school with a policy in force."""
    adoptions.in_force_or_default(school=cast.school, at=NOW - 60 * DAY)
    return cast.school


def swept(now: datetime = NOW, table: Any = DUTIES) -> Swept:
    return sweep(now=now, tables=[table])


def statements(act: Callable[[], object]) -> int:
    """Return how many statements it takes, the ends of transactions aside."""
    with CaptureQueriesContext(connection) as asked:
        act()
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([query for query in asked.captured_queries if not query["sql"].startswith(marks)])


def test_what_is_due_is_acted_upon_and_written_down(school: School) -> None:
    [duty] = make_duties(school, 1)

    assert swept() == Swept(told=1)

    duty.refresh_from_db()
    rung = SchoolDutyEscalation.objects.get()
    assert (rung.obligation_id, rung.step, rung.told_role, rung.at) == (duty.pk, 0, "dsl", NOW)
    assert (duty.step, duty.failures) == (1, 0)
    assert duty.alert_at == NOW + DAY
    assert OutboxMessage.objects.get().recipient == school.memberships.get(role="dsl").user
    row = AuditEvent.objects.get(event="school_duty.escalated")
    assert (row.actor, row.data) == ("system", {"duty": duty.duty_key, "step": 0, "role": "dsl"})
    assert verify_chain(school) == []


def test_twice_at_the_same_moment_is_once(school: School) -> None:
    make_duties(school, 3, due=NOW - 10 * DAY)

    assert swept().told == 3
    assert swept() == Swept()
    assert SchoolDutyEscalation.objects.count() == OutboxMessage.objects.count() == 3


def test_nothing_is_done_a_moment_too_early_or_to_what_is_settled(school: School) -> None:
    make_duties(school, 1, due=NOW + timedelta(microseconds=1))
    make_duties(school, 1, state="waived", settled_at=NOW, alert_at=None)

    assert swept() == Swept()
    assert swept(NOW + timedelta(microseconds=1)).told == 1


def test_the_most_serious_comes_first_then_the_oldest(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    [late] = make_duties(school, 1, due=NOW - DAY, severity=2)
    [later] = make_duties(school, 1, due=NOW - 2 * DAY, severity=2)
    [danger] = make_duties(school, 1, due=NOW, severity=0)
    monkeypatch.setattr("policies.operations.sweep.BATCH", 1)
    seen: list[uuid.UUID] = []

    def watched(rows: Sequence[SchoolDuty], now: datetime) -> Callable[[SchoolDuty], Move]:
        seen.extend(row.pk for row in rows)
        return DUTIES.plan(rows, now)

    assert swept(table=replace(DUTIES, plan=watched)).told == 3
    assert seen == [danger.pk, later.pk, late.pk]


def test_nothing_due_takes_one_statement_and_a_thousand_take_as_many_as_one(school: School) -> None:
    assert statements(swept) == 1
    make_duties(school, 1)
    one = statements(swept)
    make_duties(school, 999)

    assert statements(swept) == one
    assert one < 20


def test_a_second_batch_goes_on_where_the_first_ended(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.operations.sweep.BATCH", 10)
    make_duties(school, 35)

    assert swept().told == 35
    assert verify_chain(school) == []


def test_a_sweep_ends_in_time_for_the_next_one(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.operations.sweep.BATCH", 1)
    make_duties(school, 5)
    clock = iter(range(0, 1000, 12))
    monkeypatch.setattr("policies.operations.sweep.time.monotonic", lambda: float(next(clock)))

    assert swept().told == 2


# Broken rows


def poisoned(bad: set[uuid.UUID]) -> Any:
    """Return the table with rows about which nothing can be said."""

    def plan(rows: Sequence[SchoolDuty], now: datetime) -> Callable[[SchoolDuty], Move]:
        good = DUTIES.plan(rows, now)

        def move(row: SchoolDuty) -> Move:
            if row.pk in bad:
                raise ValueError("The words of the row.")
            return good(row)

        return move

    return replace(DUTIES, plan=plan)


def test_a_broken_row_is_pushed_forward_counted_and_holds_up_no_other(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    duties = make_duties(school, 20)
    bad = duties[7]

    assert swept(table=poisoned({bad.pk})) == Swept(told=19, failed=1)

    bad.refresh_from_db()
    assert (bad.failures, bad.alert_at, bad.step, bad.state) == (1, NOW + RETRY_AFTER, 0, "open")
    assert str(bad.pk) in caplog.text
    assert "words of the row" not in caplog.text
    assert swept(NOW + RETRY_AFTER).told == 1
    bad.refresh_from_db()
    assert bad.failures == 0


def test_a_thousand_broken_rows_are_survived_and_the_good_one_among_them_is_told(school: School) -> None:
    duties = make_duties(school, 1001)
    bad = {duty.pk for duty in duties[:500] + duties[501:]}

    found = swept(table=poisoned(bad))

    assert found == Swept(told=1, failed=1000)
    assert SchoolDuty.objects.filter(failures=1, alert_at=NOW + RETRY_AFTER).count() == 1000


def test_rows_that_the_database_refuses_are_found_by_halving(school: School) -> None:
    duties = make_duties(school, 200)
    bad = {duties[3].pk, duties[150].pk}

    def plan(rows: Sequence[SchoolDuty], now: datetime) -> Callable[[SchoolDuty], Move]:
        good = DUTIES.plan(rows, now)
        # The column holds no so long word: the statement for all of them fails.
        return lambda row: replace(good(row), told_role="x" * 40) if row.pk in bad else good(row)

    asked = statements(lambda: swept(table=replace(DUTIES, plan=plan)))

    assert SchoolDutyEscalation.objects.count() == OutboxMessage.objects.count() == 198
    assert set(SchoolDuty.objects.filter(failures=1).values_list("pk", flat=True)) == bad
    assert asked < 500
    assert verify_chain(school) == []


def test_reading_that_fails_for_one_row_is_isolated_too(school: School) -> None:
    duties = make_duties(school, 9)

    def plan(rows: Sequence[SchoolDuty], now: datetime) -> Callable[[SchoolDuty], Move]:
        if duties[4] in rows:
            raise DataError("unreadable")
        return DUTIES.plan(rows, now)

    assert swept(table=replace(DUTIES, plan=plan)) == Swept(told=8, failed=1)


def test_a_table_that_fails_as_a_whole_is_said_after_the_others_were_swept(school: School) -> None:
    make_duties(school, 2)

    def broken(*columns: Any) -> audit.Place:
        raise LookupError("no chain")

    with pytest.raises(LookupError):
        sweep(now=NOW, tables=[replace(DUTIES, place=broken), DUTIES])

    assert SchoolDutyEscalation.objects.count() == 2


# Several at once


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """Run it in so many threads at the same moment, each with a connection of its own."""
    gate = threading.Barrier(number)

    def one(_: int) -> Any:
        try:
            gate.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sweepers", [2, 5])
def test_any_number_of_sweepers_at_once_tell_each_once(sweepers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.operations.sweep.BATCH", 40)
    schools = [make_school(name=f"School {number}", slug=f"school-{number}") for number in range(3)]
    for school in schools:
        make_member(school=school, role=Role.DSL)
        adoptions.in_force_or_default(school=school, at=NOW - DAY)
        make_duties(school, 100)

    done = at_once(sweepers, swept)

    assert sum(found.told for found in done) == 300
    assert sum(found.failed for found in done) == 0
    assert SchoolDutyEscalation.objects.count() == OutboxMessage.objects.count() == 300
    assert AuditEvent.objects.filter(event="school_duty.escalated").count() == 300
    assert [verify_chain(school) for school in schools] == [[], [], []]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_works_on_is_left_for_later_and_nobody_waits_for_it() -> None:
    school = make_school()
    make_member(school=school, role=Role.DSL)
    adoptions.in_force_or_default(school=school, at=NOW - DAY)
    held, *_ = make_duties(school, 5)

    with transaction.atomic():
        SchoolDuty.objects.select_for_update().get(pk=held.pk)
        [meanwhile] = at_once(1, swept)

    assert meanwhile.told == 4
    assert swept().told == 1
