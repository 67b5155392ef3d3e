"""Reading the safeguarding team's cases in an emergency: asked for with a reason, agreed by a second person, told to
somebody independent at once, over by itself after hours.

What it opens, and never opens, is said in `incidents/access.py`. Nobody holds it by their role.
"""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, outbox
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import AuditEvent, EmergencyAccess, Membership, School, User
from accounts.operations import users
from accounts.queries.emergency_access import declined_lately, who_agrees, who_is_told
from accounts.roles import ASKS_IN_EMERGENCY, SAFEGUARDING_TEAM

log = logging.getLogger(__name__)

LONGEST_HOURS = 4
# In danger nobody waits longer than this for somebody who does not answer.
ALONE_AFTER = timedelta(minutes=15)
# What nobody answered by then is over: it would open cases for a reason of yesterday.
UNANSWERED = timedelta(hours=LONGEST_HOURS)
_AT_ONCE = 100
_ASKED, _ANSWERED = "accounts/emergency_asked", "accounts/emergency_answered"
_OPENED = "accounts/emergency_opened"


@transaction.atomic
def ask(*, school: School, reason: str, is_danger: bool, hours: int, by: User, at: datetime) -> EmergencyAccess:
    """Ask to read the team's cases for a few hours; whoever may agree is told.

    Refused: a role that may not ask, one that reads these cases anyway, no reason, more than four hours, twice.
    """
    roles = _roles(school, by, at)
    if roles & SAFEGUARDING_TEAM:
        raise Refused("reads_already", "You are in the safeguarding team: its cases are open to you already.")
    if not roles & ASKS_IN_EMERGENCY:
        raise Refused("not_you", "Your role cannot ask for this. Ring somebody who leads the school.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why you have to read cases now. It is kept.")
    if not 1 <= hours <= LONGEST_HOURS:
        raise Refused("hours_wrong", "Choose between one hour and four.")
    for row in EmergencyAccess.objects.for_school(school).filter(asked_by=by).standing():
        _end_if_over(row, at)
    if EmergencyAccess.objects.for_school(school).filter(asked_by=by).standing().exists():
        raise Refused("asked_already", "You have asked already, and it is not over yet.")
    row = EmergencyAccess(school=school, asked_by=by, asked_at=at, reason=reason, is_danger=is_danger, hours=hours)
    row.save(force_insert=True)
    _tell(row, _ASKED, who_agrees(school, by, at=at), at)
    _record(row, AccountEvent.EMERGENCY_ASKED, "Asked to read cases in an emergency.", by, at)
    return row


@transaction.atomic
def agree(*, emergency: EmergencyAccess, by: User, at: datetime) -> None:
    """Agree, as a second person who is not concerned: the cases are open from now on. An independent person is told.

    Refused: whoever asked, a relative of theirs or another account of the same person, a role that may not agree, and
    what is answered or over.
    """
    row = _waiting(emergency, at)
    _may_answer(row, by, at)
    row.agreed_by, row.agreed_at = by, at
    _record(row, AccountEvent.EMERGENCY_AGREED, f"Agreed with {row.asked_by.full_name} in an emergency.", by, at)
    _open(row, by, at)
    _tell(row, _ANSWERED, [row.asked_by], at)


@transaction.atomic
def decline(*, emergency: EmergencyAccess, by: User, at: datetime) -> None:
    """Decline; nothing opens, and whoever asked is told. Refused for whoever could not agree either."""
    row = _waiting(emergency, at)
    _may_answer(row, by, at)
    row.declined_by, row.declined_at = by, at
    row.save(update_fields=["declined_by", "declined_at"])
    _tell(row, _ANSWERED, [row.asked_by], at)
    _record(row, AccountEvent.EMERGENCY_DECLINED, f"Declined what {row.asked_by.full_name} asked for.", by, at)


@transaction.atomic
def open_alone(*, emergency: EmergencyAccess, by: User, at: datetime) -> None:
    """Open the cases without a second person: somebody is in danger, and nobody answered in time. All are told.

    Refused: for anybody else, without danger, while somebody may still answer, and where somebody declined within the
    last 24 hours: asking once more does not turn a no into silence.
    """
    row = _waiting(emergency, at)
    if row.asked_by_id != by.pk:
        raise Refused("not_yours", "Somebody else asked for this.")
    if not row.is_danger:
        raise Refused("no_danger", "Without danger, somebody has to agree first.")
    if at < row.asked_at + ALONE_AFTER:
        raise Refused("too_early", "Somebody may still answer. Ring one of them.")
    declined = declined_lately(row.school, by, at=at)
    if declined is not None:
        name = declined.declined_by.full_name if declined.declined_by else "Somebody"
        raise Refused(
            "declined_lately",
            f"{name} declined this within the last 24 hours, so it does not open without a second person. Ring {name}, "
            "or the local authority’s children’s social care; a child in danger now: 999.",
        )
    _open(row, by, at)


@transaction.atomic
def end(*, emergency: EmergencyAccess, by: User, at: datetime) -> None:
    """End it, or take the question back; nothing opens any more. Refused for somebody else's, and where it is over.

    Whoever may agree may end it too.
    """
    row = _locked(emergency.pk)
    if not _is_standing(row):
        raise Refused("over_already", "This is over already.")
    if row.asked_by_id != by.pk and by not in who_agrees(row.school, row.asked_by, at=at, even_absent=True):
        raise Refused("not_yours", "Somebody else asked for this.")
    _end(row, by, at)


def end_due(*, now: datetime) -> int:
    """Note the end of what has run out, or was never answered; return how much. One statement where nothing is due.

    It opens nothing from its last moment on, whether or not this ever runs.
    """
    ended = 0
    rows = EmergencyAccess.objects.standing().order_by("asked_at")
    for pk in rows.filter(asked_at__lte=now - timedelta(hours=1)).values_list("pk", flat=True)[:_AT_ONCE]:
        try:
            with transaction.atomic():
                ended += _end_if_over(_locked(pk), now)
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with one, the others must not wait for it
            log.error("emergency.failed row=%s problem=%s", pk, type(problem).__name__)  # noqa: TRY400
    return ended


def _open(row: EmergencyAccess, by: User, at: datetime) -> None:
    """Open the cases, and tell whoever is independent of it and the team whose cases they are."""
    row.opened_at, row.ends_at = at, at + timedelta(hours=row.hours)
    told = who_is_told(row, at=at)
    users.note_emergency(user=row.asked_by, until=row.ends_at)
    _tell(row, _OPENED, told.everybody, at)
    how = "with a second person" if row.agreed_by else "in danger, without a second person"
    opened = _record(
        row,
        AccountEvent.EMERGENCY_OPENED,
        f"Opened the team's cases to {row.asked_by.full_name} for {row.hours} h, {how}.",
        by,
        at,
        told=[str(user.pk) for user in told.everybody],
    )
    row.first_seq = opened.seq
    row.save(update_fields=["agreed_by", "agreed_at", "opened_at", "ends_at", "first_seq"])


def _end(row: EmergencyAccess, by: User | None, at: datetime) -> None:
    row.ended_at = at
    row.last_seq = _record(row, AccountEvent.EMERGENCY_ENDED, "Ended reading in an emergency.", by, at).seq
    row.save(update_fields=["ended_at", "last_seq"])


def _end_if_over(row: EmergencyAccess, at: datetime) -> bool:
    over = (row.ends_at or row.asked_at + UNANSWERED) <= at
    if over and _is_standing(row):
        _end(row, None, at)
        return True
    return False


def _is_standing(row: EmergencyAccess) -> bool:
    return row.ended_at is None and row.declined_at is None


def _waiting(emergency: EmergencyAccess, at: datetime) -> EmergencyAccess:
    row = _locked(emergency.pk)
    if not row.is_waiting or at >= row.asked_at + UNANSWERED:
        raise Refused("answered_already", "This was answered already, or it is over.")
    return row


def _locked(pk: uuid.UUID) -> EmergencyAccess:
    rows = EmergencyAccess.objects.select_for_update(of=("self",), no_key=True)
    row: EmergencyAccess = rows.select_related("school", "asked_by", "agreed_by").get(pk=pk)
    return row


def _may_answer(row: EmergencyAccess, by: User, at: datetime) -> None:
    if row.asked_by_id == by.pk:
        raise Refused("yourself", "Somebody else has to answer what you asked for.")
    if by not in who_agrees(row.school, row.asked_by, at=at, even_absent=True):
        raise Refused("not_you", "You cannot answer this. Somebody of the safeguarding team or the leadership can.")


def _roles(school: School, user: User, at: datetime) -> frozenset[str]:
    held = Membership.objects.for_school(school).filter(user=user).held_on(timezone.localtime(at).date())
    return frozenset(held.values_list("role", flat=True))


def _tell(row: EmergencyAccess, kind: str, recipients: list[User], at: datetime) -> None:
    outbox.queue(
        school=row.school,
        kind=kind,
        path=reverse("emergency-access-list", kwargs={"school": row.school.slug}),
        dedupe_key=f"{kind}:{row.pk}",
        at=at,
        recipients=recipients,
    )


def _record(
    row: EmergencyAccess, event: AccountEvent, summary: str, by: User | None, at: datetime, **data: object
) -> AuditEvent:
    return audit.record(
        school=row.school,
        actor=by,
        event=event,
        target=f"emergency:{row.pk}",
        summary=summary,
        at=at,
        data={"emergency": str(row.pk), **data},
    )
