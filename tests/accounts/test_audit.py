"""The audit ledger as it is meant to be written: numbered, chained, together with what it tells of."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction

from accounts import audit
from accounts.audit import record, verify_chain
from accounts.errors import Refused
from accounts.models import (
    AuditChain,
    AuditEvent,
)
from tests.accounts.tampering import chain_of, write_rows
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_school

OTHER_KEY = b"o" * 32


def test_rows_are_numbered_from_one_and_each_names_the_one_before(db: None) -> None:
    school = make_school()

    write_rows(school, 5)

    rows = list(AuditEvent.objects.filter(chain=chain_of(school)).order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 5
    assert bytes(rows[0].prev_hash) == b"\x00" * 32
    for before, after in itertools.pairwise(rows):
        assert bytes(after.prev_hash) == bytes(before.hash)
    assert bytes(chain_of(school).last_hash) == bytes(rows[-1].hash)
    assert verify_chain(school) == []


def test_a_row_says_who_did_what_and_when_in_a_sentence(cast: Cast) -> None:
    row = record(
        school=cast.school,
        actor=cast.dsl,
        event="test.happened",
        target="thing:1",
        summary="Did something.",
        at=NOW,
        data={"role": "dsl"},
    )

    kept = AuditEvent.objects.get(pk=row.pk)
    assert (kept.actor, kept.actor_name) == (str(cast.dsl.pk), "Dora Safe")
    assert (kept.event, kept.target, kept.summary, kept.at) == ("test.happened", "thing:1", "Did something.", NOW)
    assert kept.data == {"role": "dsl"}


def test_each_school_counts_for_itself(cast: Cast) -> None:
    before = chain_of(cast.next_door).last_seq

    write_rows(cast.school, 3)

    assert chain_of(cast.next_door).last_seq == before
    assert verify_chain(cast.next_door) == []


def test_a_chain_of_its_own_leaves_no_gap_in_the_schools(db: None) -> None:
    school = make_school()
    before = chain_of(school).last_seq

    write_rows(school, 3, chain="case:secret")

    assert chain_of(school).last_seq == before
    assert chain_of(school, "case:secret").last_seq == 3
    registered = AuditEvent.objects.filter(chain=chain_of(school, audit.REGISTER_CHAIN)).values_list(
        "target", flat=True
    )
    assert list(registered.order_by("seq")) == ["chain:school", "chain:case:secret"]
    assert verify_chain(school) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": 'ümlaut, 👩‍👧, \u202eback, \\u0041, "quoted", tab\t'},
        {"nothing": None, "yes": True, "no": False},
        {"list": [1, [2, {"three": 3}]], "empty": [], "b": 1, "a": 2, "aa": 3},
        {"big": 2**70, "negative": -1, "zero": 0},
        {"entry": str(uuid.UUID(int=7))},
    ],
)
def test_any_data_that_is_written_can_be_verified(db: None, data: dict[str, Any]) -> None:
    school = make_school()

    record(school=school, actor=None, event="test.happened", target="t", summary="S.", at=NOW, data=data)

    assert verify_chain(school) == []


@pytest.mark.parametrize("value", [1e22, -0.0, 1.5])
def test_numbers_that_the_database_writes_in_its_own_way_are_refused(db: None, value: float) -> None:
    school = make_school()

    with pytest.raises(TypeError, match="whole numbers"):
        record(school=school, actor=None, event="e", target="t", summary="S.", at=NOW, data={"list": [{"n": value}]})

    assert verify_chain(school) == []


# Keys


def test_rows_written_with_an_older_key_still_hold_after_a_new_one_came(settings: LazySettings, db: None) -> None:
    school = make_school()
    write_rows(school, 3)
    settings.AUDIT_KEYS = {"new": OTHER_KEY, **settings.AUDIT_KEYS}

    write_rows(school, 3)

    used = AuditEvent.objects.filter(chain=chain_of(school)).order_by("seq").values_list("key_id", flat=True)
    assert list(used)[-4:] == ["test-1"] + ["new"] * 3
    assert verify_chain(school) == []


def test_a_key_that_was_taken_away_is_noticed(settings: LazySettings, db: None) -> None:
    school = make_school()
    write_rows(school, 3)
    settings.AUDIT_KEYS = {"new": OTHER_KEY}

    found = {problem.chain for problem in verify_chain(school)}

    assert found == {audit.SCHOOL_CHAIN, audit.REGISTER_CHAIN}


def test_an_older_key_does_not_vouch_for_rows_of_a_newer_one(settings: LazySettings, db: None) -> None:
    school = make_school()
    settings.AUDIT_KEYS = {"new": OTHER_KEY, **settings.AUDIT_KEYS}
    row = write_rows(school, 1)[0]
    settings.AUDIT_KEYS = {"new": b"p" * 32, "test-1": settings.AUDIT_KEYS["test-1"]}

    assert {problem.chain: problem.seq for problem in verify_chain(school)} == {audit.SCHOOL_CHAIN: row.seq}


# Missing chains


def test_nothing_is_written_to_a_school_whose_chain_is_missing(db: None) -> None:
    school = make_school()
    AuditChain.objects.filter(school=school, name=audit.SCHOOL_CHAIN).update(name="elsewhere")

    with pytest.raises(LookupError, match="is missing"):
        write_rows(school, 1)


# Append-only, in Python and in the database


def _change_in_python(row: AuditEvent) -> None:
    row.summary = "Nothing happened."
    row.save()


@pytest.mark.parametrize(
    "attempt",
    [
        _change_in_python,
        lambda row: row.delete(),
        lambda row: AuditEvent.objects.filter(pk=row.pk).update(summary="Nothing happened."),
        lambda row: AuditEvent.objects.filter(pk=row.pk).delete(),
        lambda row: AuditEvent.objects.bulk_update([row], ["summary"]),
    ],
    ids=["save", "delete", "update", "delete many", "bulk update"],
)
def test_python_refuses_to_change_a_row(db: None, attempt: Callable[[AuditEvent], object]) -> None:
    row = write_rows(make_school(), 1)[0]

    with pytest.raises(Refused, match="only ever added to"):
        attempt(row)


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["accounts_auditevent", "incidents_chronologyentry"])
def test_the_database_refuses_even_its_owner(cast: Cast, statement: str, table: str) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    with connection.cursor() as cursor, pytest.raises(Exception, match="Cannot update or delete rows"):
        cursor.execute(statement.format(table))


# Many at once

THREADS = 8
ROWS_EACH = 25


def _in_threads(work: Callable[[int], object]) -> None:
    def with_own_connection(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(with_own_connection, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_gap_and_no_double() -> None:
    school = make_school()
    before = chain_of(school).last_seq

    def write(number: int) -> None:
        for turn in range(ROWS_EACH):
            with transaction.atomic():
                moment = NOW + timedelta(seconds=turn)
                record(school=school, actor=None, event="e", target=f"t:{number}", summary="S.", at=moment)

    _in_threads(write)

    numbers = AuditEvent.objects.filter(chain=chain_of(school)).order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, before + 1 + THREADS * ROWS_EACH))
    assert verify_chain(school) == []


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_many_open_at_once_is_entered_in_the_register_once() -> None:
    school = make_school()

    def open_and_write(number: int) -> None:
        with transaction.atomic():
            write_rows(school, 1, chain="case:new")

    _in_threads(open_and_write)

    assert verify_chain(school) == []
    assert AuditEvent.objects.filter(target="chain:case:new").count() == 1
    assert chain_of(school, "case:new").last_seq == THREADS


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_added_while_the_chains_are_walked_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    school = make_school()
    read_rows, before = audit._rows, chain_of(school).last_seq

    def write() -> None:
        try:
            with transaction.atomic():
                write_rows(school, 1)
        finally:
            connections.close_all()

    def read_after_a_write(link: AuditChain) -> Iterator[AuditEvent]:
        writer = Thread(target=write)
        writer.start()
        writer.join()
        return read_rows(link)

    monkeypatch.setattr(audit, "_rows", read_after_a_write)

    assert verify_chain(school) == []
    assert chain_of(school).last_seq > before
    monkeypatch.undo()
    assert verify_chain(school) == []
