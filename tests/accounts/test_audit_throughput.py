"""A school where everybody writes at once: no gap, no double, and how many rows a second that is (AU-5).

The figures hold for the machine they were measured on; in `./run test` only the order of rows is asserted.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.audit import record, verify_chain
from accounts.models import AuditEvent, School
from tests.accounts.tampering import chain_of
from tests.factories import NOW, make_school
from tests.numbers import FULL, examples

WRITERS = 16


def _writes(school: School, rows: int) -> list[float]:
    """Write rows one transaction each, as requests do; return how long each took."""
    took = []
    try:
        for number in range(rows):
            began = time.perf_counter()
            with transaction.atomic():
                record(school=school, actor=None, event="test.x", target=f"thing:{number}", summary="x", at=NOW)
            took.append(time.perf_counter() - began)
    finally:
        connections.close_all()
    return took


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_of_one_school_leave_no_gap() -> None:
    school = make_school()
    rows = examples(5, promised=500)
    before = chain_of(school).last_seq
    began = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        took = sorted(
            seconds for found in pool.map(lambda _: _writes(school, rows), range(WRITERS)) for seconds in found
        )
    whole = time.perf_counter() - began

    seqs = list(AuditEvent.objects.filter(chain=chain_of(school)).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, before + WRITERS * rows + 1))
    walked = time.perf_counter()
    assert verify_chain(school) == []
    walked = time.perf_counter() - walked
    if rows == 500:
        each = f"median {statistics.median(took) * 1000:.1f} ms, p95 {took[int(len(took) * 0.95)] * 1000:.1f} ms"
        sys.__stdout__.write(
            f"AU-5 ({FULL}): {len(took) / whole:,.0f} rows a second, {each}; verified {len(seqs) / walked:,.0f}\n"
        )
