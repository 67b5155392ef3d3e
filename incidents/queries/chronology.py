"""What was done on a case, in order."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.encryption import unseal
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident

_ENTRY = ("pk", "event", "at", "by__full_name", "text", "answers_id")
_LABELS = {event.value: event.label for event in Event}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case's chronology as people read it; `answers_id` is the question it answers."""

    id: uuid.UUID
    event: str
    label: str
    at: datetime
    by_name: str
    text: str
    answers_id: uuid.UUID | None


def timeline(incident: Incident) -> list[Entry]:
    """Return every entry of a case, newest first."""
    entries = ChronologyEntry.objects.filter(incident=incident).order_by("-at", "-id").values_list(*_ENTRY)
    return [_entry(incident, values) for values in entries]


def questions_to_reporter(incident: Incident) -> list[ChronologyEntry]:
    """Return the questions to the reporter, oldest first, each with its answer as `.answer` where there is one."""
    asked = ChronologyEntry.objects.filter(incident=incident, event=Event.QUESTION_ASKED)
    return list(asked.select_related("answer").order_by("at", "id"))


def _entry(incident: Incident, values: tuple[Any, ...]) -> Entry:
    pk, event, at, by_name, sealed, answers_id = values
    table = ChronologyEntry._meta.db_table
    text = unseal(sealed, table=table, column="text", row_id=pk, school_id=incident.school_id)
    return Entry(pk, event, _LABELS[event], at, by_name or "the system", text, answers_id)
