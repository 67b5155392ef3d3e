"""Notes on a case."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology
from incidents.statuses import Precision


@transaction.atomic
def add_note(
    *,
    incident: Incident,
    text: str,
    by: User,
    at: datetime,
    happened_at: datetime | None = None,
    happened_precision: Precision = Precision.TIME,
) -> ChronologyEntry:
    """Add a note to the chronology, about now or about something earlier. It is never changed, only corrected by
    another.
    """
    if not text.strip():
        raise Refused("note_empty", "Write the note before you add it.")
    if happened_at is not None and happened_at > at:
        raise Refused("not_yet", "That is in the future. Check the day and the time.")
    return chronology.append(
        incident=incident,
        event=Event.NOTE_ADDED,
        by=by,
        at=at,
        text=text,
        happened_at=happened_at,
        happened_precision=happened_precision,
    )
