"""What takes two people: one asks, another agrees, and only then it happens. Either may say no; who asked may take it
back.
"""

import uuid
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, outbox
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import Approval, ApprovalKind, Membership, Person, School, User
from accounts.operations import members
from accounts.permissions import Permission
from accounts.queries.approvals import is_running, is_stale, people_meant, second_people, takes_two, user_meant
from accounts.queries.members import holders
from accounts.roles import ROLES, Role

TOO_OLD = "This was asked for more than 14 days ago. Ask again."


class _Tried(Exception):
    """It would work; undo it."""


@transaction.atomic
def give_role(
    *,
    school: School,
    email: str,
    given_name: str,
    family_name: str,
    role: Role,
    starts_on: date,
    at: datetime,
    by: User,
    person: Person | None = None,
    is_somebody_else: bool = False,
    reason: str = "",
) -> Approval | None:
    """Give a role at once, or ask a second person to agree where it takes two; then return what waits.

    Whatever would refuse it later refuses it now.
    """
    if not takes_two(school, role):
        members.invite(
            school=school,
            email=email,
            given_name=given_name,
            family_name=family_name,
            role=role,
            starts_on=starts_on,
            at=at,
            by=by,
            person=person,
            is_somebody_else=is_somebody_else,
        )
        return None
    known = User.objects.filter(email=email.strip().lower()).first()
    held = Membership.objects.for_school(school).filter(user=known).first() if known else None
    meant = held.person_id if held else (person.pk if person else None)
    data = {
        "email": email.strip().lower(),
        "given_name": given_name,
        "family_name": family_name,
        "is_somebody_else": is_somebody_else,
        "role": role.value,
        "starts_on": starts_on.isoformat(),
        "person": str(meant) if meant else None,
        "name": known.full_name if known else f"{given_name} {family_name}",
    }
    kind, target = ApprovalKind.GIVE_ROLE.value, known.pk if known else None
    return _ask(Approval(school=school, kind=kind, target=target, data=data, reason=reason), by, at)


@transaction.atomic
def end_role(*, membership: Membership, reason: str, by: User, at: datetime) -> Approval | None:
    """End a role at once, or ask a second person to agree where it takes two; then return what waits."""
    school, role = membership.school, Role(membership.role)
    if not (takes_two(school, role) and is_running(membership, at=at)):
        members.end_membership(membership=membership, at=at, by=by)
        return None
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. Whoever has to agree reads it.")
    data = {
        "email": membership.user.email,
        "role": role.value,
        "person": str(membership.person_id),
        "name": membership.user.full_name,
    }
    row = Approval(school=school, kind=ApprovalKind.END_ROLE.value, target=membership.pk, data=data, reason=reason)
    return _ask(row, by, at)


@transaction.atomic
def agree(*, approval: Approval, by: User, at: datetime) -> None:
    """Agree, as the second person: it happens now, in the name of both.

    Refused: who may not agree, who asked for it, what the one who asked may not ask for any more, and what is 14 days
    old.
    """
    row = _waiting(approval)
    if is_stale(row.asked_at, at=at):
        raise Refused("too_old", TOO_OLD)
    if by not in _seconds(row, at):
        raise Refused("not_yours", "You cannot agree to this. Somebody else has to.")
    _mind_asker(row, at)
    _do(row, row.asked_by, by, at)
    _answer(row, AccountEvent.APPROVAL_AGREED, by, at, is_agreed=True)


@transaction.atomic
def decline(*, approval: Approval, reason: str, by: User, at: datetime) -> None:
    """Say no, and why; whoever asked is told. Who asked may take it back the same way."""
    row = _waiting(approval)
    is_own = row.asked_by_id == by.pk
    if not is_own and by not in _seconds(row, at):
        raise Refused("not_yours", "You cannot answer this. Somebody else has to.")
    if not is_own and not reason.strip():
        raise Refused("reason_missing", "Write down why not. Whoever asked reads it.")
    row.answer = reason
    _answer(row, AccountEvent.APPROVAL_WITHDRAWN if is_own else AccountEvent.APPROVAL_DECLINED, by, at, is_agreed=False)


def _ask(row: Approval, by: User, at: datetime) -> Approval:
    School.objects.select_for_update(no_key=True).get(pk=row.school_id)
    same = Approval.objects.for_school(row.school).waiting().filter(kind=row.kind)
    for other in same.filter(data__email=row.data["email"], data__role=row.data["role"]).select_related("asked_by"):
        if not is_stale(other.asked_at, at=at):
            raise Refused("asked_already", "This was asked for already. It waits for a second person to agree.")
        _replace(other, by, at)
    row.asked_at, row.asked_by = at, by
    seconds = _seconds(row, at)
    if not seconds:
        raise Refused("nobody_agrees", _nobody(row))
    with suppress(_Tried), transaction.atomic():
        _do(row, by, seconds[0], at)
        raise _Tried
    row.save(force_insert=True)
    _record(row, AccountEvent.APPROVAL_ASKED, "Asked", by, at)
    _tell(row, "accounts/approval_asked", seconds, at)
    return row


def _replace(row: Approval, by: User, at: datetime) -> None:
    """Close what nobody answered in time, since it is asked for again; under the lock of the school."""
    row = _waiting(row)
    row.answer = "Nobody answered within 14 days. It was asked for again."
    _answer(row, AccountEvent.APPROVAL_WITHDRAWN, by, at, is_agreed=False)


def _nobody(row: Approval) -> str:
    """Say what to do where nobody may be the second person."""
    return (
        f"Nobody else here may agree to this. A {row.school.title_of(Role.CHAIR_OF_GOVERNORS)} or a "
        f"{row.school.title_of(Role.DSL)} could: whoever runs this system can name one with manage.py give_role."
    )


def _do(row: Approval, by: User, second: User, at: datetime) -> None:
    """Do what was asked for, in the name of both."""
    data = row.data
    if row.kind == ApprovalKind.END_ROLE:
        membership = Membership.objects.for_school(row.school).filter(pk=row.target).first()
        if membership is None:
            raise Refused("already_ended", "That role has ended already.")
        members.end_membership(membership=membership, at=at, by=by, second=second)
        return
    person = Person.objects.for_school(row.school).filter(pk=data["person"]).first() if data["person"] else None
    first_day = max(date.fromisoformat(data["starts_on"]), timezone.localtime(at).date())
    members.invite(
        school=row.school,
        email=data["email"],
        given_name=data["given_name"],
        family_name=data["family_name"],
        role=Role(data["role"]),
        starts_on=first_day,
        at=at,
        by=by,
        person=person,
        is_somebody_else=data["is_somebody_else"],
        second=second,
    )


def _seconds(row: Approval, at: datetime) -> list[User]:
    people: frozenset[uuid.UUID] = people_meant(row)
    role = Role(row.data["role"])
    return second_people(row.school, role, by=row.asked_by, people=people, user=user_meant(row), at=at)


def _mind_asker(row: Approval, at: datetime) -> None:
    """Refuse what somebody asked for who could not ask for it now."""
    keepers = frozenset(role for role, one in ROLES.items() if Permission.MEMBER_MANAGE in one.permissions)
    if row.asked_by not in [holder.user for holder in holders(row.school, keepers, at=at, even_absent=True)]:
        raise Refused("asker_gone", "Whoever asked for this may not any more. It has to be asked for again.")


def _waiting(approval: Approval) -> Approval:
    # The school first, as wherever something is asked for or a role ends: the order in which locks are taken is one.
    School.objects.select_for_update(no_key=True).get(pk=approval.school_id)
    rows = Approval.objects.select_for_update(of=("self",), no_key=True).select_related("school", "asked_by")
    row: Approval = rows.get(pk=approval.pk)
    if row.answered_at is not None:
        raise Refused("answered_already", "This was answered already.")
    return row


def _answer(row: Approval, event: AccountEvent, by: User, at: datetime, *, is_agreed: bool) -> None:
    row.answered_at, row.answered_by, row.is_agreed = at, by, is_agreed
    row.save(update_fields=["answered_at", "answered_by", "is_agreed", "answer"])
    said = {AccountEvent.APPROVAL_AGREED: "Agreed", AccountEvent.APPROVAL_DECLINED: "Said no"}
    _record(row, event, said.get(event, "Took back"), by, at)
    if by.pk != row.asked_by_id:
        _tell(row, "accounts/approval_answered", [row.asked_by], at)


def _tell(row: Approval, kind: str, recipients: list[User], at: datetime) -> None:
    path = reverse("approval-list", kwargs={"school": row.school.slug})
    outbox.queue(school=row.school, kind=kind, path=path, dedupe_key=f"{kind}:{row.pk}", at=at, recipients=recipients)


def _record(row: Approval, event: AccountEvent, said: str, by: User, at: datetime) -> None:
    title = row.school.title_of(Role(row.data["role"]))
    gets = "gets" if row.kind == ApprovalKind.GIVE_ROLE else "loses"
    audit.record(
        school=row.school,
        actor=by,
        event=event,
        target=f"approval:{row.pk}",
        summary=f"{said}: {row.data['name']} {gets} the role {title}.",
        at=at,
        data={"kind": row.kind, "role": row.data["role"]},
    )
