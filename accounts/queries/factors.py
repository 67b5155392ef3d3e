"""Which ways of proving oneself open no case yet, and who may confirm them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from accounts.access import Access, access_school, schools_for
from accounts.models import Membership, NewFactor, School, User
from accounts.models.factors import FactorQuerySet
from accounts.queries.approvals import same_people
from accounts.queries.members import holders
from accounts.roles import AGREE_TO, CASE_READERS, Role

_CODES = Authenticator.Type.RECOVERY_CODES
# Who is told of it first, where they may confirm it: the headteacher, for a headteacher the chair of governors.
_TOLD = (Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD, Role.DSL)


@dataclass(frozen=True)
class Waiting:
    """One factor that opens no case yet, as its owner sees it, with who may confirm it, by name."""

    factor: NewFactor
    second_people: list[User]


def waiting_ids(user: User, *, at: datetime) -> frozenset[int]:
    """Return the library's ids of what opens no case yet; most have none, which asks the database nothing."""
    if user.factors_wait_until is None or user.factors_wait_until <= at:
        return frozenset()
    rows = NewFactor.objects.filter(user=user).waiting(at)
    return frozenset(rows.values_list("authenticator_id", flat=True))


def counting_factors(user: User, used: frozenset[int], *, at: datetime) -> frozenset[int]:
    """Return those of the factors with which a session was begun that open cases."""
    return used - waiting_ids(user, at=at) if used else used


def schools_read(user: User, *, at: datetime) -> list[School]:
    """Return the schools at which a user reads what others wrote."""
    found = [access_school(user, school.slug, at=at) for school in schools_for(user, at=at)]
    return [access.school for access in found if access.reads_others]


def second_people_for(school: School, user: User, *, at: datetime) -> list[tuple[Role, User]]:
    """Return who may confirm a colleague's new factor, and in which role: whoever is to be told first comes first.

    Never an account of the same person, and never the headteacher for those who handle a concern about a headteacher.
    """
    held = Membership.objects.for_school(school).filter(user=user).values_list("role", flat=True)
    allowed = frozenset(_TOLD)
    for role in CASE_READERS & {Role(one) for one in held}:
        allowed &= AGREE_TO[role]
    own = same_people([user])
    found = [one for one in holders(school, allowed, at=at, even_absent=True) if one.user.pk not in own]
    return [(one.role, one.user) for one in sorted(found, key=lambda one: (not one.is_present, _TOLD.index(one.role)))]


def to_be_told(school: School, user: User, *, at: datetime) -> list[User]:
    """Return the second people who get a message: everybody in the first of the roles that somebody holds."""
    found = second_people_for(school, user, at=at)
    return [second for role, second in found if role is found[0][0]]


def own_waiting(user: User, *, at: datetime) -> list[Waiting]:
    """Return what somebody added that opens no case yet, the newest first."""
    ids = waiting_ids(user, at=at)
    if not ids:
        return []
    people = {two.pk: two for school in schools_read(user, at=at) for _, two in second_people_for(school, user, at=at)}
    rows = _standing(NewFactor.objects.filter(user=user, authenticator_id__in=ids).waiting(at).order_by("-added_at"))
    return [Waiting(row, list(people.values())) for row in rows]


def to_confirm(access: Access) -> list[NewFactor]:
    """Return what colleagues at this school added and this very user may confirm, the oldest first."""
    here = Membership.objects.for_school(access.school).held_on(access.day).values("user")
    rows = NewFactor.objects.filter(user__in=here).waiting(access.at).select_related("user").order_by("added_at", "pk")
    return [row for row in _standing(rows) if may_confirm(access, row.user)]


def may_confirm(access: Access, user: User) -> bool:
    """Say whether this user is a second person for a colleague's sign-in."""
    return any(second.pk == access.user.pk for _, second in second_people_for(access.school, user, at=access.at))


def colleagues_with_factors(access: Access) -> list[tuple[uuid.UUID, User]]:
    """Return by name, each with one of their memberships, who has a second factor that this user may take away."""
    held = Membership.objects.for_school(access.school).held_on(access.day).select_related("user")
    with_factor = Authenticator.objects.values("user")
    found: dict[uuid.UUID, tuple[uuid.UUID, User]] = {}
    for membership in held.filter(user__in=with_factor, user__is_active=True).order_by("user__full_name", "pk"):
        if membership.user_id not in found and may_confirm(access, membership.user):
            found[membership.user_id] = (membership.pk, membership.user)
    return list(found.values())


def _standing(rows: FactorQuerySet) -> list[NewFactor]:
    """Leave out what was removed since, and what belongs to another."""
    there = set(Authenticator.objects.filter(pk__in=rows.values("authenticator_id")).values_list("pk", flat=True))
    standing = [row for row in rows if row.authenticator_id in there]
    # Recovery codes that came with one are answered for together with it.
    own = {(row.user_id, row.counts_from) for row in standing if row.kind != _CODES}
    return [row for row in standing if row.kind != _CODES or (row.user_id, row.counts_from) not in own]
