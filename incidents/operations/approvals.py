"""What takes two people on a case: one who works on it asks, another agrees, and only then it happens."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.operations.approvals import TOO_OLD
from accounts.queries.approvals import is_stale, same_people
from incidents import notifications
from incidents.access import may_own
from incidents.events import Event
from incidents.models import CaseApproval, Incident, Interest, InvolvedPerson
from incidents.operations import chronology, parts, sharing
from incidents.queries.approvals import person_meant, said, second_people
from incidents.statuses import Asking, Part

_NOBODY = "Nobody else may work on this case, so nobody could agree. Name a second person on it first."


@transaction.atomic
def ask_to_unseal(*, incident: Incident, reason: str, by: User, at: datetime) -> CaseApproval:
    """Ask another person who is named on a sealed case to open it again to all who handle such cases."""
    case: Incident = Incident.objects.locked(incident.pk)
    if not case.is_sealed:
        raise Refused("not_sealed", "This case is not confined to people by name.")
    kind = Asking.UNSEAL.value
    return _ask(CaseApproval(school=case.school, incident=case, kind=kind, target=case.pk, reason=reason), by, at)


@transaction.atomic
def ask_to_let_back(*, interest: Interest, reason: str, by: User, at: datetime) -> CaseApproval:
    """Ask another person who works on a case to let somebody back to it who is kept away from it."""
    case: Incident = Incident.objects.locked(interest.incident_id)
    row: Interest = Interest.objects.select_related("user").get(pk=interest.pk)
    if row.ended_at is not None:
        raise Refused("ended_already", "They are not kept away from this case any more.")
    kind = Asking.LET_BACK.value
    return _ask(CaseApproval(school=case.school, incident=case, kind=kind, target=row.pk, reason=reason), by, at)


@transaction.atomic
def change_part(*, row: InvolvedPerson, part: Part, reason: str, by: User, at: datetime) -> CaseApproval | None:
    """Give somebody another part in a case. Where they are said to have caused harm, it waits for a second person, and
    what waits is returned.
    """
    case: Incident = Incident.objects.locked(row.incident_id)
    kept: InvolvedPerson = InvolvedPerson.objects.select_related("person").get(pk=row.pk)
    if kept.part != Part.ALLEGED:
        parts.change(row=kept, part=part, reason=reason, by=by, at=at)
        return None
    if part is Part.ALLEGED:
        raise Refused("part_same", "That is their part already.")
    kind = Asking.CHANGE_PART.value
    asked = CaseApproval(school=case.school, incident=case, kind=kind, target=kept.pk, part=part.value, reason=reason)
    return _ask(asked, by, at)


@transaction.atomic
def agree(*, approval: CaseApproval, by: User, at: datetime) -> None:
    """Agree, as the second person: it happens now, in the name of both.

    Refused: who may not agree, who asked for it, what was asked for by somebody who works on the case no more, and what
    was asked for 14 days ago.
    """
    row = _waiting(approval)
    if is_stale(row.asked_at, at=at):
        raise Refused("too_old", TOO_OLD)
    if by not in _seconds(row, at):
        raise Refused("not_yours", "You cannot agree to this. Somebody else who works on the case has to.")
    if not may_own(row.asked_by, row.incident, at=at):
        raise Refused("asker_gone", "Whoever asked for this works on the case no more. It has to be asked for again.")
    row.answered_at, row.answered_by, row.is_agreed = at, by, True
    row.save(update_fields=["answered_at", "answered_by", "is_agreed"])
    _do(row, by, at)
    if may_own(row.asked_by, Incident.objects.get(pk=row.incident_id), at=at):
        notifications.approval_answered(approval=row, at=at)


@transaction.atomic
def decline(*, approval: CaseApproval, reason: str, by: User, at: datetime) -> None:
    """Say no, and why; whoever asked is told. Who asked may take it back the same way."""
    row = _waiting(approval)
    if row.asked_by_id != by.pk and by not in _seconds(row, at):
        raise Refused("not_yours", "You cannot answer this. Somebody else who works on the case has to.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    row.answered_at, row.answered_by, row.is_agreed, row.answer = at, by, False, reason
    row.save(update_fields=["answered_at", "answered_by", "is_agreed", "answer"])
    words = f"{said(row)}. {reason}"
    chronology.append(incident=row.incident, event=Event.APPROVAL_DECLINED, by=by, at=at, text=words)
    if row.asked_by_id != by.pk and may_own(row.asked_by, row.incident, at=at):
        notifications.approval_answered(approval=row, at=at)


def _ask(row: CaseApproval, by: User, at: datetime) -> CaseApproval:
    if not row.reason.strip():
        raise Refused("reason_missing", "Write down why. Whoever has to agree reads it, and it is kept with the case.")
    about = person_meant(row)
    if about is not None and by.pk in same_people([about]):
        raise Refused("own", "Nobody asks for this for themselves.")
    same = CaseApproval.objects.filter(incident=row.incident, kind=row.kind, target=row.target).waiting()
    stale: CaseApproval | None = same.first()
    if stale is not None and not is_stale(stale.asked_at, at=at):
        raise Refused("asked_already", "This was asked for already. It waits for a second person to agree.")
    row.asked_at, row.asked_by = at, by
    seconds = _seconds(row, at)
    if not seconds:
        raise Refused("nobody_agrees", _NOBODY)
    if stale is not None:
        _replace(stale, by, at)
    row.save(force_insert=True)
    words = f"{said(row)}. {row.reason}"
    chronology.append(incident=row.incident, event=Event.APPROVAL_ASKED, by=by, at=at, text=words)
    notifications.approval_asked(approval=row, recipients=seconds, at=at)
    return row


def _replace(row: CaseApproval, by: User, at: datetime) -> None:
    """Close what nobody answered in time, since it is asked for again; under the lock of the case."""
    row.answered_at, row.answered_by, row.is_agreed = at, by, False
    row.answer = "Nobody answered within 14 days. It was asked for again."
    row.save(update_fields=["answered_at", "answered_by", "is_agreed", "answer"])
    words = f"{said(row)}. {row.answer}"
    chronology.append(incident=row.incident, event=Event.APPROVAL_DECLINED, by=by, at=at, text=words)


def _seconds(row: CaseApproval, at: datetime) -> list[User]:
    return second_people(row.incident, by=row.asked_by, about=person_meant(row), at=at)


def _waiting(approval: CaseApproval) -> CaseApproval:
    case: Incident = Incident.objects.locked(approval.incident_id)
    row: CaseApproval = CaseApproval.objects.select_related("asked_by").get(pk=approval.pk)
    if row.answered_at is not None:
        raise Refused("answered_already", "This was answered already.")
    row.incident = case
    return row


def _do(row: CaseApproval, second: User, at: datetime) -> None:
    """Do what was asked for, in the name of both."""
    if row.kind == Asking.UNSEAL:
        sharing.unseal(incident=row.incident, reason=row.reason, by=row.asked_by, second=second, at=at)
    elif row.kind == Asking.LET_BACK:
        interest = Interest.objects.get(pk=row.target)
        sharing.let_back(interest=interest, reason=row.reason, by=row.asked_by, second=second, at=at)
    else:
        involved = InvolvedPerson.objects.get(pk=row.target)
        parts.change(row=involved, part=Part(row.part), reason=row.reason, by=row.asked_by, second=second, at=at)
