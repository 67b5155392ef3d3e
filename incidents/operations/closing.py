"""Closing a case with a second person: asked for by one, agreed to or sent back by another."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import guards, notifications
from incidents.access import possible_owners
from incidents.events import Event
from incidents.guards import Move
from incidents.models import Incident
from incidents.operations import chronology, workflow
from incidents.queries import closing
from incidents.queries.people import involved_people
from incidents.statuses import Outcome, Status
from incidents.workflow import find_transition


@transaction.atomic
def ask(*, incident: Incident, outcome: Outcome | None, reason: str, by: User, at: datetime) -> None:
    """Ask somebody else who handles the case to agree that it is closed, so and for this reason."""
    incident = Incident.objects.locked(incident.pk)
    transition = find_transition(incident.status, Status.CLOSED)
    standing = closing.standing(incident, by=by, at=at)
    transition.guard(incident, replace(standing, has_agreed=True))
    if not standing.needs_second:
        raise Refused("nobody_to_ask", "Nobody else has to agree to this. Close the case.")
    if incident.closing_asked_by is not None:
        who = "You" if incident.closing_asked_by == by else incident.closing_asked_by.full_name
        raise Refused("asked_already", f"{who} asked for this already. It waits for somebody else to agree.")
    transition.given(incident, Move(reason=reason, outcome=outcome))
    incident.closing_asked_at, incident.closing_asked_by = at, by
    incident.closing_outcome, incident.closing_reason = (outcome or "", reason)
    incident.save(update_fields=workflow.ASKED)
    said = Outcome(incident.closing_outcome).label
    chronology.append(incident=incident, event=Event.CLOSING_ASKED, by=by, at=at, text=f"{said}. {reason}")
    owners = possible_owners(incident, involved_people(incident), at=at)
    notifications.closing_asked(incident=incident, recipients=closing.second_people(owners, by=by), at=at)


@transaction.atomic
def agree(*, incident: Incident, by: User, at: datetime) -> None:
    """Agree, as somebody else than who asked: the case is closed as they wanted it."""
    incident = Incident.objects.locked(incident.pk)
    asked_by = _asked_by(incident)
    if asked_by == by:
        raise Refused("same_person", "You asked for this yourself. Somebody else has to agree.")
    outcome, reason = Outcome(incident.closing_outcome), incident.closing_reason or ""
    words = f"{reason} {asked_by.full_name} asked for it, {by.full_name} agreed."
    workflow.advance(incident=incident, to=Status.CLOSED, by=by, at=at, reason=words, outcome=outcome, has_agreed=True)


@transaction.atomic
def decline(*, incident: Incident, reason: str, by: User, at: datetime) -> None:
    """Say that it is not closed yet, and why; whoever asked may take it back the same way."""
    incident = Incident.objects.locked(incident.pk)
    asked_by = _asked_by(incident)
    guards.reason_given(incident, Move(reason=reason))
    incident.take_back_closing()
    incident.save(update_fields=workflow.ASKED)
    chronology.append(incident=incident, event=Event.CLOSING_DECLINED, by=by, at=at, text=reason)
    if asked_by != by:
        notifications.closing_declined(incident=incident, recipients=[asked_by], at=at)


def _asked_by(incident: Incident) -> User:
    asked_by: User | None = incident.closing_asked_by
    if asked_by is None:
        raise Refused("nothing_asked", "Nobody asks for this to be closed any more. Look at the chronology.")
    return asked_by
