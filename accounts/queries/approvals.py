"""Who may be the second person, and what waits for one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.access import Access
from accounts.models import Approval, ApprovalKind, Membership, School, User
from accounts.models.approvals import ApprovalQuerySet
from accounts.permissions import Permission
from accounts.queries.members import conflicted, holders
from accounts.roles import AGREE_TO, CASE_READERS, TAKES_TWO, Role

MOST = 50
# Who asked, and whom for, may be another matter after so long: it has to be asked for again.
GOOD_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """One thing that waits for an answer, or was answered lately, as its reader sees it."""

    approval: Approval
    name: str
    email: str
    title: str
    # Whether it is somebody of the school's list, rather than somebody who is not in it yet.
    is_listed: bool
    # The first day, where a role is to be given.
    starts_on: date | None
    # Who could agree now, by name.
    second_people: list[User]
    may_agree: bool
    is_own: bool
    is_gift: bool
    # Too old to agree to.
    is_stale: bool


@dataclass(frozen=True)
class Answered:
    """One thing that was agreed to, declined or taken back."""

    approval: Approval
    name: str
    title: str
    is_gift: bool

    @property
    def is_taken_back(self) -> bool:
        """Say whether whoever asked took it back themselves."""
        return self.approval.answered_by_id == self.approval.asked_by_id


def takes_two(school: School, role: Role) -> bool:
    """Say whether a second person has to agree to who gets this role, or loses it.

    Nobody could, before the first of those who read cases is there: that one is let in by whoever sets up the school.
    A senior leader reads no case, and agrees that somebody else does in an emergency. They keep that, since in a small
    school whose whole team is away often nobody else is there; so their role takes two like the others, always.
    """
    if role not in CASE_READERS:
        return role in TAKES_TWO
    return Membership.objects.for_school(school).filter(role__in=CASE_READERS).exists()


def same_people(users: list[User]) -> frozenset[uuid.UUID]:
    """Return the ids of every account of the people that these users are, theirs among them."""
    ids = [user.pk for user in users]
    people = Membership.objects.filter(user__in=ids).values("person")
    return frozenset(ids) | frozenset(Membership.objects.filter(person__in=people).values_list("user_id", flat=True))


def second_people(
    school: School, role: Role, *, by: User, people: frozenset[uuid.UUID], user: User | None, at: datetime
) -> list[User]:
    """Return who may agree that somebody gets or loses a role, by name; also whoever is away.

    Never who asks for it, whatever their account; never whom it is about (`people`, `user`) nor a relative of theirs.
    """
    held = holders(school, AGREE_TO.get(role, frozenset()), at=at, even_absent=True)
    found = {holder.user.pk: holder.user for holder in held}
    barred = same_people([by, user] if user else [by]) | conflicted(list(found), people)
    return [user for pk, user in found.items() if pk not in barred]


def asked_here(access: Access, *, at: datetime) -> list[Asked]:
    """Return what waits at this school for a second person, the oldest first, as this user may see it."""
    rows = _in_reach(access).waiting().select_related("asked_by")
    return [_asked(access, row, at) for row in rows.order_by("asked_at", "pk")[:MOST]]


def answered_here(access: Access) -> list[Answered]:
    """Return what was answered last, the latest first."""
    rows = _in_reach(access).filter(answered_at__isnull=False).select_related("asked_by", "answered_by")
    return [
        Answered(row, row.data["name"], access.school.title_of(Role(row.data["role"])), _is_gift(row))
        for row in rows.order_by("-answered_at", "pk")[:10]
    ]


def approval_in_reach(access: Access, approval_id: uuid.UUID) -> Approval | None:
    """Return what was asked for at this school, unless it is about this very user or a relative of theirs."""
    found: Approval | None = _in_reach(access).filter(pk=approval_id).first()
    return found


def _in_reach(access: Access) -> ApprovalQuerySet:
    """Leave out what is about the user or a relative: nobody learns here that somebody wants to end their role."""
    found: ApprovalQuerySet = Approval.objects.for_school(access.school).exclude(_about(access))
    return found


def kept_of_approvals(access: Access) -> list[str]:
    """Return the targets of the ledger under which stands what was asked for about this user or a relative."""
    rows = Approval.objects.for_school(access.school).filter(_about(access))
    return [f"approval:{pk}" for pk in rows.values_list("pk", flat=True)]


def _about(access: Access) -> Q:
    """Whom it is about stands in it by their person, or by an address alone where they were not in the list yet."""
    accounts = Membership.objects.filter(person__in=access.conflicts)
    emails = {access.user.email, *accounts.values_list("user__email", flat=True)}
    return Q(data__person__in=[str(pk) for pk in access.conflicts]) | Q(data__email__in=list(emails))


def _is_gift(row: Approval) -> bool:
    return bool(row.kind == ApprovalKind.GIVE_ROLE)


def number_to_agree(access: Access, *, at: datetime) -> int:
    """Return how many wait for this very user; no query for whoever never agrees to a role."""
    if not access.has(Permission.MEMBER_APPROVE):
        return 0
    return sum(asked.may_agree and not asked.is_stale for asked in asked_here(access, at=at))


def people_meant(approval: Approval) -> frozenset[uuid.UUID]:
    """Return the people of the school whom it is about, as far as they are in its list."""
    person = approval.data.get("person")
    return frozenset({uuid.UUID(person)}) if person else frozenset()


def user_meant(approval: Approval) -> User | None:
    """Return the account that it is about, if there is one."""
    return User.objects.filter(email=approval.data["email"]).first()


def _asked(access: Access, row: Approval, at: datetime) -> Asked:
    role = Role(row.data["role"])
    people, user = people_meant(row), user_meant(row)
    seconds = second_people(access.school, role, by=row.asked_by, people=people, user=user, at=at)
    return Asked(
        approval=row,
        name=row.data["name"],
        email=row.data["email"],
        title=access.school.title_of(role),
        is_listed=bool(people),
        starts_on=date.fromisoformat(row.data["starts_on"]) if row.data.get("starts_on") else None,
        second_people=seconds,
        may_agree=access.user in seconds,
        is_own=row.asked_by_id == access.user.pk,
        is_gift=_is_gift(row),
        is_stale=is_stale(row.asked_at, at=at),
    )


def is_stale(asked_at: datetime, *, at: datetime) -> bool:
    """Say whether something was asked for so long ago that nobody may agree to it any more."""
    return at >= asked_at + GOOD_FOR


def is_running(membership: Membership, *, at: datetime) -> bool:
    """Say whether a role opens something now."""
    day = timezone.localtime(at).date()
    return membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day)
