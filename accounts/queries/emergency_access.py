"""Who asked to read cases in an emergency, who can agree, who is told, and what was read."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.access import Access
from accounts.audit import SCHOOL_CHAIN
from accounts.models import AuditEvent, EmergencyAccess, Membership, School, User
from accounts.queries.approvals import same_people
from accounts.queries.members import conflicted, holders
from accounts.roles import AGREES_IN_EMERGENCY, ASKS_IN_EMERGENCY, SAFEGUARDING_TEAM, Role

# What was asked for longer ago stands in the ledger.
_SHOWN = 30
# Whom somebody said no to opens nothing alone for so long.
NO_HOLDS = timedelta(hours=24)
_READ = "incident.read"
_INDEPENDENT = (
    frozenset({Role.SAFEGUARDING_GOVERNOR, Role.CHAIR_OF_GOVERNORS}),
    frozenset({Role.GOVERNOR}),
    frozenset({Role.TRUST_SAFEGUARDING_LEAD, Role.HEADTEACHER}),
)


@dataclass(frozen=True)
class Told:
    """Who is told that cases were opened: somebody independent, and the team whose cases they are."""

    independent: list[User]
    team: list[User]

    @property
    def everybody(self) -> list[User]:
        """Return each of them once."""
        return list({user.pk: user for user in (*self.independent, *self.team)}.values())


@dataclass(frozen=True)
class Emergency:
    """One row of the page: what was asked for, and how many cases were opened by it."""

    row: EmergencyAccess
    cases: int
    is_mine: bool
    can_answer: bool
    is_running: bool
    # Whether this reader reads why: who asked, who answered, and who can answer while it waits.
    reads_reason: bool


@dataclass(frozen=True)
class EmergencyFigures:
    """How often it was asked for and opened in a time, for the report to governors; no case, no name."""

    asked: int
    opened: int
    opened_alone: int
    declined: int
    cases_read: int


@dataclass(frozen=True)
class Rights:
    """What somebody may do on the page by their roles."""

    may_ask: bool


def rights_of(access: Access) -> Rights:
    """Return what a user may do. Whoever sees the page is told that it was asked for, by whom and when."""
    reads_already = bool(access.roles & SAFEGUARDING_TEAM)
    return Rights(may_ask=bool(access.roles & ASKS_IN_EMERGENCY) and not reads_already)


def declined_lately(school: School, asker: User, *, at: datetime) -> EmergencyAccess | None:
    """Return what somebody declined to this person, under whatever account, within the last 24 hours; the newest."""
    rows = EmergencyAccess.objects.for_school(school).filter(asked_by__in=same_people([asker]))
    found: EmergencyAccess | None = (
        rows.filter(declined_at__gt=at - NO_HOLDS).select_related("declined_by").order_by("-declined_at").first()
    )
    return found


def who_agrees(school: School, asker: User, *, at: datetime, even_absent: bool = False) -> list[User]:
    """Return the users who could agree to what somebody asks for, by name: never the same person nor a relative."""
    return _free(school, AGREES_IN_EMERGENCY, [asker], at=at, even_absent=even_absent)


def who_is_told(emergency: EmergencyAccess, *, at: datetime) -> Told:
    """Return whom to tell: governors who neither asked nor agreed nor are related to who did; where none is here, those
    who are away; where there is none, the next office. And the safeguarding team.
    """
    concerned = [user for user in (emergency.asked_by, emergency.agreed_by) if user]
    team = _free(emergency.school, SAFEGUARDING_TEAM, concerned, at=at, even_absent=True)
    for roles in _INDEPENDENT:
        for even_absent in (False, True):
            found = _free(emergency.school, roles, concerned, at=at, even_absent=even_absent)
            if found:
                return Told(found, team)
    return Told([], team)


def emergencies_of(school: School, user: User, *, at: datetime) -> list[Emergency]:
    """Return what was asked for at a school, the newest first, with how many cases each opened.

    Two statements, and three more for each that waits for an answer: seldom more than one.
    """
    rows = EmergencyAccess.objects.for_school(school).select_related("asked_by", "agreed_by", "declined_by")
    shown = list(rows.order_by("-asked_at")[:_SHOWN])
    counts = _cases_read(school, shown)
    waiting = [row for row in shown if row.is_waiting]
    answers = {row.pk for row in waiting if user in who_agrees(school, row.asked_by, at=at, even_absent=True)}
    return [
        Emergency(
            row=row,
            cases=counts.get(str(row.pk), 0),
            is_mine=row.asked_by_id == user.pk,
            can_answer=row.pk in answers,
            is_running=row.is_running(at),
            reads_reason=row.pk in answers or user.pk in (row.asked_by_id, row.agreed_by_id, row.declined_by_id),
        )
        for row in shown
    ]


def figures(school: School, *, begins: datetime, ends: datetime) -> EmergencyFigures:
    """Return how often it happened between two moments, the first included."""
    rows = EmergencyAccess.objects.for_school(school).filter(asked_at__gte=begins, asked_at__lt=ends)
    found = list(rows.only("pk", "opened_at", "agreed_at", "declined_at", "first_seq", "last_seq"))
    opened = [row for row in found if row.opened_at]
    return EmergencyFigures(
        asked=len(found),
        opened=len(opened),
        opened_alone=sum(row.agreed_at is None for row in opened),
        declined=sum(row.declined_at is not None for row in found),
        cases_read=sum(_cases_read(school, opened).values()),
    )


def _cases_read(school: School, rows: Iterable[EmergencyAccess]) -> dict[str, int]:
    """Return, by emergency, how many cases were opened by it; of the ledger, only where they ran is looked at."""
    while_open = Q(pk__in=[])
    for row in rows:
        if row.first_seq is not None:
            span = Q(seq__gt=row.first_seq, data__emergency=str(row.pk))
            while_open |= span & Q(seq__lte=row.last_seq) if row.last_seq is not None else span
    seen = AuditEvent.objects.filter(while_open, chain__school=school, chain__name=SCHOOL_CHAIN, event=_READ)
    found: dict[str, set[str]] = {}
    for emergency, target in seen.values_list("data__emergency", "target").distinct():
        found.setdefault(emergency, set()).add(target)
    return {emergency: len(targets) for emergency, targets in found.items()}


def _free(
    school: School, roles: frozenset[Role], concerned: list[User], *, at: datetime, even_absent: bool
) -> list[User]:
    """Return who holds a role and is none of the concerned, nor another account or a relative of one."""
    found = {one.user.pk: one.user for one in holders(school, roles, at=at, even_absent=even_absent)}
    ids: set[uuid.UUID] = {user.pk for user in concerned}
    people = frozenset(Membership.objects.filter(user__in=ids).values_list("person_id", flat=True))
    barred = conflicted(list(found), people) | ids
    return [user for pk, user in found.items() if pk not in barred]
