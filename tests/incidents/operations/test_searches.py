"""Searches: recorded found or not, by whose authority, with whom."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.devices import Authority
from incidents.events import Event
from incidents.models import ChronologyEntry, SearchRecord
from incidents.operations import searches
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.devices import make_search, searched
from tests.incidents.operations.test_referrals import case_of, follow, owed


def test_a_search_that_found_nothing_is_kept_too_and_settles_the_duty(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    incident = case_of(cast, types=("nudes",), devices=["personal"])
    assert owed(incident, "do:search_record").state == State.OPEN

    row = make_search(cast.school, by=cast.dsl, witness=cast.deputy, incident=incident)

    row.refresh_from_db()
    assert (row.has_found, row.found, row.whom, row.beside) == (False, None, "A girl in Year 9", "Dennis Deputy")
    assert owed(incident, "do:search_record").state == State.DONE
    entry = ChronologyEntry.objects.get(incident=incident, event=Event.SEARCH_RECORDED)
    assert "Nothing was found" in entry.text
    assert entry.happened_at == row.searched_at


def test_one_of_no_case_is_in_the_audit_without_words(cast: Cast) -> None:
    row = make_search(cast.school, by=cast.head, witness=cast.dsl, authority=Authority.HEADTEACHER)

    audited = AuditEvent.objects.get(event=Event.SEARCH_RECORDED)
    assert (audited.target, audited.summary) == (f"search:{row.pk}", "Search.")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"searched_at": NOW + timedelta(hours=1)}, "in_the_future"),
        ({"pupil_words": " "}, "pupil_missing"),
        ({"grounds": ""}, "words_missing"),
        ({"sought": ""}, "words_missing"),
        ({"place": ""}, "words_missing"),
        ({"authority": Authority.HEADTEACHER}, "not_the_head"),
        ({"witness": None}, "witness_missing"),
        ({"is_agreed": False}, "agreed_missing"),
        ({"has_found": True}, "found_missing"),
        ({"is_parent_told": False}, "parent_missing"),
    ],
)
def test_what_has_to_be_known_is_asked_for(cast: Cast, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        make_search(cast.school, by=cast.dsl, **{"witness": cast.deputy} | changes)

    assert refused.value.code == code
    assert not SearchRecord.objects.exists()


def test_nobody_is_their_own_witness_and_without_one_the_reason_is_kept(cast: Cast) -> None:
    with pytest.raises(Refused, match="is not the witness"):
        make_search(cast.school, by=cast.dsl, witness=cast.dsl)

    row = make_search(cast.school, by=cast.dsl, witness=None, witness_words="He had a knife.")

    assert row.beside == "He had a knife."


def test_the_same_form_sent_twice_records_one(cast: Cast) -> None:
    said, search_id = searched(cast.dsl, cast.deputy), uuid.uuid4()
    for _ in range(2):
        searches.record(school=cast.school, search_id=search_id, searched=said, by=cast.dsl, at=NOW)

    assert SearchRecord.objects.count() == 1
