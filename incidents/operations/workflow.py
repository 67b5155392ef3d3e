"""Moves a case from status to status: the only writer of `Incident.status` after it was logged."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from incidents import notifications
from incidents.events import Event
from incidents.guards import Move, Standing
from incidents.models import Incident
from incidents.operations import actions, chronology, obligations
from incidents.queries import closing
from incidents.statuses import Outcome, Status, Undertaking
from incidents.words import as_typed
from incidents.workflow import Transition, find_transition
from policies.calendars import day_in_words
from policies.engine.vocabulary import Kind

# What a case holds while somebody waits for a second person to agree that it is closed.
ASKED = ("closing_asked_at", "closing_asked_by", "closing_outcome", "closing_reason")


@transaction.atomic
def advance(
    *,
    incident: Incident,
    to: Status,
    by: User,
    at: datetime,
    reason: str = "",
    outcome: Outcome | None = None,
    review_at: datetime | None = None,
    has_agreed: bool = False,
) -> None:
    """Move a case along the table and write down who, when and why; Refused, with nothing changed, when it cannot
    go there. `has_agreed`: `by` is the second person, who agrees to what somebody else asked for.
    """
    incident = Incident.objects.locked(incident.pk)
    move = Move(reason=reason, outcome=outcome, review_at=review_at)
    transition = find_transition(incident.status, to)
    standing = closing.standing(incident, by=by, at=at) if to is Status.CLOSED else Standing()
    transition.guard(incident, replace(standing, has_agreed=has_agreed))
    transition.given(incident, move)
    words = _words(transition, move)
    if to is Status.CLOSED and not standing.needs_second and closing.asks_second_person(incident):
        words += " Nobody else may read this case, so no second person agreed."
    _looked_at(incident, transition, by, at)
    incident.status = to
    incident.status_changed_at = at
    incident.take_back_closing()
    changed = ["status", "status_changed_at", *_set_columns(incident, to, by, at, outcome), *ASKED]
    incident.save(update_fields=changed)
    chronology.append(incident=incident, event=transition.event, by=by, at=at, text=words)
    _follow(incident, transition, move, by, at)


def _looked_at(incident: Incident, transition: Transition, by: User, at: datetime) -> None:
    """Settle the look at a watched case that was to come: this is it."""
    if transition.source is Status.MONITORING:
        actions.settle_about(incident=incident, kind=Undertaking.REVIEW, subject=incident.pk, by=by, at=at)


def _follow(incident: Incident, transition: Transition, move: Move, by: User, at: datetime) -> None:
    """Do what follows from a move."""
    if transition.event is Event.ACKNOWLEDGED:
        words = "The concern was acknowledged."
        obligations.settle_kind(incident=incident, kind=Kind.ACKNOWLEDGE, by=by, at=at, words=words)
    if transition.event is Event.MONITORED and move.review_at is not None:
        words = "Look at this case again: is it still settled?"
        look = {"kind": Undertaking.REVIEW, "subject": incident.pk, "due_at": move.review_at}
        actions.undertake(incident=incident, words=words, by=by, at=at, **look)  # type: ignore[arg-type]
    if transition.event is Event.REOPENED:
        obligations.apply(incident=incident, at=at)
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


def _words(transition: Transition, move: Move) -> str:
    reason = as_typed(move.reason) or ""
    if transition.event is Event.ACKNOWLEDGED:
        return reason or "The concern was seen and is being looked at."
    if transition.event is Event.CLOSED and move.outcome is not None:
        return f"{move.outcome.label}. {reason}"
    if move.review_at is not None and transition.event is Event.MONITORED:
        return f"It is looked at again on {day_in_words(move.review_at)}. {reason}"
    return reason or "Work on the case began."
