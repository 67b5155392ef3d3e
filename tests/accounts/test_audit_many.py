"""Many rows of many chains at once prove as much as one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import Entry, lock_chains, record, record_many, verify_chain
from accounts.models import AuditEvent
from tests.accounts.tampering import chain_of, write_rows
from tests.conftest import Cast
from tests.factories import NOW


def entries(cast: Cast, count: int, *, chain: str = "school") -> list[Entry]:
    return [
        Entry(school, "test.happened", f"thing:{number}", "Something happened.", NOW, {"number": number}, chain)
        for number in range(count)
        for school in (cast.school, cast.next_door)
    ]


def test_rows_follow_each_other_in_the_order_given_and_every_chain_holds(cast: Cast) -> None:
    write_rows(cast.school, 2)

    record_many(entries(cast, 30))
    record_many([])
    record(school=cast.school, actor=None, event="test.after", target="x", summary="After.", at=NOW)

    assert verify_chain(cast.school) == verify_chain(cast.next_door) == []
    rows = AuditEvent.objects.filter(chain=chain_of(cast.next_door), event="test.happened").order_by("seq")
    assert [row.data["number"] for row in rows] == list(range(30))
    assert {row.actor_name for row in rows} == {"The system"}


def test_a_chain_that_is_not_open_yet_is_opened_and_registered(cast: Cast) -> None:
    record_many([*entries(cast, 3, chain="case:1"), *entries(cast, 2)])

    assert verify_chain(cast.school) == verify_chain(cast.next_door) == []
    assert chain_of(cast.school, "case:1").last_seq == 3


def test_it_takes_three_statements_however_many_there_are(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        record_many(entries(cast, 200))

    assert len(asked) == 3


def test_only_chains_that_exist_are_locked(cast: Cast) -> None:
    assert lock_chains([]) == {}
    found = lock_chains({(cast.school.pk, "school"), (cast.school.pk, "case:none")})
    assert set(found) == {(cast.school.pk, "school")}


def test_fractions_are_refused_as_one_by_one(cast: Cast) -> None:
    with pytest.raises(TypeError):
        record_many([Entry(cast.school, "test.happened", "x", "S.", NOW, {"share": 0.5})])
