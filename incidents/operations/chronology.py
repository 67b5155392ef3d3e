"""The one way into a case's chronology: an entry and its audit row, together."""

from datetime import datetime
from typing import Any

from accounts import audit
from accounts.models import User
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident


def append(
    *,
    incident: Incident,
    event: Event,
    by: User | None,
    at: datetime,
    text: str,
    answers: ChronologyEntry | None = None,
    data: dict[str, Any] | None = None,
) -> ChronologyEntry:
    """Add one entry inside the caller's transaction and return it. The text is sealed; the audit row says only what
    kind.
    """
    entry = ChronologyEntry(
        school=incident.school, incident=incident, event=event.value, at=at, by=by, text=text, answers=answers
    )
    entry.save(force_insert=True)
    witness(incident=incident, event=event, by=by, at=at, data={"entry": str(entry.pk), **(data or {})})
    return entry


def witness(
    *, incident: Incident, event: Event, by: User | None, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Record in the audit that something was done to or seen of a case, without an entry in its chronology."""
    audit.record(
        school=incident.school,
        actor=by,
        event=event.value,
        target=f"incident:{incident.pk}",
        summary=f"{event.label}: {incident.reference}.",
        at=at,
        data=data,
        chain=incident.audit_chain,
    )
