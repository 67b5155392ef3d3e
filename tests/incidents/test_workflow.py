"""The table of moves: what may follow what, and what is said of every other move."""

import itertools

import pytest

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.guards import Standing
from incidents.models import Incident
from incidents.statuses import Status
from incidents.workflow import TRANSITIONS, find_transition, why_not

ALLOWED = {
    (Status.REPORTED, Status.ACKNOWLEDGED): Event.ACKNOWLEDGED,
    (Status.ACKNOWLEDGED, Status.OPEN): Event.ASSIGNED,
    (Status.ACKNOWLEDGED, Status.CLOSED): Event.CLOSED,
    (Status.OPEN, Status.MONITORING): Event.MONITORED,
    (Status.MONITORING, Status.MONITORING): Event.MONITORED,
    (Status.MONITORING, Status.OPEN): Event.RESUMED,
    (Status.MONITORING, Status.CLOSED): Event.CLOSED,
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


OPEN_CASE, OPEN_THINGS = Incident(status=Status.OPEN, owner=User(full_name="Dora Safe")), Standing(still_open=2)


def test_why_a_button_cannot_be_pressed_is_known_before_it_is_pressed() -> None:
    assert why_not(OPEN_CASE, Status.CLOSED, Standing()) == ""
    assert why_not(OPEN_CASE, Status.CLOSED, OPEN_THINGS).startswith("2 things are still open.")
    assert why_not(OPEN_CASE, Status.MONITORING, OPEN_THINGS) == ""
    assert why_not(Incident(status=Status.REPORTED), Status.CLOSED, Standing()).startswith("Acknowledge the concern")
    assert why_not(Incident(status=Status.ACKNOWLEDGED), Status.OPEN, Standing()).startswith("Nobody owns this case")
