"""What the sweep does about what was told and is not written up: reminders to its writer, then the ladder.

The page of it opens to the safeguarding team alone. Whoever stands above them learns that something was not written up
in time, never by whom or what about.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from accounts import audit, outbox
from accounts.models import School, User
from accounts.queries.recipients import present_holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.events import Event
from incidents.models import ToldConcern, ToldConcernEscalation
from incidents.notifications import told_path
from incidents.operations.told_concerns import REMINDERS
from incidents.routes import EXTERNAL_CONTACT
from policies import ladders
from policies.engine.packs import Pack
from policies.engine.vocabulary import OwnerRole
from policies.operations.sweep import Move, Table
from policies.queries.packs import adoption_in_force, packs_of
from policies.statuses import State

RUNG_EVERY = timedelta(hours=24)
# Where a sweep comes late, one reminder does not follow another at once.
_AT_LEAST = timedelta(hours=1)
_REACHED = tuple(role for role in Role if role is not Role.STAFF)
_REACHED_KEYS = frozenset(role.value for role in _REACHED)


@dataclass(frozen=True)
class Step:
    """What is due now, and when the step after it is: a reminder, or a rung, which goes to the first of `roles` that
    somebody holds.
    """

    is_reminder: bool
    roles: tuple[OwnerRole, ...]
    next_at: datetime


def next_step(*, row: ToldConcern, packs: tuple[Pack, ...], told: Sequence[str], now: datetime) -> Step | None:
    """Return what is due, given the roles that were told so far; nothing where there is no time or nobody is left.

    Three reminders to the writer, at shares of the time; then, a day apart, one rung after another up from whoever
    reports, always further up than before.
    """
    if row.due_at is None or row.state != State.OPEN:
        return None
    following = row.step + 1
    if following < len(REMINDERS):
        return Step(True, (), max(row.reminder_at(REMINDERS[following]), now + _AT_LEAST))
    if following == len(REMINDERS):
        return Step(True, (), row.due_at)
    ladder = [role for role in ladders.rungs(packs, OwnerRole.REPORTER) if role is not OwnerRole.REPORTER]
    passed = max((number + 1 for number, role in enumerate(ladder) if role.value in told), default=0)
    if not ladder[passed:]:
        return None
    then = row.due_at + RUNG_EVERY * (following - len(REMINDERS))
    return Step(False, tuple(ladder[passed:]), max(then, now + _AT_LEAST))


def plan_told(*, rows: Sequence[ToldConcern], now: datetime) -> Callable[[ToldConcern], Move]:
    """Return what says of each of these who is reminded or told now; so many statements for each school."""
    schools = School.objects.in_bulk({row.school_id for row in rows})
    writers = User.objects.in_bulk({row.writer_id for row in rows})
    climbed: dict[uuid.UUID, list[str]] = {}
    for rung in ToldConcernEscalation.objects.filter(obligation__in=rows, is_reminder=False).order_by("step"):
        climbed.setdefault(rung.obligation_id, []).append(rung.told_role)
    packs = {}
    for pk, school in schools.items():
        adoption = adoption_in_force(school, at=now)
        packs[pk] = packs_of(adoption) if adoption else ()
    reached = present_holders(schools, _REACHED, at=now)
    return _Desk(now, schools, writers, packs, climbed, reached).move


@dataclass(frozen=True)
class _Desk:
    """Everything that was read for one batch."""

    now: datetime
    schools: dict[uuid.UUID, School]
    writers: dict[uuid.UUID, User]
    packs: dict[uuid.UUID, tuple[Pack, ...]]
    climbed: dict[uuid.UUID, list[str]]
    reached: dict[tuple[uuid.UUID, Role], list[User]]

    def move(self, row: ToldConcern) -> Move:
        """Return what becomes of one of them."""
        row.school, row.writer = self.schools[row.school_id], self.writers[row.writer_id]
        packs = self.packs[row.school_id]
        step = next_step(row=row, packs=packs, told=self.climbed.get(row.pk, ()), now=self.now)
        if step is None:
            return Move(row, None)
        if step.is_reminder:
            key = f"told_reminder:{row.pk}:{self.now:%Y%m%d%H}"
            message = outbox.Message(row.school, "incidents/told_reminder", told_path(row), key, [row.writer])
            return self._told(row, OwnerRole.REPORTER, step, message)
        for role in step.roles:
            tells = self._tell(row, role)
            if tells is not None:
                return self._told(row, role, step, tells)
        return Move(row, None)

    def _told(self, row: ToldConcern, role: OwnerRole, step: Step, message: outbox.Message) -> Move:
        is_last = role is OwnerRole.EXTERNAL_CONTACT
        entry = audit.Entry(
            school=row.school,
            event=(Event.TOLD_REMINDED if step.is_reminder else Event.TOLD_ESCALATED).value,
            target=f"told:{row.pk}",
            summary=f"{(Event.TOLD_REMINDED if step.is_reminder else Event.TOLD_ESCALATED).label}.",
            at=self.now,
            data={"step": row.step, "role": role.value},
        )
        return Move(row, None if is_last else step.next_at, role.value, step.is_reminder, (message,), entry)

    def _tell(self, row: ToldConcern, role: OwnerRole) -> outbox.Message | None:
        """Return what tells a role; nothing where nobody but the writer holds it and is here."""
        school, key = row.school, f"told_overdue:{row.pk}:{row.step}"
        if role.value == EXTERNAL_CONTACT:
            address = school.external_contact_email
            return outbox.Message(school, "incidents/told_overdue", "/", key, address=address)
        held = self.reached.get((school.pk, Role(role)), []) if role.value in _REACHED_KEYS else []
        users = [user for user in held if user.pk != row.writer_id]
        home = reverse("school-home", kwargs={"school": school.slug})
        path = told_path(row) if role.value in SAFEGUARDING_TEAM else home
        return outbox.Message(school, "incidents/told_overdue", path, key, users) if users else None


TOLD_CONCERNS = Table(
    model=ToldConcern,
    rungs=ToldConcernEscalation,
    placed_by=("school_id",),
    place=lambda school_id: (school_id, audit.SCHOOL_CHAIN),
    asked=("writer_id",),
    plan=lambda rows, now: plan_told(rows=rows, now=now),
)
