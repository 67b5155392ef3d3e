"""What was done on a case, in order: as it was written down, or as it happened; each entry with what corrected it."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.encryption import unseal
from incidents.entry_kinds import EntryKind, kind_of
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.statuses import Precision

_ENTRY = (
    *("pk", "event", "at", "by_id", "by__full_name", "text", "answers_id"),
    *("corrects_id", "reason", "happened_at", "happened_precision"),
)
_LABELS = {event.value: event.label for event in Event}
RECORDED, HAPPENED = "recorded", "happened"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a case's chronology as people read it; `answers_id` is the question it answers, `corrects_id` what
    it puts right.
    """

    id: uuid.UUID
    event: str
    label: str
    at: datetime
    by_id: uuid.UUID | None
    by_name: str
    text: str
    answers_id: uuid.UUID | None
    corrects_id: uuid.UUID | None = None
    reason: str = ""
    happened_at: datetime | None = None
    happened_precision: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the chronology: what was written first, and every correction of it, oldest first."""

    number: int
    kind: EntryKind
    versions: tuple[Entry, ...]
    happened_at: datetime
    # Known on which day it happened and not at what time.
    is_day_only: bool

    @property
    def first(self) -> Entry:
        """What was written first."""
        return self.versions[0]

    @property
    def now(self) -> Entry:
        """What it says now."""
        return self.versions[-1]

    @property
    def earlier(self) -> tuple[Entry, ...]:
        """The versions that were corrected."""
        return self.versions[:-1]

    @property
    def is_written_later(self) -> bool:
        """Say whether it was written down some time after it happened."""
        return self.happened_at != self.first.at


@dataclass(frozen=True, slots=True)
class Chronology:
    """The entries of one kind or of all, in one of the two orders, and how many there are of each kind."""

    items: list[Item]
    kinds: list[tuple[EntryKind, int]]
    total: int


def timeline(incident: Incident) -> list[Entry]:
    """Return every entry of a case, newest first."""
    entries = ChronologyEntry.objects.filter(incident=incident).order_by("-at", "-id").values_list(*_ENTRY)
    return [_entry(incident, values) for values in entries]


def chronology_of(incident: Incident, *, kind: EntryKind | None = None, order: str = RECORDED) -> Chronology:
    """Return the chronology of a case, oldest first. Numbers are those of the whole, in the order of writing."""
    items = _items(incident, timeline(incident)[::-1])
    counted = Counter(item.kind for item in items)
    shown = [item for item in items if kind in (None, item.kind)]
    if order == HAPPENED:
        shown.sort(key=lambda item: (item.happened_at, item.number))
    return Chronology(shown, [(one, counted[one]) for one in EntryKind if counted[one]], len(items))


def questions_to_reporter(incident: Incident) -> list[ChronologyEntry]:
    """Return the questions to the reporter, oldest first, each with its answer as `.answer` where there is one."""
    asked = ChronologyEntry.objects.filter(incident=incident, event=Event.QUESTION_ASKED)
    return list(asked.select_related("answer").order_by("at", "id"))


def _items(incident: Incident, entries: list[Entry]) -> list[Item]:
    """Put each correction behind what it corrects. `entries` are oldest first; nothing comes before the concern."""
    entries = sorted(entries, key=lambda entry: (entry.at, entry.event != Event.REPORTED))
    later = {entry.corrects_id: entry for entry in entries if entry.corrects_id}
    items: list[Item] = []
    for entry in entries:
        if entry.corrects_id:
            continue
        versions = [entry]
        while versions[-1].id in later:
            versions.append(later[versions[-1].id])
        happened_at, precision = _happened(incident, versions)
        kind, is_day_only = kind_of(entry.event), precision == Precision.DAY
        items.append(Item(len(items) + 1, kind, tuple(versions), happened_at, is_day_only))
    return items


def _happened(incident: Incident, versions: list[Entry]) -> tuple[datetime, str]:
    if versions[0].event == Event.REPORTED and incident.happened_at:
        return incident.happened_at, incident.happened_precision
    return versions[-1].happened_at or versions[0].at, versions[-1].happened_precision


def _entry(incident: Incident, values: tuple[Any, ...]) -> Entry:
    pk, event, at, by_id, by_name, text, answers_id, corrects_id, reason, happened_at, precision = values
    return Entry(
        id=pk,
        event=event,
        label=_LABELS[event],
        at=at,
        by_id=by_id,
        by_name=by_name or "the system",
        text=_opened(incident, pk, "text", text),
        answers_id=answers_id,
        corrects_id=corrects_id,
        reason=_opened(incident, pk, "reason", reason) if reason else "",
        happened_at=happened_at,
        happened_precision=precision,
    )


def _opened(incident: Incident, row_id: uuid.UUID, column: str, sealed: Any) -> str:
    table = ChronologyEntry._meta.db_table
    return unseal(sealed, table=table, column=column, row_id=row_id, school_id=incident.school_id)
