"""The order of statuses, in one table. Nothing else decides what may follow what."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.errors import Refused
from accounts.permissions import Permission
from incidents import guards
from incidents.events import Event
from incidents.guards import Move, Standing
from incidents.models import Incident
from incidents.statuses import Status

# What the case must be, whoever asks: its sentence stands beside the disabled button. What has to be given with it.
Guard = Callable[[Incident, Standing], None]
Given = Callable[[Incident, Move], None]


@dataclass(frozen=True)
class Transition:
    """One allowed move: from, to, who may, what the case must be, what is given, and what it is called afterwards."""

    source: Status
    target: Status
    permission: Permission
    guard: Guard
    given: Given
    event: Event


_NEW, _SEEN, _OPEN, _WATCHED, _CLOSED = Status
_TRIAGE, _WORK, _CLOSE = Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE
_ENDS = guards.ready_to_close, guards.outcome_and_reason_given, Event.CLOSED
_WATCHES = guards.has_owner, guards.review_date_and_reason_given, Event.MONITORED

TRANSITIONS = (
    Transition(_NEW, _SEEN, _TRIAGE, guards.anything, guards.nothing, Event.ACKNOWLEDGED),
    Transition(_SEEN, _OPEN, _TRIAGE, guards.has_owner, guards.nothing, Event.ASSIGNED),
    Transition(_OPEN, _WATCHED, _WORK, *_WATCHES),
    # Looked at again, and watched for longer.
    Transition(_WATCHED, _WATCHED, _WORK, *_WATCHES),
    Transition(_WATCHED, _OPEN, _WORK, guards.anything, guards.reason_given, Event.RESUMED),
    Transition(_SEEN, _CLOSED, _CLOSE, *_ENDS),
    Transition(_OPEN, _CLOSED, _CLOSE, *_ENDS),
    Transition(_WATCHED, _CLOSED, _CLOSE, *_ENDS),
    Transition(_CLOSED, _OPEN, _CLOSE, guards.anything, guards.reason_given, Event.REOPENED),
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


def why_not(incident: Incident, target: Status, standing: Standing) -> str:
    """Return why a case cannot go there now, whatever is given with it; nothing where it can."""
    try:
        transition = find_transition(incident.status, target)
        transition.guard(incident, standing)
    except Refused as refusal:
        return refusal.sentence
    return ""


def _why_not(source: Status, target: Status) -> str:
    if source == target:
        return f"This case is {source.label.lower()} already. Somebody may have been quicker: look at the chronology."
    if source is Status.REPORTED:
        return "Acknowledge the concern first, so that the reporter knows it was seen."
    if target is Status.MONITORING and source is Status.ACKNOWLEDGED:
        return "A case that was only acknowledged cannot go to monitoring. Give it an owner first."
    return f"A case that is {source.label.lower()} cannot become {target.label.lower()}."
