"""The school's recurring duties: one open round of each, done with what shows it, or waived with a reason.

`begin_rounds` is idempotent: what the policy asks for has one open round, what it no longer asks for is withdrawn with
the reason, and nothing is ever deleted. Settling a round begins the next one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import School, User
from policies.calendars import calendar_for
from policies.engine.durations import Calendar
from policies.engine.vocabulary import Kind, Layer, Strength
from policies.events import PolicyEvent
from policies.models import SchoolDuty
from policies.queries.duties import AskedDuty, asked_of, done_before, schools_to_keep
from policies.queries.packs import adoption_in_force, packs_of
from policies.rounds import due_at, earliest_done, is_by_term, next_begins, remind_at
from policies.statuses import State

NO_LONGER_ASKED = "The policy that applies now no longer asks for this."
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """What `begin_rounds` changed: the keys of rounds that began, follow other words or days, or were withdrawn."""

    begun: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rounds it touched."""
        return len(self.begun) + len(self.changed) + len(self.withdrawn)


@transaction.atomic
def begin_rounds(*, school: School, at: datetime) -> Kept:
    """Bring the open rounds of a school in step with the policy in force and its calendar; without one, do nothing."""
    # Two at once would begin the same round twice. Nothing that only refers to the school waits for this.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    adoption = adoption_in_force(school, at=at)
    if adoption is None:
        return Kept()
    asked = asked_of(packs_of(adoption))
    held = {row.duty_key: row for row in SchoolDuty.objects.for_school(school).outstanding()}
    desk = _Desk(school, at)
    begun = [desk.first(one) for key, one in asked.items() if key not in held]
    changed = [row for key, row in held.items() if key in asked and desk.follow(row, asked[key])]
    withdrawn = [row for key, row in held.items() if key not in asked]
    for row in withdrawn:
        _settle(row, State.WITHDRAWN, at, None, NO_LONGER_ASKED)
    SchoolDuty.objects.bulk_create(begun)
    for row in (*changed, *withdrawn):
        row.save()
    kept = Kept(*(tuple(sorted(row.duty_key for row in rows)) for rows in (begun, changed, withdrawn)))
    if kept.count:
        _record_kept(school, kept, at)
    return kept


def keep_rounds(*, now: datetime) -> int:
    """Bring every school's rounds in step whose policy has begun or ended, or whose terms moved; say how many changed.

    Two statements where there is nothing to do.
    """
    return sum(begin_rounds(school=school, at=now).count for school in schools_to_keep(now))


@transaction.atomic
def discharge(*, duty: SchoolDuty, by: User, at: datetime, evidence: str, done_on: date) -> SchoolDuty | None:
    """Record that a round was done, on which day, and what shows it. Return the round that begins then."""
    row = _outstanding(duty)
    if not evidence.strip():
        raise Refused("evidence_missing", "Write down what shows that it was done, and where it is kept.")
    desk = _Desk(row.school, at)
    if done_on > desk.today:
        raise Refused("done_in_the_future", "That day is still to come. Check the date.")
    earliest = row.round_on if done_before(row) else earliest_done(row.every, row.round_on)
    if done_on < earliest:
        raise Refused("done_too_early", f"What was done before {_in_words(earliest)} counts for an earlier round.")
    row.done_on = done_on
    _settle(row, State.DONE, at, by, evidence)
    row.save()
    following = desk.next(row, done_on)
    data = {"duty": row.duty_key, "round_on": row.round_on.isoformat(), "done_on": done_on.isoformat()}
    _record(row, PolicyEvent.DUTY_DONE, f"Recorded the duty {row.duty_key} of the school as done.", by, at, data)
    return following


@transaction.atomic
def waive(*, duty: SchoolDuty, by: User, at: datetime, reason: str) -> SchoolDuty | None:
    """Record the decision that a round is not done, with the reason. Return the round that begins then."""
    row = _outstanding(duty)
    if not reason.strip():
        raise Refused("reason_missing", "Write down why this is not done this time. It is kept.")
    desk = _Desk(row.school, at)
    _settle(row, State.WAIVED, at, by, reason)
    row.save()
    following = desk.next(row, desk.today)
    data = {"duty": row.duty_key, "round_on": row.round_on.isoformat()}
    _record(row, PolicyEvent.DUTY_WAIVED, f"Decided not to do a round of the duty {row.duty_key}.", by, at, data)
    return following


@dataclass(frozen=True)
class _Desk:
    """What it takes to begin a round at one school at one moment."""

    school: School
    at: datetime

    @cached_property
    def calendar(self) -> Calendar:
        """When the school works."""
        return calendar_for(self.school)

    @property
    def today(self) -> date:
        """The day at the school."""
        return self.at.astimezone(self.calendar.zone).date()

    def first(self, one: AskedDuty) -> SchoolDuty:
        """Return the round that begins because the policy asks for something new; not stored yet."""
        return self._round(one, self.today, self.at)

    def next(self, before: SchoolDuty, settled_on: date) -> SchoolDuty | None:
        """Begin the round after one that was settled; None where the policy in force no longer asks for the duty."""
        adoption = adoption_in_force(self.school, at=self.at)
        one = asked_of(packs_of(adoption)).get(before.duty_key) if adoption else None
        if one is None:
            return None
        due_on = before.due_at.astimezone(self.calendar.zone).date() if before.due_at else settled_on
        begins = next_begins(one.duty.every, settled_on, due_on)
        row = self._round(one, settled_on, self.calendar.at(begins, time.min))
        row.save(force_insert=True)
        return row

    def follow(self, row: SchoolDuty, one: AskedDuty) -> bool:
        """Bring an open round in step with the policy's words and the school's terms; say whether anything changed."""
        before = _terms(row)
        is_recounted = row.every != one.duty.every
        _describe(row, one)
        if is_recounted or (is_by_term(row.every) and not row.is_late(self.at)):
            self._run(row)
        return before != _terms(row)

    def _round(self, one: AskedDuty, day: date, starts_at: datetime) -> SchoolDuty:
        row = SchoolDuty(school=self.school, duty_key=one.duty.key, round_on=self._free_day(one.duty.key, day))
        row.starts_at = starts_at
        _describe(row, one)
        self._run(row)
        return row

    def _run(self, row: SchoolDuty) -> None:
        """Set by when it is due and when to look at it; who was reminded already is not reminded again."""
        due = due_at(row.every, row.starts_at.astimezone(self.calendar.zone).date(), self.calendar)
        if row.due_at == due:
            return
        row.due_at = due
        row.alert_at = due if row.step else remind_at(row.starts_at, due, self.calendar)

    def _free_day(self, key: str, day: date) -> date:
        """Return the day, or the first after it on which no other round of the duty began."""
        taken = set(SchoolDuty.objects.for_school(self.school).filter(duty_key=key).values_list("round_on", flat=True))
        while day in taken:
            day += _DAY
        return day


def _describe(row: SchoolDuty, one: AskedDuty) -> None:
    duty = one.duty
    row.kind, row.target, row.key = Kind.DO.value, duty.do, f"{Kind.DO.value}:{duty.do}"[:80]
    row.owner_role, row.strength, row.every = duty.owner.value, int(Strength.MUST), duty.every
    row.clause, row.pack_id, row.text = duty.clause, one.pack.id, one.text[:400]
    row.evidence = duty.evidence[:200]
    row.is_silent = one.pack.layer is not Layer.SCHOOL


def _terms(row: SchoolDuty) -> tuple[object, ...]:
    return (
        *(row.target, row.owner_role, row.every, row.clause, row.pack_id, row.text, row.evidence),
        *(row.due_at, row.alert_at),
    )


def _outstanding(duty: SchoolDuty) -> SchoolDuty:
    row: SchoolDuty = SchoolDuty.objects.select_for_update(of=("self",)).select_related("school").get(pk=duty.pk)
    if not row.is_outstanding:
        raise Refused("settled_already", f"This round is settled already: {State(row.state).label.lower()}.")
    return row


def _settle(row: SchoolDuty, state: State, at: datetime, by: User | None, words: str) -> None:
    row.state, row.settled_at, row.settled_by, row.reason = state, at, by, words
    row.alert_at, row.paused_at, row.paused_by = None, None, None


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _record_kept(school: School, kept: Kept, at: datetime) -> None:
    summary = f"Recurring duties: {len(kept.begun)} began, {len(kept.withdrawn)} are no longer asked for."
    audit.record(
        school=school,
        actor=None,
        event=PolicyEvent.ROUNDS_KEPT,
        target=f"school:{school.pk}",
        summary=summary,
        at=at,
        data={"begun": list(kept.begun), "changed": list(kept.changed), "withdrawn": list(kept.withdrawn)},
    )


def _record(row: SchoolDuty, event: PolicyEvent, summary: str, by: User, at: datetime, data: dict[str, Any]) -> None:
    target = f"duty:{row.pk}"
    audit.record(school=row.school, actor=by, event=event, target=target, summary=summary, at=at, data=data)
