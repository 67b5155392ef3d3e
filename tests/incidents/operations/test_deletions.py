"""Deleting: nothing before the three questions, nothing while the policy forbids it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from incidents import guards
from incidents.events import Event
from incidents.models import ChronologyEntry, Deletion, Incident, Obligation
from incidents.operations import deletions, obligations
from incidents.operations.deletions import Answers, Deleted
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_referrals import case_of, follow, owed

CONFIRM, BAN, COPIES = "do:confirm_deletion_allowed", "forbid:delete_evidence!", "do:delete_copies"
MINUTE = timedelta(minutes=1)


def nudes(cast: Cast) -> Incident:
    follow(cast, "shipbourne-2018")
    return case_of(cast, types=("nudes",))


def answers(**changes: Any) -> Answers:
    said: dict[str, Any] = {
        "is_needed": False,
        "needed_words": "PC Jones, on Monday: not needed.",
        "held_words": "Her own phone; nobody else has it.",
        "is_child_safe": True,
        "safe_words": "She asked for it herself.",
    }
    return Answers(**(said | changes))


def answer(cast: Cast, incident: Incident, at: Any = NOW, **changes: Any) -> None:
    deletions.check(incident=incident, answers=answers(**changes), by=cast.dsl, at=at)


def record(cast: Cast, incident: Incident, at: Any = NOW, **changes: Any) -> Deletion:
    said = {"what": "One image", "where": "Her phone", "doer": "She herself", "deleted_at": NOW - MINUTE} | changes
    deleted = Deleted(**said)
    return deletions.record(incident=incident, deletion_id=uuid.uuid4(), deleted=deleted, by=cast.dsl, at=at)


def test_from_the_questions_to_the_record(cast: Cast) -> None:
    incident = nudes(cast)
    assert owed(incident, BAN).state == State.OPEN
    with pytest.raises(Refused, match=r"three questions are answered \(.*11\.2") as refused:
        record(cast, incident)
    assert refused.value.code == "not_to_delete"

    answer(cast, incident)
    assert owed(incident, CONFIRM).state == State.DONE
    assert owed(incident, BAN).state == State.DONE
    row = record(cast, incident, witness="Her mother")

    row.refresh_from_db()
    assert (row.what, row.doer, row.witness, row.recorded_by) == ("One image", "She herself", "Her mother", cast.dsl)
    assert owed(incident, COPIES).state == State.DONE
    told = set(ChronologyEntry.objects.filter(incident=incident).values_list("event", flat=True))
    assert {Event.DELETION_CHECKED, Event.DELETION_RECORDED, Event.BAN_LIFTED} <= told


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"is_needed": True}, "an agency needs it"), ({"is_child_safe": False}, "a child is not safe yet")],
)
def test_while_an_answer_speaks_against_it_nothing_is_deleted(cast: Cast, changes: dict[str, Any], why: str) -> None:
    incident = nudes(cast)
    answer(cast, incident, **changes)

    with pytest.raises(Refused, match=why):
        record(cast, incident)
    assert owed(incident, CONFIRM).state == State.OPEN
    assert owed(incident, BAN).state == State.OPEN
    answer(cast, incident, at=NOW + MINUTE)
    assert guards.why_not_deleted(incident) == ""


def test_the_latest_answers_count(cast: Cast) -> None:
    incident = nudes(cast)
    answer(cast, incident)
    answer(cast, incident, at=NOW + MINUTE, is_needed=True)

    with pytest.raises(Refused, match="an agency needs it"):
        record(cast, incident, at=NOW + MINUTE)
    assert not Deletion.objects.exists()


def test_neither_deleting_nor_confirming_is_ticked_off_by_itself(cast: Cast) -> None:
    incident = nudes(cast)
    with pytest.raises(Refused, match="three questions first"):
        obligations.discharge(obligation=owed(incident, CONFIRM), by=cast.dsl, at=NOW, evidence="Fine.")
    Obligation.objects.filter(incident=incident, key=COPIES).update(after_key="")
    with pytest.raises(Refused, match="three questions"):
        obligations.discharge(obligation=owed(incident, COPIES), by=cast.dsl, at=NOW, evidence="Gone.")


def test_deciding_not_to_confirm_allows_nothing(cast: Cast) -> None:
    incident = nudes(cast)
    answer(cast, incident, is_needed=True)
    obligations.waive(obligation=owed(incident, CONFIRM), by=cast.dsl, at=NOW, reason="The police keep it.")
    answer(cast, incident, at=NOW + MINUTE)

    with pytest.raises(Refused, match="before it is confirmed"):
        record(cast, incident, at=NOW + MINUTE)
    assert owed(incident, BAN).state == State.OPEN


def test_where_the_ban_waits_for_the_police_they_come_first(cast: Cast) -> None:
    incident = nudes(cast)
    answer(cast, incident)
    Obligation.objects.filter(incident=incident, key=BAN).update(
        state=State.OPEN, settled_at=None, settled_by=None, until="police_advice"
    )
    gate, _ = Obligation.objects.get_or_create(
        incident=incident,
        key="consult:police",
        defaults={
            "school": cast.school,
            "kind": "consult",
            "target": "police",
            "owner_role": "dsl",
            "strength": 2,
            "clause": "11.2",
            "pack_id": "shipbourne-2018",
            "text": "Ask the police",
            "why": "always",
            "starts_at": NOW,
        },
    )
    if gate.state == State.OPEN:
        with pytest.raises(Refused, match="until the police have advised"):
            record(cast, incident)
        obligations.discharge(obligation=gate, by=cast.dsl, at=NOW, evidence="PC Jones: yes.")
    assert record(cast, incident)


@pytest.mark.parametrize("changes", [{"what": ""}, {"where": " "}, {"doer": ""}])
def test_what_is_recorded_says_which_where_and_by_whom(cast: Cast, changes: dict[str, str]) -> None:
    incident = nudes(cast)
    answer(cast, incident)

    with pytest.raises(Refused, match="what was deleted, where, and by whom"):
        record(cast, incident, **changes)
    with pytest.raises(Refused, match="future"):
        record(cast, incident, deleted_at=NOW + MINUTE)


@pytest.mark.parametrize("empty", ["needed_words", "held_words", "safe_words"])
def test_all_three_are_answered(cast: Cast, empty: str) -> None:
    with pytest.raises(Refused, match="all three questions"):
        answer(cast, nudes(cast), **{empty: " "})
