"""The one way into a case's chronology: an entry and its audit row, together."""

import secrets
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.statuses import Precision

# Somebody else's words, and questions that somebody else was asked: whoever handles the case adds to them.
NEVER_CORRECTED = frozenset({Event.REPORTED, Event.QUESTION_ASKED, Event.QUESTION_ANSWERED, Event.CHRONOLOGY_PRINTED})
_turns = threading.local()


def append(
    *,
    incident: Incident,
    event: Event,
    by: User | None,
    at: datetime,
    text: str,
    answers: ChronologyEntry | None = None,
    happened_at: datetime | None = None,
    happened_precision: Precision = Precision.TIME,
    data: dict[str, Any] | None = None,
) -> ChronologyEntry:
    """Add one entry inside the caller's transaction and return it. The text is sealed; the audit row says only what
    kind.

    `happened_at` is for what happened earlier than it is written down.
    """
    entry = ChronologyEntry(
        id=next_id(at=at),
        school=incident.school,
        incident=incident,
        event=event.value,
        at=at,
        by=by,
        text=text,
        answers=answers,
        happened_at=happened_at,
        happened_precision=happened_precision.value if happened_at else "",
    )
    entry.save(force_insert=True)
    witness(incident=incident, event=event, by=by, at=at, data={"entry": str(entry.pk), **(data or {})})
    return entry


def next_id(*, at: datetime) -> uuid.UUID:
    """Return an id (UUID, version 7) that comes after those given before at this moment: one press of a button writes
    several entries at the same moment, and they are read in the order in which they were written.

    Counted within one moment alone, from a number nobody knows: an id tells nothing of what is written elsewhere.
    """
    moment = int(at.timestamp() * 1000) & (1 << 48) - 1
    before: tuple[datetime | None, int] = getattr(_turns, "last", (None, 0))
    turn = before[1] + 1 if before[0] == at else secrets.randbits(41)
    _turns.last = at, turn
    high = moment << 16 | 7 << 12 | turn >> 30
    low = 2 << 62 | (turn & (1 << 30) - 1) << 32 | secrets.randbits(32)
    return uuid.UUID(int=high << 64 | low)


@dataclass(frozen=True)
class Told:
    """One entry of many: of which case, what happened, and its words."""

    incident: Incident
    event: Event
    text: str


def append_many(*, told: Sequence[Told], by: User | None, at: datetime, data: dict[str, Any]) -> None:
    """Add one entry to each of many cases, with their audit rows, in a few statements; `data` goes into each row."""
    entries = [
        ChronologyEntry(
            id=next_id(at=at),
            school=one.incident.school,
            incident=one.incident,
            event=one.event.value,
            at=at,
            by=by,
            text=one.text,
        )
        for one in told
    ]
    ChronologyEntry.objects.bulk_create(entries)
    audit.record_many(
        audit.Entry(
            school=one.incident.school,
            event=one.event.value,
            target=f"incident:{one.incident.pk}",
            summary=f"{one.event.label}: {one.incident.reference}.",
            at=at,
            data={**data, "entry": str(entry.pk)},
            chain=one.incident.audit_chain,
        )
        for one, entry in zip(told, entries, strict=True)
    )


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
        data={**(data or {}), "emergency": str(incident.emergency_id)} if incident.emergency_id else data,
        chain=incident.audit_chain,
    )


@transaction.atomic
def correct(
    *,
    entry: ChronologyEntry,
    text: str,
    reason: str,
    by: User,
    at: datetime,
    happened_at: datetime | None = None,
    happened_precision: Precision = Precision.TIME,
) -> ChronologyEntry:
    """Add what the entry should have said, and why, as a new version of it. What was written first stays readable."""
    if not text.strip() or not reason.strip():
        raise Refused("correction_empty", "Write down what it should have said, and why it is corrected.")
    incident = (
        Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=entry.incident_id)
    )
    if not may_be_corrected(entry=entry):
        raise Refused("not_yours_to_correct", "These are not words to be corrected. Add a note beside them instead.")
    if ChronologyEntry.objects.filter(corrects=entry).exists():
        raise Refused("corrected_already", "Somebody corrected this entry already. Look at what it says now.")
    if (text, happened_at) == (entry.text, entry.happened_at):
        raise Refused("nothing_changed", "This says what the entry says already. Change what was wrong.")
    version = ChronologyEntry(
        id=next_id(at=at),
        school=incident.school,
        incident=incident,
        event=Event.ENTRY_CORRECTED.value,
        at=at,
        by=by,
        text=text,
        corrects=entry,
        reason=reason,
        happened_at=happened_at,
        happened_precision=happened_precision.value if happened_at else "",
    )
    version.save(force_insert=True)
    data = {"entry": str(version.pk), "corrects": str(entry.pk)}
    witness(incident=incident, event=Event.ENTRY_CORRECTED, by=by, at=at, data=data)
    return version


def may_be_corrected(*, entry: ChronologyEntry) -> bool:
    """Say whether an entry is of a kind that can be corrected: what somebody here wrote, but not the reporter."""
    return entry.by_id is not None and Event(entry.event) not in NEVER_CORRECTED
