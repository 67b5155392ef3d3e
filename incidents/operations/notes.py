"""Notes on a case."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import chronology


@transaction.atomic
def add_note(*, incident: Incident, text: str, by: User, at: datetime) -> ChronologyEntry:
    """Add a note to the chronology. It can never be changed, only followed by another."""
    if not text.strip():
        raise Refused("note_empty", "Write the note before you add it.")
    return chronology.append(incident=incident, event=Event.NOTE_ADDED, by=by, at=at, text=text)
