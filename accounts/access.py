"""Who may do what at which school: the only place that turns memberships into powers."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts.models import EmergencyAccess, Membership, School, User
from accounts.permissions import READS_OTHERS, Permission
from accounts.roles import ASKS_IN_EMERGENCY, Role, permissions_of

# These two run for every page of a school. Written by hand: putting them together costs more than running them.
_HELD = """
    SELECT s.*, m.role
    FROM accounts_membership m JOIN accounts_school s ON s.id = m.school_id
    WHERE m.user_id = %s AND s.slug = %s AND m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)
    ORDER BY m.role
"""
_CONFLICTS = """
    SELECT person_id FROM accounts_membership WHERE user_id = %s
    UNION
    SELECT r.related_id FROM accounts_relationship r JOIN accounts_membership m ON m.person_id = r.person_id
    WHERE m.user_id = %s
    UNION
    SELECT r.person_id FROM accounts_relationship r JOIN accounts_membership m ON m.person_id = r.related_id
    WHERE m.user_id = %s
"""


class NeedsProof(Exception):
    """This user may, but is asked first to show again that it is still them. Only they ever learn that it is asked."""


@dataclass(frozen=True)
class Access:
    """What one user holds at one school at one moment."""

    user: User
    school: School
    roles: frozenset[Role]
    # When it was asked: what somebody is named on has dates.
    at: datetime
    # Whether whoever sits at the keyboard has just shown who they are; what few may see asks for it (`needs_proof`).
    is_proved: bool = True

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles together allow here: what the product gives them, less what the policy takes."""
        if not self.school.role_limits:
            return permissions_of(self.roles)
        return frozenset[Permission]().union(*(self.school.permissions_of(role, at=self.at) for role in self.roles))

    def has(self, permission: Permission) -> bool:
        """Say whether the roles allow this."""
        return permission in self.permissions

    @property
    def reads_others(self) -> bool:
        """Say whether this user reads what others wrote, and so needs a second factor."""
        return bool(self.permissions & READS_OTHERS) or self.may_be_named or self.emergency is not None

    @property
    def may_be_named(self) -> bool:
        """Say whether there may be a case on which somebody named this user; if not, there is none."""
        until = self.user.named_until
        return until is not None and until >= _day(self.at)

    @cached_property
    def emergency(self) -> EmergencyAccess | None:
        """What opens the safeguarding team's cases to this user in an emergency now, for reading; mostly nothing, which
        costs no question.
        """
        until = self.user.emergency_until
        if until is None or until <= self.at or not self.roles & ASKS_IN_EMERGENCY:
            return None
        rows = EmergencyAccess.objects.for_school(self.school).filter(asked_by=self.user).running(self.at)
        found: EmergencyAccess | None = rows.first()
        return found

    @property
    def emergency_until(self) -> datetime | None:
        """Until when cases are open to this user in an emergency; nothing where they are not."""
        return self.emergency.ends_at if self.emergency else None

    @property
    def day(self) -> date:
        """The day at the school on which it was asked."""
        return _day(self.at)

    @cached_property
    def conflicts(self) -> frozenset[uuid.UUID]:
        """The people whose part in a case keeps this user away from it: themselves, everywhere, and their relatives."""
        return conflicts_of(self.user)


def access_school(user: User, slug: str, *, at: datetime, is_proved: bool = True) -> Access:
    """Return what the user holds at the school now; a school that is not there and one that is not theirs are one
    404. A page says besides whether its user has just shown who they are.
    """
    if not user.is_active:
        raise Http404
    day = _day(at)
    held = list(School.objects.raw(_HELD, [user.pk, slug, day, day]))
    if not held:
        raise Http404
    return Access(
        user=user,
        school=held[0],
        roles=frozenset(Role(row.role) for row in held),  # type: ignore[attr-defined]
        at=at,
        is_proved=is_proved,
    )


def schools_for(user: User, *, at: datetime) -> list[School]:
    """Return the schools at which the user holds any role now, by name."""
    held = Membership.objects.filter(user=user).held_on(_day(at)).values("school")
    return list(School.objects.filter(pk__in=held).order_by("name"))


def conflicts_of(user: User) -> frozenset[uuid.UUID]:
    """Return the ids of the people this user is, at every school and whenever, and of their declared relatives."""
    with connection.cursor() as cursor:
        cursor.execute(_CONFLICTS, [user.pk, user.pk, user.pk])
        return frozenset(row[0] for row in cursor.fetchall())


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
