"""Moves a case from status to status: the only writer of `Incident.status` after it was logged."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from incidents import notifications
from incidents.events import Event
from incidents.guards import Move
from incidents.models import Incident
from incidents.operations import actions, chronology, obligations
from incidents.statuses import Outcome, Status
from incidents.workflow import find_transition
from policies.engine.vocabulary import Kind


@transaction.atomic
def advance(
    *, incident: Incident, to: Status, by: User, at: datetime, reason: str = "", outcome: Outcome | None = None
) -> None:
    """Move a case along the table and write down who, when and why; Refused, with nothing changed, when it cannot
    go there.
    """
    incident = (
        Incident.objects.select_for_update(of=("self",)).select_related("school", "logged_by").get(pk=incident.pk)
    )
    move = Move(reason=reason, outcome=outcome)
    transition = find_transition(incident.status, to)
    transition.guard(incident, move)
    incident.status = to
    incident.status_changed_at = at
    changed = ["status", "status_changed_at", *_set_columns(incident, to, by, at, outcome)]
    incident.save(update_fields=changed)
    chronology.append(incident=incident, event=transition.event, by=by, at=at, text=_words(to, move))
    if transition.event is Event.ACKNOWLEDGED:
        words = "The concern was acknowledged."
        obligations.settle_kind(incident=incident, kind=Kind.ACKNOWLEDGE, by=by, at=at, words=words)
    if transition.event is Event.REOPENED:
        obligations.apply(incident=incident, at=at)
        actions.bring_back(incident=incident, by=by, at=at)
    if transition.event is Event.CLOSED:
        obligations.end_with_the_case(incident=incident, by=by, at=at)
        notifications.concern_closed(incident=incident, at=at)


def _set_columns(incident: Incident, to: Status, by: User, at: datetime, outcome: Outcome | None) -> list[str]:
    if to is Status.ACKNOWLEDGED:
        incident.acknowledged_at, incident.acknowledged_by = at, by
        return ["acknowledged_at", "acknowledged_by"]
    if to is Status.CLOSED and outcome is not None:
        incident.closed_at, incident.closed_by, incident.outcome = at, by, outcome.value
        return ["closed_at", "closed_by", "outcome"]
    if incident.closed_at is not None:
        incident.closed_at, incident.closed_by, incident.outcome = None, None, ""
        return ["closed_at", "closed_by", "outcome"]
    return []


def _words(to: Status, move: Move) -> str:
    reason = move.reason.strip()
    if to is Status.ACKNOWLEDGED:
        return reason or "The concern was seen and is being looked at."
    if to is Status.CLOSED and move.outcome is not None:
        return f"{move.outcome.label}. {reason}"
    return reason or "Work on the case began."
