"""Who holds a role here, and who would be told."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, School, User
from accounts.permissions import Permission
from accounts.roles import ROLES, Role


@dataclass(frozen=True)
class Holder:
    """One user in one role."""

    user: User
    role: Role
    is_present: bool = True


# These two run whenever somebody is told of a case. Written by hand: putting them together costs more than they do.
_HOLDERS = """
    SELECT u.*, m.role, NOT EXISTS (
            SELECT 1 FROM accounts_absence a
            WHERE a.school_id = m.school_id AND a.user_id = m.user_id
                AND a.starts_at <= %s AND (a.ends_at IS NULL OR a.ends_at > %s)) AS is_present
    FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.school_id = %s AND m.role = ANY (%s) AND u.is_active
        AND m.starts_on <= %s AND (m.ends_on IS NULL OR m.ends_on >= %s)
    ORDER BY u.full_name, u.id, m.role
"""
_CONFLICTED = """
    SELECT DISTINCT m.user_id
    FROM accounts_membership m
    WHERE m.user_id = ANY (%s) AND (
        m.person_id = ANY (%s)
        OR m.person_id IN (SELECT related_id FROM accounts_relationship WHERE person_id = ANY (%s))
        OR m.person_id IN (SELECT person_id FROM accounts_relationship WHERE related_id = ANY (%s)))
"""


def holders(school: School, roles: frozenset[Role], *, at: datetime, even_absent: bool = False) -> list[Holder]:
    """Return the active users who hold any of the roles now, each user and role once, in the order of their names.

    Whoever is away is left out, unless `even_absent`: absence changes who is told, not who may see or handle.
    """
    day = timezone.localtime(at).date()
    held = User.objects.raw(_HOLDERS, [at, at, school.pk, [role.value for role in roles], day, day])
    found = [Holder(user, Role(user.role), user.is_present) for user in held]  # type: ignore[attr-defined]
    return [holder for holder in found if even_absent or holder.is_present]


def reporters(school: School, *, at: datetime) -> list[User]:
    """Return everybody who may log a concern here now, each once, by name; also whoever is away."""
    roles = frozenset(role for role, defined in ROLES.items() if Permission.INCIDENT_LOG in defined.permissions)
    return list({one.user.pk: one.user for one in holders(school, roles, at=at, even_absent=True)}.values())


def conflicted(user_ids: Collection[uuid.UUID], person_ids: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return the ids of those users who are one of the people, or are declared relatives of one."""
    if not person_ids or not user_ids:
        return frozenset()
    people = list(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(_CONFLICTED, [list(user_ids), people, people, people])
        return frozenset(row[0] for row in cursor.fetchall())


@dataclass(frozen=True)
class MemberRow:
    """One person on the members page, with every role they hold, or will hold from a later day."""

    user: User
    memberships: list[Membership]


def member_rows(school: School, *, on: date) -> list[MemberRow]:
    """Return everybody who holds a role on the day or will later, by name; the roles as the table orders them."""
    order = {role.value: number for number, role in enumerate(ROLES)}
    held = (
        Membership.objects.for_school(school)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("user", "person")
        .order_by("user__full_name", "user_id")
    )
    rows: dict[object, MemberRow] = {}
    for membership in held:
        row = rows.setdefault(membership.user_id, MemberRow(user=membership.user, memberships=[]))
        row.memberships.append(membership)
    for row in rows.values():
        row.memberships.sort(key=lambda membership: order[membership.role])
    return list(rows.values())
