"""What the sweep does about the school's recurring duties: the owner is reminded, told when it is due, then the ladder.

These duties are counted in days, so there is a day at least between two rungs.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts import audit, outbox
from accounts.models import School, User
from accounts.queries.recipients import present_holders
from accounts.roles import Role
from policies.calendars import calendar_for
from policies.engine.packs import Pack
from policies.engine.vocabulary import OwnerRole
from policies.events import PolicyEvent
from policies.ladders import AT_LEAST, EVERY, rung_at, rungs, to_try
from policies.models import PackAdoption, SchoolDuty, SchoolDutyEscalation
from policies.operations.sweep import Move, Table
from policies.queries.packs import packs_of
from policies.statuses import State

_REACHED = tuple(role for role in Role if role is not Role.STAFF)
Reached = dict[tuple[uuid.UUID, Role], list[User]]


def plan_duties(*, rows: Sequence[SchoolDuty], now: datetime) -> Callable[[SchoolDuty], Move]:
    """Return what says of each of these rounds who is told of it now. Five statements, however many there are."""
    schools = School.objects.in_bulk({row.school_id for row in rows})
    adoptions = PackAdoption.objects.in_force(now).filter(school__in=schools)
    climbed: dict[uuid.UUID, list[SchoolDutyEscalation]] = {}
    for rung in SchoolDutyEscalation.objects.filter(obligation__in=rows).order_by("step"):
        climbed.setdefault(rung.obligation_id, []).append(rung)
    desk = _Desk(
        now=now,
        schools=schools,
        adoptions={adoption.school_id: adoption for adoption in adoptions},
        climbed=climbed,
        reached=present_holders(schools, _REACHED, at=now),
    )
    return desk.move


class _Desk:
    """Everything that was read for one batch."""

    def __init__(
        self,
        *,
        now: datetime,
        schools: dict[uuid.UUID, School],
        adoptions: dict[uuid.UUID, PackAdoption],
        climbed: dict[uuid.UUID, list[SchoolDutyEscalation]],
        reached: Reached,
    ) -> None:
        self.now, self.schools, self.adoptions, self.climbed, self.reached = now, schools, adoptions, climbed, reached

    def move(self, row: SchoolDuty) -> Move:
        """Return what becomes of a round: a reminder, the word that it is due, or the next rung."""
        adoption = self.adoptions.get(row.school_id)
        if row.state != State.OPEN or row.due_at is None or adoption is None:
            return Move(row, None)
        packs = packs_of(adoption)
        told = [rung for rung in self.climbed.get(row.pk, ()) if rung.at >= row.starts_at]
        if self.now < row.due_at:
            return self._remind(row, packs, row.due_at)
        climbed = [rung for rung in told if rung.at >= row.due_at]
        if not climbed and (first := self._remind(row, packs, self._rung_at(row, packs, 0))).told_role:
            return first
        return self._climb(row, packs, climbed)

    def _climb(self, row: SchoolDuty, packs: tuple[Pack, ...], climbed: list[SchoolDutyEscalation]) -> Move:
        missed = [rung.told_role for rung in climbed if not rung.is_reminder]
        at = self._rung_at(row, packs, len(missed))
        if at > self.now:
            return Move(row, at)
        for role in to_try(packs, OwnerRole(row.owner_role), len(missed), missed):
            if (told := self._tell(row, role, "policies/duty_missed")) is not None:
                is_last = role is OwnerRole.EXTERNAL_CONTACT
                then = None if is_last else max(self._rung_at(row, packs, len(missed) + 1), self.now + EVERY)
                return Move(row, then, role.value, False, (told,), self._entry(row, role))
        return Move(row, None)

    def _remind(self, row: SchoolDuty, packs: tuple[Pack, ...], then: datetime) -> Move:
        """Tell the owner, or whoever is next where nobody holds that role, that it is to be done."""
        then = max(then, self.now + AT_LEAST)
        for role in rungs(packs, OwnerRole(row.owner_role))[:-1]:
            if (told := self._tell(row, role, "policies/duty_due")) is not None:
                return Move(row, then, role.value, True, (told,), self._entry(row, role))
        return Move(row, then)

    def _rung_at(self, row: SchoolDuty, packs: tuple[Pack, ...], number: int) -> datetime:
        due = row.due_at or self.now
        calendar = partial(calendar_for, self.schools[row.school_id])
        return max(rung_at(packs, number, due, calendar), due + EVERY * (number + 1))

    def _tell(self, row: SchoolDuty, role: OwnerRole, kind: str) -> outbox.Message | None:
        school = self.schools[row.school_id]
        key = f"duty:{row.pk}:{row.step}"
        if role is OwnerRole.EXTERNAL_CONTACT:
            address = school.external_contact_email
            return outbox.Message(school, "policies/duty_missed_outside", "/", key, address=address)
        users = self.reached.get((school.pk, Role(role)), []) if role.value in _REACHED else []
        path = reverse("school-home", kwargs={"school": school.slug})
        return outbox.Message(school, kind, path, key, recipients=users) if users else None

    def _entry(self, row: SchoolDuty, role: OwnerRole) -> audit.Entry:
        return audit.Entry(
            school=self.schools[row.school_id],
            event=PolicyEvent.DUTY_ESCALATED.value,
            target=f"duty:{row.pk}",
            summary=f"Told a role that the duty {row.duty_key} is due.",
            at=self.now,
            data={"duty": row.duty_key, "step": row.step, "role": role.value},
        )


DUTIES = Table(
    model=SchoolDuty,
    rungs=SchoolDutyEscalation,
    placed_by=("school_id",),
    place=lambda school_id: (school_id, audit.SCHOOL_CHAIN),
    asked=("duty_key",),
    plan=lambda rows, now: plan_duties(rows=rows, now=now),
)
