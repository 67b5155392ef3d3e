"""The order of statuses, in one table. Nothing else decides what may follow what."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.errors import Refused
from accounts.permissions import Permission
from incidents import guards
from incidents.events import Event
from incidents.guards import Move
from incidents.models import Incident
from incidents.statuses import Status

Guard = Callable[[Incident, Move], None]


@dataclass(frozen=True)
class Transition:
    """One allowed move: from, to, who may, what the state must be, and what it is called afterwards."""

    source: Status
    target: Status
    permission: Permission
    guard: Guard
    event: Event


TRANSITIONS = (
    Transition(Status.REPORTED, Status.ACKNOWLEDGED, Permission.INCIDENT_TRIAGE, guards.anything, Event.ACKNOWLEDGED),
    Transition(Status.ACKNOWLEDGED, Status.OPEN, Permission.INCIDENT_TRIAGE, guards.has_owner, Event.ASSIGNED),
    Transition(
        Status.ACKNOWLEDGED, Status.CLOSED, Permission.INCIDENT_CLOSE, guards.outcome_and_reason_given, Event.CLOSED
    ),
    Transition(Status.OPEN, Status.CLOSED, Permission.INCIDENT_CLOSE, guards.outcome_and_reason_given, Event.CLOSED),
    Transition(Status.CLOSED, Status.OPEN, Permission.INCIDENT_CLOSE, guards.reason_given, Event.REOPENED),
)


def find_transition(source: str, target: Status) -> Transition:
    """Return the row of the table; raise Refused when the case cannot go there from where it is."""
    for transition in TRANSITIONS:
        if transition.source == source and transition.target == target:
            return transition
    raise Refused("move_impossible", _why_not(Status(source), target))


def permission_for(source: str, target: Status) -> Permission:
    """Return what a move needs; where the table has no such move, what any move to that status needs."""
    exact = [move.permission for move in TRANSITIONS if move.source == source and move.target == target]
    to_target = [move.permission for move in TRANSITIONS if move.target == target]
    return (exact or to_target)[0]


def _why_not(source: Status, target: Status) -> str:
    if source == target:
        return f"This case is {source.label.lower()} already. Somebody may have been quicker: look at the chronology."
    if source is Status.REPORTED:
        return "Acknowledge the concern first, so that the reporter knows it was seen."
    return f"A case that is {source.label.lower()} cannot become {target.label.lower()}."
