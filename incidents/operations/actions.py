"""What those who handle a case set themselves: an action, the chase of an answer, the review of a plan.

Each is an obligation that no policy asks for, with a clock of its own: the sweep, the ladder, my day and the checklist
treat it as any other. It is discharged and waived through `obligations`.
"""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.access import may_own
from incidents.events import Event
from incidents.models import Incident, Obligation
from incidents.operations import chronology, obligations
from incidents.statuses import OUTLIVE_THE_CASE, Undertaking
from policies.calendars import day_in_words
from policies.engine.vocabulary import Strength
from policies.statuses import State


@transaction.atomic
def undertake(
    *,
    incident: Incident,
    kind: Undertaking,
    words: str,
    due_at: datetime,
    by: User,
    at: datetime,
    assignee: User | None = None,
    subject: uuid.UUID | None = None,
) -> Obligation:
    """Set what is to be done by a moment (UTC), by one person or by whoever handles the case, and return it.

    `subject` is the row it is about, by which `settle_about` finds it. Refused:
    without words, with a moment that has passed, for somebody who may not read the case, and on a closed case, where
    nothing but a lesson is followed up any more.
    """
    if not words.strip():
        raise Refused("words_missing", "Write down what is to be done.")
    if due_at <= at:
        raise Refused("due_passed", "That day is over. Choose a later one.")
    if incident.is_closed and kind not in OUTLIVE_THE_CASE:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    if assignee is not None and not may_own(assignee, incident, at=at):
        raise Refused("assignee_cannot_read", "That person cannot read this case, so they cannot be given this.")
    row = Obligation(
        school=incident.school,
        incident=incident,
        key=f"{kind}:{uuid.uuid4()}",
        kind=kind.value,
        target=str(subject or ""),
        owner_role=incident.sealed_from or incident.handled_by,
        strength=int(Strength.MUST),
        severity=incident.level,
        text=kind.label,
        words=words,
        assignee=assignee,
        starts_at=at,
        due_at=due_at,
        alert_at=due_at,
    )
    row.save(force_insert=True)
    who = f" For {assignee.full_name}." if assignee else ""
    _tell(row, Event.UNDERTAKEN, by, at, f"{_sentence(row.asks)}{who} By {day_in_words(due_at)}.")
    return row


@transaction.atomic
def move(*, obligation: Obligation, due_at: datetime, reason: str, by: User, at: datetime) -> None:
    """Give it another moment, with the reason. What was told of the old one stays told."""
    row = _locked(obligation.pk)
    if not row.is_undertaking:
        raise Refused("policy_asks", "The policy sets this time. It cannot be moved here.")
    if not row.is_outstanding:
        raise Refused("settled_already", f"This is settled already: {State(row.state).label.lower()}.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why the date moves. It is kept with the case.")
    if due_at <= at:
        raise Refused("due_passed", "That day is over. Choose a later one.")
    before = f" It was due on {day_in_words(row.due_at)}." if row.due_at else ""
    row.starts_at, row.due_at, row.alert_at = at, due_at, due_at
    row.save(update_fields=["starts_at", "due_at", "alert_at"])
    words = f"{_sentence(row.asks)} Now by {day_in_words(due_at)}.{before} {reason}"
    _tell(row, Event.UNDERTAKING_MOVED, by, at, words)


@transaction.atomic
def settle_about(*, incident: Incident, kind: Undertaking, subject: uuid.UUID, by: User, at: datetime) -> None:
    """Discharge what was still to be done about a row, because it has been: an answer came, a plan was reviewed."""
    rows = Obligation.objects.filter(incident=incident, kind=kind.value, target=str(subject)).outstanding()
    for row in rows:
        obligations.discharge(obligation=row, by=by, at=at, evidence="")


def _locked(pk: uuid.UUID) -> Obligation:
    row: Obligation = (
        Obligation.objects.select_for_update(of=("self",), no_key=True).select_related("incident__school").get(pk=pk)
    )
    return row


def _tell(row: Obligation, event: Event, by: User, at: datetime, words: str) -> None:
    chronology.append(incident=row.incident, event=event, by=by, at=at, text=words, data={"duty": str(row.pk)})
    obligations.keep_next_due(incident=row.incident)


def _sentence(words: str) -> str:
    """Return words as a sentence that others may follow."""
    return words if words.endswith((".", "?", "!")) else f"{words}."
