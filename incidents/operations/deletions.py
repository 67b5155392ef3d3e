"""Deleting: three questions first, then the record that it was done."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import guards
from incidents.events import Event
from incidents.models import Deletion, DeletionCheck, Incident, Obligation
from incidents.operations import chronology, obligations
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.vocabulary import Deed, Gate, Kind
from policies.statuses import State


@dataclass(frozen=True)
class Answers:
    """The three questions: does an agency need it, who holds it, is the child safe."""

    is_needed: bool
    needed_words: str
    held_words: str
    is_child_safe: bool
    safe_words: str


@dataclass(frozen=True)
class Deleted:
    """What was deleted: which copies, where, by whom, when, and who saw it."""

    what: str
    where: str
    doer: str
    deleted_at: datetime
    witness: str = ""


@transaction.atomic
def check(*, incident: Incident, answers: Answers, by: User, at: datetime) -> DeletionCheck:
    """Answer the three questions. Where nothing speaks against deleting, what the policy asks to confirm is confirmed,
    and what it forbids until then is not forbidden any more.
    """
    case = _locked(incident)
    if not all(words.strip() for words in (answers.needed_words, answers.held_words, answers.safe_words)):
        raise Refused("answers_missing", "Answer all three questions. The answers are kept with the case.")
    row = DeletionCheck(
        school=case.school,
        incident=case,
        is_needed=answers.is_needed,
        needed_words=answers.needed_words,
        held_words=answers.held_words,
        is_child_safe=answers.is_child_safe,
        safe_words=answers.safe_words,
        checked_at=at,
        checked_by=by,
    )
    row.save(force_insert=True)
    words, data = _answered(row), {"check": str(row.pk)}
    chronology.append(incident=case, event=Event.DELETION_CHECKED, by=by, at=at, text=words, data=data)
    if row.is_allowed:
        deeds = (Deed.CONFIRM_DELETION_ALLOWED,)
        obligations.settle_deeds(incident=case, deeds=deeds, words=words, by=by, at=at)
        confirm = Obligation.objects.filter(incident=case, key=f"{Kind.DO}:{Deed.CONFIRM_DELETION_ALLOWED}")
        if not confirm.exclude(state__in=(State.DONE, State.WITHDRAWN)).exists():
            obligations.lift_bans(incident=case, until=Gate.DELETION_CONFIRMED, by=by, at=at, words=words)
    return row


@transaction.atomic
def record(*, incident: Incident, deletion_id: uuid.UUID, deleted: Deleted, by: User, at: datetime) -> Deletion:
    """Record that copies were deleted; it discharges that they are. Once, however often it is sent.

    Refused with the sentence, and the clause, while anything speaks against deleting.
    """
    case = _locked(incident)
    made: Deletion | None = Deletion.objects.filter(pk=deletion_id, incident=case).first()
    if made is not None:
        return made
    sentence = guards.why_not_deleted(case)
    if sentence:
        raise Refused("not_to_delete", sentence)
    if not all(words.strip() for words in (deleted.what, deleted.where, deleted.doer)):
        raise Refused("words_missing", "Write down what was deleted, where, and by whom.")
    if deleted.deleted_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    row = Deletion(
        pk=deletion_id,
        school=case.school,
        incident=case,
        what=deleted.what,
        where=deleted.where,
        doer=deleted.doer,
        witness=as_typed(deleted.witness),
        deleted_at=deleted.deleted_at,
        recorded_at=at,
        recorded_by=by,
    )
    row.save(force_insert=True)
    seen = f" Seen by {row.witness}." if row.witness else ""
    words = f"{row.what} Where: {row.where} By {row.doer}, {day_in_words(row.deleted_at)}.{seen}"
    chronology.append(
        incident=case,
        event=Event.DELETION_RECORDED,
        by=by,
        at=at,
        text=words,
        happened_at=row.deleted_at,
        data={"deletion": str(row.pk)},
    )
    obligations.settle_deeds(incident=case, deeds=(Deed.DELETE_COPIES,), words=words, by=by, at=at)
    return row


def _answered(row: DeletionCheck) -> str:
    needed = "An agency needs it." if row.is_needed else "No agency needs it."
    safe = "The child is safe." if row.is_child_safe else "The child is not safe yet."
    return f"{needed} {row.needed_words} Who holds it: {row.held_words} {safe} {row.safe_words}"


def _locked(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school", "adoption")
    case: Incident = rows.get(pk=incident.pk)
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    return case
