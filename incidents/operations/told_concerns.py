"""Told but not written: a verbal report waits for whoever has to write it up, and its clock runs meanwhile.

It names no child. Whoever has to write it settles it by sending the concern. To everybody else it only comes to an end:
a concern about one of them must not show in how.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from accounts.queries.members import reporters
from incidents import notifications
from incidents.events import Event
from incidents.models import ConcernDraft, ToldConcern
from incidents.operations import drafts
from incidents.words import as_typed
from policies.calendars import calendar_for
from policies.engine.evaluate import explain
from policies.engine.facts import IncidentFacts
from policies.engine.obligations import Obligation as Asked
from policies.engine.packs import Pack
from policies.engine.vocabulary import Kind, OwnerRole
from policies.operations import adoptions
from policies.queries.packs import packs_of
from policies.statuses import State

# Shares of the time at which whoever has to write it up is reminded, in hundredths.
REMINDERS = (50, 80, 100)


@transaction.atomic
def open_told(
    *, school: School, writer: User, became_aware_at: datetime, by: User, at: datetime, memory: str = ""
) -> ToldConcern:
    """Note that somebody was told something and has to write it up, and let them know.

    Raise Refused for a moment ahead, and for somebody who cannot log a concern here.
    """
    if became_aware_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    if writer.pk not in {user.pk for user in reporters(school, at=at)}:
        raise Refused("no_reporter", "They do not work or help here at the moment. Choose somebody else.")
    packs = packs_of(adoptions.in_force_or_default(school=school, at=at))
    told = ToldConcern(
        school=school,
        writer=writer,
        became_aware_at=became_aware_at,
        opened_at=at,
        opened_by=by,
        memory=as_typed(memory),
        starts_at=became_aware_at,
    )
    _ask_for(told, _record_asked(packs), at)
    told.save(force_insert=True)
    if writer.pk != by.pk:
        notifications.told_opened(told=told, at=at)
    _record(told, Event.TOLD_OPENED, by, at)
    return told


@transaction.atomic
def begin_writing(*, told: ToldConcern, by: User, at: datetime) -> ConcernDraft:
    """Return the draft in which it is written up; a new one holds when its writer became aware."""
    row = _locked(told)
    if row.writer_id != by.pk:
        raise Refused("not_the_writer", "Somebody else was asked to write this up.")
    if row.state != State.OPEN:
        raise Refused("settled_already", "Nothing is waited for here any more.")
    found = ConcernDraft.objects.for_school(row.school).filter(pk=row.draft_id, author=by).first()
    if found is not None:
        return found
    aware = timezone.localtime(row.became_aware_at)
    fields = {"aware_date": aware.date().isoformat(), "aware_time": f"{aware:%H:%M}"}
    content = {"fields": fields, "people": [], "query": ""}
    return drafts.save_draft(school=row.school, author=by, draft_id=row.draft_id, content=content, at=at)


@transaction.atomic
def settle_written(*, school: School, by: User, draft_id: uuid.UUID, at: datetime) -> None:
    """Settle what was to be written up in this draft, now that the concern was sent from it."""
    waiting = ToldConcern.objects.for_school(school).filter(draft_id=draft_id, writer=by, state=State.OPEN)
    for row in waiting.select_for_update(of=("self",), no_key=True).select_related("school"):
        _settle(row, State.DONE, by, at, "")
        _record(row, Event.TOLD_SETTLED, by, at)


@transaction.atomic
def withdraw(*, told: ToldConcern, by: User, at: datetime, reason: str) -> None:
    """Wait for it no longer, with the reason: it was written up elsewhere, or there was nothing to write."""
    row = _locked(told)
    if row.state != State.OPEN:
        raise Refused("settled_already", "Nothing is waited for here any more.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why it is not waited for any more. It is kept.")
    _settle(row, State.WITHDRAWN, by, at, reason)
    # What its writer did ends it in the same words, whether they sent a concern or not.
    _record(row, Event.TOLD_SETTLED if row.writer_id == by.pk else Event.TOLD_WITHDRAWN, by, at)


@transaction.atomic
def remind(*, told: ToldConcern, by: User, at: datetime) -> None:
    """Remind whoever has to write it up; pressed again within the hour, it is the same reminder."""
    row = _locked(told)
    if row.state != State.OPEN:
        raise Refused("settled_already", "Nothing is waited for here any more.")
    notifications.told_reminder(told=row, at=at)
    _record(row, Event.TOLD_REMINDED, by, at)


def _record_asked(packs: tuple[Pack, ...]) -> Asked | None:
    """Return how the policy asks for a concern to be recorded, whatever it turns out to be about."""
    asked = explain(packs, IncidentFacts()).obligations
    return next((one for one in asked if one.kind is Kind.RECORD), None)


def _ask_for(told: ToldConcern, asked: Asked | None, at: datetime) -> None:
    told.key, told.kind, told.target = f"{Kind.RECORD}:incident", Kind.RECORD.value, "incident"
    told.owner_role = OwnerRole.REPORTER.value
    told.text, told.strength = "Write up what you were told", 0
    if asked is None:
        return
    told.strength, told.text = int(asked.strength), asked.text[:400]
    told.clause, told.pack_id, told.is_silent = asked.clause, asked.pack, asked.silent_in_policy
    if asked.within is None:
        return
    told.within, told.other_times = str(asked.within), [str(time) for time in asked.times[1:]]
    told.due_at = asked.due_at(told.starts_at, calendar_for(told.school))
    moments = [told.reminder_at(share) for share in REMINDERS]
    # What has passed when it is opened is told by the opening itself.
    told.step = sum(moment <= at for moment in moments)
    told.alert_at = next((moment for moment in moments if moment > at), told.due_at)


def _settle(row: ToldConcern, state: State, by: User, at: datetime, words: str) -> None:
    row.state, row.settled_at, row.settled_by, row.reason, row.alert_at = state, at, by, words or None, None
    row.save(update_fields=["state", "settled_at", "settled_by", "reason", "alert_at"])


def _locked(told: ToldConcern) -> ToldConcern:
    rows = ToldConcern.objects.select_for_update(of=("self",), no_key=True).select_related("school", "writer")
    row: ToldConcern = rows.get(pk=told.pk)
    return row


def _record(told: ToldConcern, event: Event, by: User, at: datetime) -> None:
    audit.record(school=told.school, actor=by, event=event, target=f"told:{told.pk}", summary=f"{event.label}.", at=at)
