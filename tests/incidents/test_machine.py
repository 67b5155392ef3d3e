"""Everything that happens to a case's duties, in any order: logged, amended, done, waived, paused, closed, swept.

Hypothesis draws the history; the real operations and the real database live through it. After every step the clocks
are looked at: what is owed has one that runs or a reason why not, and every rung is climbed once and in its time.
"""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import Membership, Person
from incidents.models import Escalation, Incident, InvolvedPerson, Obligation
from incidents.operations import obligations, ownership, workflow
from incidents.operations.escalations import OBLIGATIONS
from incidents.queries.closing import still_open
from incidents.statuses import Level, Outcome, Part, Status
from policies.catalogue import parse_catalogued, shipped, shipped_text
from policies.engine.durations import IMMEDIATELY
from policies.engine.vocabulary import OwnerRole, Strength
from policies.models import PackAdoption, PackEdition
from policies.operations.sweep import sweep
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person, person_of
from tests.numbers import examples

# Three things that wait for each other, one that may rest, one that is asked for only in danger, one about adults.
POLICY = """
pack: machine
title: Policy of the machine
edition: 2026-11
layer: school
extends: [england-statutory]
grace: 30
roles:
  - {key: external_contact, title: Contact, clause: all}
  - {key: chair_of_governors, title: Chair, answers_to: external_contact, clause: all}
  - {key: headteacher, title: Headteacher, answers_to: chair_of_governors, clause: all}
  - {key: dsl, title: Lead, answers_to: headteacher, deputies: [deputy_dsl], clause: all}
  - {key: deputy_dsl, title: Deputy, answers_to: dsl, clause: all}
  - {key: network_manager, title: Network manager, answers_to: headteacher, clause: all}
clauses:
  - {id: all, title: All, says: Everything is done., met: enforced}
rules:
  - id: always
    clause: all
    then:
      - {do: contain_spread, owner: dsl, within: immediately}
      - {do: block_access, owner: network_manager, within: 4h, after: "do:contain_spread"}
      - {do: support_pupil, owner: headteacher, within: 1 working day}
      - {inform_parents: parents, owner: dsl, within: 24h, unless: parents_unsafe_to_tell}
  - id: danger
    clause: all
    when: {immediate_danger: true}
    then:
      - {do: preserve_evidence, owner: dsl, within: 2h}
      - {do: risk_assessment, owner: dsl, within: 1h, after: "do:preserve_evidence"}
      - {do: search_record, owner: network_manager, within: 2h, after: "do:preserve_evidence"}
  - id: adults
    clause: all
    when: {alleged: staff}
    then:
      - {do: support_staff, owner: headteacher, within: 8h}
escalation:
  - {when: missed, after: 0h, notify: owner_deputy, clause: all}
  - {when: missed, after: 4h, notify: answers_to, clause: all}
"""
PEOPLE = ("colleague", "dsl", "deputy", "head")
WAITS = (1, 29, 31, 59, 61, 4 * 60, 24 * 60, 25 * 60, 80 * 60)


def adopt(cast: Cast, *, own: bool) -> None:
    """Let the school follow the policy above, which no page offers, or the starter policy as it is shipped."""
    texts = {"england-statutory": shipped_text("england-statutory")}
    texts["starter"] = POLICY if own else shipped_text("starter")
    packs = [shipped("england-statutory").pack]
    packs.append(parse_catalogued(texts["starter"], file="starter.yaml").pack)
    editions = [
        PackEdition.objects.create(
            pack_id=pack.id, edition=pack.edition, title=pack.title, content_hash=pack.content_hash, text=text
        )
        for pack, text in zip(packs, texts.values(), strict=True)
    ]
    at = NOW - timedelta(days=30)
    layers = [pack.content_hash for pack in packs]
    PackAdoption.objects.create(
        school=cast.school, edition=editions[-1], layers=layers, starts_at=at, adopted_at=at, adopted_by=cast.head
    )


class Duties(RuleBasedStateMachine):
    """One case of one school, from its concern on."""

    cast: ClassVar[Cast]
    pupils: ClassVar[Iterator[Person]]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = NOW
        self.case = Incident()
        self.involved: set[str] = set()
        # The roles of those who are said to have caused harm.
        self.accused: set[str] = set()
        self.settled: dict[Any, str] = {}

    def teardown(self) -> None:
        """Prove the audit chain of the whole history, then take it back."""
        try:
            assert verify_chain(self.cast.school) == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # What people do.

    @initialize(danger=st.booleans(), part=st.sampled_from([Part.ALLEGED, Part.WITNESS, None]))
    def log(self, danger: bool, part: Part | None) -> None:
        people = [harmed(next(self.pupils))]
        self.case = make_incident(
            school=self.cast.school, by=self.cast.teacher, at=self.at, people=people, is_danger_reported=danger
        )
        if part:
            self._involve("colleague", part)

    @rule(minutes=st.sampled_from(WAITS))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(level=st.sampled_from(list(Level)))
    def set_level(self, level: Level) -> None:
        self._try(ownership.set_level, incident=self.case, level=level, reason="It changed.", by=self.cast.dsl)

    @precondition(lambda self: not self._case().is_closed and len(self.involved) < len(PEOPLE))
    @rule(who=st.sampled_from(PEOPLE), part=st.sampled_from([Part.ALLEGED, Part.WITNESS]))
    def involve(self, who: str, part: Part) -> None:
        if who not in self.involved:
            self._involve(who, part)

    @precondition(lambda self: not self._case().is_closed)
    @rule()
    def apply_again(self) -> None:
        obligations.apply(incident=self.case, at=self.at)
        assert obligations.apply(incident=self.case, at=self.at) == obligations.Applied((), (), ())

    @rule(number=st.integers(0, 40))
    def discharge(self, number: int) -> None:
        self._on(obligations.discharge, number, evidence="A note.")

    @rule(number=st.integers(0, 40))
    def waive(self, number: int) -> None:
        self._on(obligations.waive, number, reason="It is not needed here.")

    @rule(number=st.integers(0, 40))
    def pause(self, number: int) -> None:
        may_rest = [row for row in self._rows() if row.state == State.OPEN and (row.until or row.unless)]
        self._on(obligations.pause, number, may_rest, reason="It has to wait.")

    @rule(number=st.integers(0, 40))
    def resume(self, number: int) -> None:
        resting = [row for row in self._rows() if row.state == State.PAUSED]
        self._on(obligations.resume, number, resting)

    @rule()
    def acknowledge(self) -> None:
        self._advance(Status.ACKNOWLEDGED)

    @rule(reopen=st.booleans())
    def close_or_open(self, reopen: bool) -> None:
        if self._case().is_closed and reopen:
            self._advance(Status.OPEN, reason="It happened again.")
        elif not self._case().is_closed:
            self._advance(Status.ACKNOWLEDGED)
            for row in still_open(Incident.objects.get(pk=self.case.pk)):
                self._try(obligations.waive, obligation=row, by=self.cast.dsl, reason="It is not needed.")
            self._advance(Status.CLOSED, reason="It is settled.", outcome=Outcome.RESOLVED)

    @rule()
    def sweep(self) -> None:
        """Whatever had come to its moment is acted upon, and a second sweep at the same moment finds nothing."""
        before = {row.pk: row for row in self._rows()}
        rung = set(Escalation.objects.values_list("pk", flat=True))
        sweep(now=self.at, tables=[OBLIGATIONS])
        told = list(Escalation.objects.exclude(pk__in=rung))
        assert len({one.obligation_id for one in told}) == len(told), "two rungs of one clock at the same moment"
        for one in told:
            assert one.at == self.at
            self._was_due(before[one.obligation_id])
        late = [row for row in self._rows() if row.alert_at is not None and row.alert_at <= self.at]
        assert late == [], "a clock was left to ring"
        self._everything_missed_was_told(before)
        assert sweep(now=self.at, tables=[OBLIGATIONS]).told == 0

    # What has to hold.

    @invariant()
    def everything_holds(self) -> None:
        rows, case = self._rows(), self._case()
        self._clocks_or_reasons(rows)
        self._ends_as_the_clause_says(rows)
        self._settled_for_good(rows)
        running = [row for row in rows if row.state == State.OPEN and row.strength == Strength.MUST]
        due = [row.due_at for row in running if row.kind != "notify"]
        assert case.next_due_at == min((at for at in due if at is not None), default=None)
        assert not {row.owner_role for row in rows if row.is_outstanding} & self.accused
        assert not case.is_closed or not [row.key for row in rows if row.is_outstanding]

    def _clocks_or_reasons(self, rows: list[Obligation]) -> None:
        outstanding = {row.key for row in rows if row.is_outstanding}
        for row in rows:
            if row.state != State.OPEN or row.strength != Strength.MUST or not row.within:
                continue
            if row.after_key in outstanding:
                assert row.due_at is None, f"{row.key} runs before what it waits for"
            else:
                assert row.due_at is not None, f"{row.key} waits for nothing and has no clock"
                assert row.alert_at is not None or self._all_were_told(row), f"{row.key} never rings"

    def _ends_as_the_clause_says(self, rows: list[Obligation]) -> None:
        for row in rows:
            if row.due_at is None or not (row.within.endswith("h") or row.within == str(IMMEDIATELY)):
                continue
            hours = timedelta(hours=int(row.within[:-1]) if row.within.endswith("h") else 0)
            assert row.due_at == row.starts_at + hours + timedelta(seconds=row.paused_seconds), row.key

    def _settled_for_good(self, rows: list[Obligation]) -> None:
        for row in rows:
            was = self.settled.get(row.pk)
            assert was in (None, row.state), f"{row.key} was {was} and is {row.state}"
            if row.state in (State.DONE, State.WAIVED):
                self.settled[row.pk] = row.state
            if row.state in (State.WITHDRAWN, State.WAIVED):
                assert row.reason, f"{row.key} is {row.state} without a reason"

    # How it is done.

    def _case(self) -> Incident:
        return Incident.objects.only("status", "next_due_at").get(pk=self.case.pk)

    def _rows(self) -> list[Obligation]:
        return list(Obligation.objects.filter(incident=self.case.pk).order_by("key"))

    def _try(self, act: Callable[..., object], **given: Any) -> None:
        with contextlib.suppress(Refused):
            act(**given, at=self.at)

    def _on(self, act: Callable[..., object], number: int, rows: list[Obligation] | None = None, **given: Any) -> None:
        found = [row for row in self._rows() if row.is_outstanding] if rows is None else rows
        if found:
            self._try(act, obligation=found[number % len(found)], by=self.cast.dsl, **given)

    def _advance(self, to: Status, **given: Any) -> None:
        self._try(workflow.advance, incident=self.case, to=to, by=self.cast.dsl, **given)

    def _involve(self, who: str, part: Part) -> None:
        person = person_of(self.cast[who], self.cast.school)
        InvolvedPerson.objects.create(
            school=self.cast.school,
            incident=self.case,
            person=person,
            part=part,
            added_at=self.at,
            added_by=self.cast.head,
        )
        self.involved.add(who)
        if part is Part.ALLEGED:
            self.accused |= set(Membership.objects.filter(person=person).values_list("role", flat=True)) - {"staff"}
        obligations.apply(incident=self.case, at=self.at)

    def _all_were_told(self, row: Obligation) -> bool:
        since = Escalation.objects.filter(obligation=row, at__gte=row.starts_at)
        return since.filter(told_role=OwnerRole.EXTERNAL_CONTACT.value).exists()

    def _was_due(self, row: Obligation) -> None:
        assert row.state == State.OPEN, f"{row.key} was {row.state} and somebody was told"
        assert row.due_at is not None
        assert row.due_at <= self.at, f"{row.key} was told before its time"
        assert row.strength == Strength.MUST

    def _everything_missed_was_told(self, before: dict[Any, Obligation]) -> None:
        """The first rung of what was missed is climbed by the first sweep that finds it."""
        after = {row.pk: row for row in self._rows()}
        for pk, row in before.items():
            if row.alert_at is None or row.alert_at > self.at or row.due_at is None or after[pk].state != State.OPEN:
                continue
            was_told = Escalation.objects.filter(obligation=row, at__gte=row.starts_at).exists()
            assert was_told, f"{row.key} was missed and nobody was told"


@pytest.mark.parametrize("own", [True, False], ids=["made for this", "starter"])
def test_no_clock_is_lost_whatever_happens(cast: Cast, own: bool) -> None:
    adopt(cast, own=own)
    pupil = make_person(school=cast.school)
    machine = type("Machine", (Duties,), {"cast": cast, "pupils": itertools.repeat(pupil)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(25, promised=250),
            stateful_step_count=30,
            deadline=None,
            database=None,
            # Shrinking lives through hundreds of histories more; one of thirty steps can be read as it is.
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
