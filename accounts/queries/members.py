"""Who holds a role here, and who would be told."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership, Relationship, School, User
from accounts.roles import ROLES, Role


@dataclass(frozen=True)
class Holder:
    """One user in one role, with the people they are or are related to."""

    user: User
    role: Role


def holders(school: School, roles: frozenset[Role], *, at: datetime) -> list[Holder]:
    """Return the active users who hold any of the roles now, each user and role once, in the order of their names."""
    held = (
        Membership.objects.for_school(school)
        .filter(role__in=[role.value for role in roles], user__is_active=True)
        .held_on(timezone.localtime(at).date())
        .select_related("user")
        .order_by("user__full_name", "role")
    )
    return [Holder(user=membership.user, role=Role(membership.role)) for membership in held]


def conflicted(user_ids: Collection[uuid.UUID], person_ids: frozenset[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return the ids of those users who are one of the people, or are declared relatives of one."""
    if not person_ids or not user_ids:
        return frozenset()
    related_to = Relationship.objects.filter(person__in=person_ids).values("related_id")
    related_from = Relationship.objects.filter(related__in=person_ids).values("person_id")
    touched = Q(person__in=person_ids) | Q(person__in=related_to) | Q(person__in=related_from)
    return frozenset(Membership.objects.filter(touched, user__in=user_ids).values_list("user_id", flat=True))


@dataclass(frozen=True)
class MemberRow:
    """One person on the members page, with every role they hold and when it began."""

    user: User
    memberships: list[Membership]


def member_rows(school: School, *, on: date) -> list[MemberRow]:
    """Return everybody who holds a role on the day, by name, with their roles in the order of the role table."""
    order = {role.value: number for number, role in enumerate(ROLES)}
    held = (
        Membership.objects.for_school(school)
        .held_on(on)
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
