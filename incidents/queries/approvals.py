"""What waits on a case for a second person, and who that may be."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from accounts.access import Access
from accounts.models import User
from accounts.permissions import Permission
from accounts.queries.approvals import GOOD_FOR, is_stale, same_people
from incidents.access import possible_owners, visible_incidents
from incidents.models import CaseApproval, Incident, Interest, InvolvedPerson
from incidents.queries.people import involved_people
from incidents.statuses import Asking, Part

MOST = 8


@dataclass(frozen=True)
class Asked:
    """One thing that waits for an answer on a case, as its reader sees it."""

    approval: CaseApproval
    what: str
    # Who could agree now, by name.
    second_people: list[User]
    may_agree: bool
    is_own: bool
    # Too old to agree to.
    is_stale: bool


def second_people(incident: Incident, *, by: User, about: User | None, at: datetime) -> list[User]:
    """Return who may agree to what somebody asks for on a case, by name: whoever else may work on it.

    Never who asks, whatever their account, and never whom it is about: nobody decides that they are let back.
    """
    barred = same_people([by, about] if about else [by])
    return [user for user in possible_owners(incident, involved_people(incident), at=at) if user.pk not in barred]


def waiting_on(incident: Incident, user: User, *, at: datetime) -> list[Asked]:
    """Return what waits on a case for a second person, the oldest first."""
    rows = CaseApproval.objects.filter(incident=incident).waiting().select_related("asked_by")
    return [_asked(incident, row, user, at) for row in rows.order_by("asked_at", "pk")]


def waiting_for(access: Access) -> list[CaseApproval]:
    """Return what waits in the cases that this user works on, asked by somebody else; for my day. One query."""
    if not (access.has(Permission.INCIDENT_WORK) or access.may_be_named):
        return []
    rows = CaseApproval.objects.for_school(access.school).waiting().exclude(asked_by=access.user)
    rows = rows.filter(asked_at__gt=access.at - GOOD_FOR)
    found = rows.filter(incident__in=visible_incidents(access).order_by().values("pk")).select_related("incident")
    return list(found.order_by("asked_at", "pk")[:MOST])


def kept_away(incident: Incident) -> list[Interest]:
    """Return who is kept away from a case although they would handle it, the longest first."""
    rows = Interest.objects.filter(incident=incident, ended_at__isnull=True).select_related("user")
    return list(rows.order_by("declared_at", "pk"))


def person_meant(approval: CaseApproval) -> User | None:
    """Return whom it is about, where it is about somebody who signs in."""
    if approval.kind != Asking.LET_BACK:
        return None
    row: Interest = Interest.objects.select_related("user").get(pk=approval.target)
    return row.user


def said(approval: CaseApproval) -> str:
    """Say in words what is asked for."""
    if approval.kind == Asking.UNSEAL:
        return "Open the case again to everybody who handles such cases"
    if approval.kind == Asking.LET_BACK:
        meant = person_meant(approval)
        return f"Let {meant.full_name if meant else 'somebody'} back to the case"
    row = _involved(approval.target)
    name = row.name if row else "somebody"
    return f"Change the part of {name} from “{Part(row.part).label}” to “{Part(approval.part).label}”" if row else name


def _involved(row_id: uuid.UUID) -> InvolvedPerson | None:
    row: InvolvedPerson | None = InvolvedPerson.objects.filter(pk=row_id).select_related("person").first()
    return row


def _asked(incident: Incident, row: CaseApproval, user: User, at: datetime) -> Asked:
    seconds = second_people(incident, by=row.asked_by, about=person_meant(row), at=at)
    return Asked(
        approval=row,
        what=said(row),
        second_people=seconds,
        may_agree=user in seconds,
        is_own=row.asked_by_id == user.pk,
        is_stale=is_stale(row.asked_at, at=at),
    )
