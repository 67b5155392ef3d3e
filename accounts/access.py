"""Who may do what at which school: the only place that turns memberships into powers."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import Http404
from django.utils import timezone

from accounts.models import Membership, Relationship, School, User
from accounts.permissions import READS_OTHERS, Permission
from accounts.roles import Role, permissions_of


@dataclass(frozen=True)
class Access:
    """What one user holds at one school at one moment."""

    user: User
    school: School
    roles: frozenset[Role]
    person_ids: frozenset[uuid.UUID]

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles together allow."""
        return permissions_of(self.roles)

    def has(self, permission: Permission) -> bool:
        """Say whether the roles allow this."""
        return permission in self.permissions

    @property
    def reads_others(self) -> bool:
        """Say whether this user reads what others wrote, and so needs a second factor."""
        return bool(self.permissions & READS_OTHERS)

    @cached_property
    def conflicts(self) -> frozenset[uuid.UUID]:
        """The people whose part in a case keeps this user away from it: themselves, everywhere, and their relatives."""
        return conflicts_of(self.user)


def access_school(user: User, slug: str, *, at: datetime) -> Access:
    """Return what the user holds at the school now; a school that is not there and one that is not theirs are one
    404.
    """
    if not user.is_active:
        raise Http404
    held = list(
        Membership.objects.filter(user=user, school__slug=slug)
        .held_on(_day(at))
        .select_related("school")
        .order_by("role")
    )
    if not held:
        raise Http404
    return Access(
        user=user,
        school=held[0].school,
        roles=frozenset(Role(membership.role) for membership in held),
        person_ids=frozenset(membership.person_id for membership in held),
    )


def schools_for(user: User, *, at: datetime) -> list[School]:
    """Return the schools at which the user holds any role now, by name."""
    held = Membership.objects.filter(user=user).held_on(_day(at)).values("school")
    return list(School.objects.filter(pk__in=held).order_by("name"))


def has_permission(user: User, permission: Permission, school: School, *, at: datetime) -> bool:
    """Say whether the user's roles at the school allow this now."""
    held = Membership.objects.for_school(school).filter(user=user).held_on(_day(at)).values_list("role", flat=True)
    return user.is_active and permission in permissions_of(frozenset(Role(role) for role in held))


def conflicts_of(user: User) -> frozenset[uuid.UUID]:
    """Return the ids of the people this user is, at every school and whenever, and of their declared relatives."""
    own = Membership.objects.filter(user=user).values("person_id")
    related_to = Relationship.objects.filter(person__in=own).values("related_id")
    related_from = Relationship.objects.filter(related__in=own).values("person_id")
    return frozenset(own.union(related_to, related_from).values_list("person_id", flat=True))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
