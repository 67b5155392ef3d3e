"""Who owns a case, and how urgent it is."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import notifications
from incidents.access import may_own
from incidents.events import Event
from incidents.facts import flags_of, in_words, least_level
from incidents.models import Incident
from incidents.operations import chronology, obligations, workflow
from incidents.queries.people import involved_people
from incidents.statuses import Level, Status


@transaction.atomic
def assign(*, incident: Incident, owner: User, by: User, at: datetime) -> None:
    """Give a case its owner, who must be able to read it. The first owner of an acknowledged case opens it."""
    incident = _locked(incident)
    if incident.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you give it an owner.")
    if incident.status == Status.REPORTED:
        raise Refused("not_acknowledged", "Acknowledge the concern first, so that the reporter knows it was seen.")
    if incident.owner_id == owner.pk:
        raise Refused("same_owner", f"{owner.full_name} owns this case already.")
    if not may_own(owner, incident, at=at):
        raise Refused("owner_cannot_read", "That person cannot read this case, so they cannot own it.")
    incident.owner = owner
    incident.save(update_fields=["owner"])
    words = f"{owner.full_name} owns this case."
    if incident.status == Status.ACKNOWLEDGED:
        workflow.advance(incident=incident, to=Status.OPEN, by=by, at=at, reason=words)
    else:
        chronology.append(incident=incident, event=Event.ASSIGNED, by=by, at=at, text=words)
    if owner.pk != by.pk:
        notifications.owner_set(incident=incident, owner=owner, at=at)


@transaction.atomic
def set_level(*, incident: Incident, level: Level, reason: str, by: User, at: datetime) -> None:
    """Change how urgent a case is, with the reason."""
    incident = _locked(incident)
    if incident.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you change its level.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why the level changes. It is kept with the case.")
    if incident.level == level:
        raise Refused("same_level", f"The level is {level.label.lower()} already.")
    flags = flags_of(involved_people(incident)) if level > incident.level else []
    if flags and level > least_level(flags):
        why = f"because of what is known of a pupil in it: {in_words(flags)}"
        raise Refused("level_too_low", f"It cannot be lower than {least_level(flags).label.lower()}, {why}.")
    _change_level(incident, level, by, at, reason)


@transaction.atomic
def raise_level(*, incident: Incident, at: datetime) -> None:
    """Raise the level to the least that a case about these pupils may have; lower it never."""
    incident = _locked(incident)
    flags = flags_of(involved_people(incident))
    least = least_level(flags)
    if incident.level > least and not incident.is_closed:
        _change_level(incident, least, None, at, f"Because of what is known of a pupil in it: {in_words(flags)}.")


def _change_level(incident: Incident, level: Level, by: User | None, at: datetime, reason: str) -> None:
    before = Level(incident.level)
    incident.level = level.value
    incident.save(update_fields=["level"])
    text = f"From {before.label.lower()} to {level.label.lower()}. {reason}"
    chronology.append(incident=incident, event=Event.LEVEL_SET, by=by, at=at, text=text)
    obligations.apply(incident=incident, at=at)


def _locked(incident: Incident) -> Incident:
    locked: Incident = (
        Incident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "logged_by")
        .get(pk=incident.pk)
    )
    return locked
