"""What a school learns from a case: a review of how it was handled, a debrief, and lessons that are followed up.

All of it may happen after a case was closed: that is when a school looks back. A lesson concerns the next case, so its
follow-up outlives this one.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from incidents.care import LessonKind, LookingBack
from incidents.events import Event
from incidents.models import Incident, Lesson, LookBack
from incidents.operations import actions, chronology, obligations
from incidents.statuses import Undertaking
from policies.calendars import day_in_words
from policies.engine.vocabulary import Deed, Kind

_EVENTS = {LookingBack.REVIEW: Event.HANDLING_REVIEWED, LookingBack.DEBRIEF: Event.DEBRIEFED}
_DEEDS = {
    LookingBack.REVIEW: f"{Kind.DO}:{Deed.REVIEW_HANDLING}",
    LookingBack.DEBRIEF: f"{Kind.DO}:{Deed.DEBRIEF}",
}


@dataclass(frozen=True)
class Account:
    """What a review or a debrief came to. A review says what went well and what was late too."""

    held_on: date
    took_part: str
    came_of_it: str
    went_well: str = ""
    was_late: str = ""


@transaction.atomic
def look_back(
    *, incident: Incident, kind: LookingBack, account: Account, look_id: uuid.UUID, by: User, at: datetime
) -> LookBack:
    """Record a review of how a case was handled, or a debrief; on a closed case too. Sent twice, it is kept once."""
    case: Incident = Incident.objects.locked(incident.pk)
    before: LookBack | None = LookBack.objects.filter(pk=look_id, incident=case).first()
    if before is not None:
        return before
    _check(kind, account, at)
    is_review = kind is LookingBack.REVIEW
    row = LookBack(
        pk=look_id,
        school=case.school,
        incident=case,
        kind=kind.value,
        held_on=account.held_on,
        took_part=account.took_part,
        went_well=account.went_well if is_review else None,
        was_late=account.was_late if is_review else None,
        came_of_it=account.came_of_it,
        recorded_at=at,
        recorded_by=by,
    )
    row.save(force_insert=True)
    chronology.append(incident=case, event=_EVENTS[kind], by=by, at=at, text=_in_words(row))
    words = f"{kind.label} on {day_in_words(row.held_on)}: {row.came_of_it}"
    obligations.fulfil(incident=case, keys=[_DEEDS[kind]], by=by, at=at, words=words)
    return row


@transaction.atomic
def learn(
    *,
    incident: Incident,
    kind: LessonKind,
    words: str,
    due_at: datetime,
    assignee: User | None,
    lesson_id: uuid.UUID,
    by: User,
    at: datetime,
) -> Lesson:
    """Record a lesson and by whom and when it is followed up; on a closed case too. Sent twice, it is recorded once."""
    case: Incident = Incident.objects.locked(incident.pk)
    before: Lesson | None = Lesson.objects.filter(pk=lesson_id, incident=case).first()
    if before is not None:
        return before
    if not words.strip():
        raise Refused("words_missing", "Write down what was learnt.")
    row = Lesson(
        pk=lesson_id,
        school=case.school,
        incident=case,
        kind=kind.value,
        words=words,
        learnt_at=at,
        learnt_by=by,
    )
    row.save(force_insert=True)
    chronology.append(incident=case, event=Event.LESSON_LEARNT, by=by, at=at, text=f"{kind.label}: {row.words}")
    actions.undertake(
        incident=case,
        kind=Undertaking.FOLLOW_UP,
        words=row.words,
        due_at=due_at,
        by=by,
        at=at,
        assignee=assignee,
        subject=row.pk,
    )
    return row


def _check(kind: LookingBack, account: Account, at: datetime) -> None:
    if account.held_on > timezone.localtime(at).date():
        raise Refused("held_in_future", "That is in the future. Check the date.")
    if not account.took_part.strip():
        raise Refused("took_part_missing", "Write down who took part.")
    if kind is LookingBack.REVIEW and not (account.went_well.strip() and account.was_late.strip()):
        raise Refused("answers_missing", "Answer what went well and what was late, even if it is little.")
    if not account.came_of_it.strip():
        raise Refused("came_of_it_missing", "Write down what came of it.")


def _in_words(row: LookBack) -> str:
    parts = [f"{day_in_words(row.held_on)}. Took part: {row.took_part}."]
    if row.went_well:
        parts.append(f"What went well: {row.went_well}")
    if row.was_late:
        parts.append(f"What was late or missed, and why: {row.was_late}")
    parts.append(f"What came of it: {row.came_of_it}")
    return "\n".join(parts)
