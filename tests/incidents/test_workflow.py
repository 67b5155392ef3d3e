"""The table of moves: what may follow what, and what is said of every other move."""

import itertools

import pytest

from accounts.errors import Refused
from incidents.events import Event
from incidents.statuses import Status
from incidents.workflow import TRANSITIONS, find_transition

ALLOWED = {
    (Status.REPORTED, Status.ACKNOWLEDGED): Event.ACKNOWLEDGED,
    (Status.ACKNOWLEDGED, Status.OPEN): Event.ASSIGNED,
    (Status.ACKNOWLEDGED, Status.CLOSED): Event.CLOSED,
    (Status.OPEN, Status.CLOSED): Event.CLOSED,
    (Status.CLOSED, Status.OPEN): Event.REOPENED,
}


def test_the_table_holds_each_move_once() -> None:
    assert {(row.source, row.target): row.event for row in TRANSITIONS} == ALLOWED
    assert len(TRANSITIONS) == len(ALLOWED)


@pytest.mark.parametrize(("source", "target"), list(itertools.product(Status, Status)))
def test_every_other_move_is_refused_with_a_sentence(source: Status, target: Status) -> None:
    if (source, target) in ALLOWED:
        found = find_transition(source.value, target)
        assert (found.source, found.target) == (source, target)
        return
    with pytest.raises(Refused) as refusal:
        find_transition(source.value, target)
    assert refusal.value.sentence.endswith(".")
    if source == target:
        assert f"is {source.label.lower()} already" in refusal.value.sentence
    elif source is Status.REPORTED:
        assert refusal.value.sentence.startswith("Acknowledge the concern first")
    else:
        assert source.label.lower() in refusal.value.sentence
        assert target.label.lower() in refusal.value.sentence
