"""What the sweep does about what a case demands and was not done in time: the next role up is told, and who it was.

Nobody is told who is said to have caused harm, or is close to somebody who is; of a case that few may know of, nobody
below the office that handles it. Who may not open the case learns that a duty of a role was missed, never about whom.
"""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from django.urls import reverse

from accounts import audit, outbox
from accounts.models import School, User, among
from accounts.queries.recipients import kept_away, present_holders
from accounts.roles import Role
from incidents.access import named_people, taken_off
from incidents.events import Event
from incidents.models import NAMED_PEOPLE, Escalation, Incident, InvolvedPerson, Obligation
from incidents.operations import deliveries
from incidents.routes import EXTERNAL_CONTACT, may_learn, opens_to
from incidents.statuses import Part
from policies.calendars import calendar_for
from policies.engine.durations import IMMEDIATELY
from policies.engine.packs import Pack
from policies.engine.vocabulary import OwnerRole, Strength
from policies.ladders import AT_LEAST, rung_at, to_try
from policies.models import PackAdoption
from policies.operations.sweep import Move, Table
from policies.queries.packs import packs_of
from policies.statuses import State

_REACHED = tuple(role for role in Role if role is not Role.STAFF)


def plan_obligations(*, rows: Sequence[Obligation], now: datetime) -> Callable[[Obligation], Move]:
    """Return what says of each who is told now that it was missed. Seven statements at most."""
    found = _cases({row.incident_id for row in rows})
    reached = present_holders({case.school_id for case in found.values()}, _REACHED, at=now)
    named = {case.pk: named_people(case, at=now) for case in found.values() if case.is_sealed}
    return _Desk(now, found, _climbed(rows), _barred(found), reached, named).move


def _climbed(rows: Sequence[Obligation]) -> dict[uuid.UUID, list[tuple[str, datetime]]]:
    """Return, by obligation, the roles that were told and when, in order; asked only where somebody was."""
    climbed: dict[uuid.UUID, list[tuple[str, datetime]]] = {}
    if some := [row.pk for row in rows if row.step]:
        rungs = Escalation.objects.filter(obligation__in=among(some), is_reminder=False).order_by("step")
        for obligation_id, role, at in rungs.values_list("obligation_id", "told_role", "at"):
            climbed.setdefault(obligation_id, []).append((role, at))
    return climbed


def _cases(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Incident]:
    """Return cases by id, with their schools and adoptions, of which there are few."""
    found = Incident.objects.filter(pk__in=among(ids)).only("school_id", "adoption_id", "reference", "handled_by")
    cases = {case.pk: case for case in found}
    schools = School.objects.in_bulk({case.school_id for case in cases.values()})
    adoptions = PackAdoption.objects.in_bulk({case.adoption_id for case in cases.values()})
    for case in cases.values():
        case.school, case.adoption = schools[case.school_id], adoptions[case.adoption_id]
    return cases


def _barred(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return, by case, the users who never hear of it."""
    rows = InvolvedPerson.objects.filter(incident__in=among(cases), part=Part.ALLEGED, person__isnull=False)
    alleged = list(rows.values_list("incident_id", "person_id"))
    away = kept_away({person_id for _, person_id in alleged})
    barred = taken_off(cases)
    for incident_id, person_id in alleged:
        barred[incident_id] = barred.get(incident_id, frozenset()) | away.get(person_id, frozenset())
    return barred


@dataclass(frozen=True)
class _Desk:
    """Everything that was read for one batch."""

    now: datetime
    cases: dict[uuid.UUID, Incident]
    climbed: dict[uuid.UUID, list[tuple[str, datetime]]]
    barred: dict[uuid.UUID, frozenset[uuid.UUID]]
    reached: dict[tuple[uuid.UUID, Role], list[User]]
    # Of sealed cases, of which there are few: who is named on each.
    named: dict[uuid.UUID, list[User]]

    @cached_property
    def _packs(self) -> dict[uuid.UUID, tuple[Pack, ...]]:
        return {}

    def packs(self, adoption: PackAdoption) -> tuple[Pack, ...]:
        """Return the packs by which a case is judged; read once for a batch."""
        if adoption.pk not in self._packs:
            self._packs[adoption.pk] = packs_of(adoption)
        return self._packs[adoption.pk]

    def move(self, row: Obligation) -> Move:
        """Return what becomes of one obligation: the next rung, a later moment, or nothing any more."""
        case = self.cases[row.incident_id]
        if row.state != State.OPEN or row.due_at is None or row.strength != Strength.MUST:
            return Move(row, None)
        packs = self.packs(case.adoption)
        # What was told before this clock began belongs to an earlier one.
        told = [role for role, at in self.climbed.get(row.pk, ()) if at >= row.starts_at]
        at = self._rung_at(row, case, packs, len(told))
        if at > self.now:
            return Move(row, at)
        if case.is_sealed:
            return self._tell_named(row, case, is_told=bool(told))
        for role in to_try(packs, OwnerRole(row.owner_role), len(told), told):
            message = self._tell(row, case, role) if may_learn(case.handled_by, role) else None
            if message is None:
                continue
            is_last = role is OwnerRole.EXTERNAL_CONTACT
            then = self._rung_at(row, case, packs, len(told) + 1)
            next_at = None if is_last else max(then, self.now + AT_LEAST)
            return Move(row, next_at, role.value, False, (message,), self._entry(row, case, role.value))
        return Move(row, None)

    def _tell_named(self, row: Obligation, case: Incident, *, is_told: bool) -> Move:
        """Tell the people named on a sealed case, once: there is nobody above them who may know of it. Where none
        of them is left, the case goes to somebody else (`routing.rehome`), and it is told then.
        """
        barred = self.barred.get(case.pk, frozenset())
        users = [user for user in self.named[case.pk] if user.pk not in barred]
        if is_told:
            return Move(row, None)
        if not users:
            return Move(row, self.now + AT_LEAST)
        key = f"missed:{row.pk}:{row.step}"
        message = outbox.Message(case.school, "incidents/duty_missed", case.get_absolute_url(), key, users)
        return Move(row, None, NAMED_PEOPLE, False, (message,), self._entry(row, case, NAMED_PEOPLE))

    def _rung_at(self, row: Obligation, case: Incident, packs: tuple[Pack, ...], number: int) -> datetime:
        due = row.due_at or self.now
        at_once = row.within == str(IMMEDIATELY)
        grace = timedelta(minutes=packs[-1].grace_minutes) if at_once else timedelta()
        return max(rung_at(packs, number, due, partial(calendar_for, case.school)), due + grace)

    def _tell(self, row: Obligation, case: Incident, role: OwnerRole) -> outbox.Message | None:
        school, key = case.school, f"missed:{row.pk}:{row.step}"
        if role.value == EXTERNAL_CONTACT:
            address = school.external_contact_email
            return outbox.Message(school, "incidents/duty_missed_outside", "/", key, address=address)
        held = self.reached.get((school.pk, Role(role)), []) if role.value in _REACHED else []
        barred = self.barred.get(case.pk, frozenset())
        users = [user for user in held if user.pk not in barred]
        if not users:
            return None
        if opens_to(case.handled_by, role, team=school.safeguarding_team(at=self.now)):
            return outbox.Message(school, "incidents/duty_missed", case.get_absolute_url(), key, users)
        home = reverse("school-home", kwargs={"school": school.slug})
        return outbox.Message(school, "incidents/duty_missed_elsewhere", home, key, users)

    def _entry(self, row: Obligation, case: Incident, role: str) -> audit.Entry:
        return audit.Entry(
            school=case.school,
            event=Event.DUTY_ESCALATED.value,
            target=f"incident:{case.pk}",
            summary=f"{Event.DUTY_ESCALATED.label}: {case.reference}.",
            at=self.now,
            data={"duty": row.key, "step": row.step, "role": role},
            chain=case.audit_chain,
        )


OBLIGATIONS = Table(
    model=Obligation,
    rungs=Escalation,
    # The school's chain, or the case's own where few may know of it.
    placed_by=("school_id", "incident_id", "incident__handled_by"),
    place=lambda school_id, incident_id, handled_by: (school_id, Incident.chain_of(incident_id, handled_by)),
    asked=("incident_id", "key"),
    plan=lambda rows, now: plan_obligations(rows=rows, now=now),
    settle=lambda now: deliveries.settle_delivered(now=now),
)
