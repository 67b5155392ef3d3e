"""A case through every move of the table, in any order, by those who handle it (ST-1); and raced for (ST-2).

Hypothesis draws the history; the real operations and the real database live through it. Beside it runs a model of a few
lines: a move is made exactly when the model allows it, and every move leaves one entry and one line in the audit.
"""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent, Person
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.operations import closing, notes, ownership, triage, workflow
from incidents.operations.triage import Facts, Triage
from incidents.queries.closing import asks_second_person, still_open
from incidents.queries.triage import as_seen
from incidents.statuses import Decision, Level, Outcome, Status, Undertaking
from incidents.workflow import TRANSITIONS
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person, settle
from tests.numbers import examples

TEAM = ("dsl", "deputy", "online_safety_lead")
MOVES = {(move.source, move.target): move for move in TRANSITIONS}
# What only a decision at triage, or a second person, leads to is tried by its own rule.
_RESOLVED = Outcome.RESOLVED


class Moves(RuleBasedStateMachine):
    """One case of one school, and what a few lines say may be done with it."""

    cast: ClassVar[Cast]
    pupils: ClassVar[Iterator[Person]]
    made: ClassVar[Counter[tuple[str, str]]]
    pairs: ClassVar[set[tuple[tuple[str, str], tuple[str, str]]]]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = NOW
        self.case = Incident()
        self.last: tuple[str, str] | None = None
        self.entries = 0
        self.sentences: list[str] = []

    def teardown(self) -> None:
        try:
            assert verify_chain(self.cast.school) == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @initialize(danger=st.booleans())
    def log(self, danger: bool) -> None:
        people = [harmed(next(self.pupils))]
        self.case = make_incident(
            school=self.cast.school, by=self.cast.teacher, at=self.at, people=people, is_danger_reported=danger
        )

    @rule(to=st.sampled_from(list(Status)), who=st.sampled_from(TEAM), reason=st.sampled_from(["It is so.", " "]))
    def advance(self, to: Status, who: str, reason: str) -> None:
        before = self._case()
        allowed = self._allows(before, to, reason)
        given: dict[str, Any] = {"outcome": _RESOLVED if before.decision != Decision.DUPLICATE else Outcome.DUPLICATE}
        given |= {"review_at": self.at + timedelta(days=7)}
        done = self._try(workflow.advance, incident=self.case, to=to, by=self.cast[who], reason=reason, **given)
        assert done == allowed, f"{before.status} to {to}: {done} instead of {allowed}"
        if done:
            self._moved(before.status, to)

    @rule(which=st.integers(0, 9), who=st.sampled_from(TEAM))
    def go_on(self, which: int, who: str) -> None:
        """Make one of the moves that the table has from here, after whatever stands in its way."""
        before = self._case()
        to = [target for source, target in MOVES if source == before.status][which % _ways_from(before.status)]
        if before.status == Status.ACKNOWLEDGED:
            self._try(ownership.assign, incident=self.case, owner=self.cast[who], by=self.cast[who])
            if self._case().status == Status.OPEN:
                self._moved(before.status, Status.OPEN)
        elif to is Status.CLOSED:
            settle(self.case, by=self.cast.dsl, at=self.at)
            self.advance(to=to, who=who, reason="It is so.")
            if not self._case().is_closed:
                self.close_with_another(asks=TEAM[0], answers=TEAM[1], agrees=True)
        else:
            self.advance(to=to, who=who, reason="It is so.")

    @rule(who=st.sampled_from(TEAM), owner=st.sampled_from((*TEAM, "teacher", "head")))
    def assign(self, who: str, owner: str) -> None:
        before = self._case()
        if self._try(ownership.assign, incident=self.case, owner=self.cast[owner], by=self.cast[who]):
            assert owner in TEAM
            if before.status == Status.ACKNOWLEDGED:
                self._moved(before.status, Status.OPEN)

    @rule(who=st.sampled_from(TEAM), decision=st.sampled_from(list(Decision)), kind=st.sampled_from(list(IncidentType)))
    def triage(self, who: str, decision: Decision, kind: IncidentType) -> None:
        before = self._case()
        original = make_incident(school=self.cast.school, by=self.cast.teacher, at=self.at, people=[])
        said = Triage(
            facts=Facts(Category(before.category), frozenset({kind}), {"crime": "unsure"}),
            decision=decision,
            reason="It is so.",
            duplicate_of=original if decision is Decision.DUPLICATE else None,
            level=Level(before.level),
        )
        seen = as_seen(before)
        if self._try(triage.save, incident=self.case, said=said, seen=seen, by=self.cast[who]):
            after = self._case()
            assert (after.decision, after.types) == (decision, [kind])
            if before.status == Status.REPORTED:
                self._moved(Status.REPORTED, Status.ACKNOWLEDGED)
        else:
            assert before.is_closed or kind in (IncidentType.STAFF_MISUSE, IncidentType.LOW_LEVEL_CONCERN)

    @rule(level=st.sampled_from(list(Level)))
    def set_level(self, level: Level) -> None:
        self._try(ownership.set_level, incident=self.case, level=level, reason="It is so.", by=self.cast.dsl)

    @rule()
    def note(self) -> None:
        notes.add_note(incident=self.case, text="Rang home.", by=self.cast.dsl, at=self.at)

    @rule()
    def settle_all(self) -> None:
        if not self._case().is_closed:
            settle(self.case, by=self.cast.dsl, at=self.at)

    @rule(asks=st.sampled_from(TEAM), answers=st.sampled_from(TEAM), agrees=st.booleans())
    def close_with_another(self, asks: str, answers: str, agrees: bool) -> None:
        before = self._case()
        outcome = _RESOLVED if before.decision != Decision.DUPLICATE else Outcome.DUPLICATE
        asked = self._try(closing.ask, incident=self.case, outcome=outcome, reason="Settled.", by=self.cast[asks])
        assert not asked or self._needs_second(before)
        asker = self._case().closing_asked_by
        if not agrees:
            self._try(closing.decline, incident=self.case, reason="Not yet.", by=self.cast[answers])
        elif self._try(closing.agree, incident=self.case, by=self.cast[answers]):
            assert asker not in (None, self.cast[answers])
            self._moved(before.status, Status.CLOSED)

    @rule(days=st.integers(0, 9))
    def wait(self, days: int) -> None:
        self.at += timedelta(days=days, minutes=1)

    @invariant()
    def everything_holds(self) -> None:
        case = self._case()
        assert case.is_closed == bool(case.closed_at) == bool(case.outcome)
        assert not case.is_closed or not still_open(case)
        assert bool(case.acknowledged_at) == (case.status != Status.REPORTED)
        assert case.owner_id or case.status != Status.MONITORING
        look = Obligation.objects.filter(incident=case, kind=Undertaking.REVIEW, target=str(case.pk)).outstanding()
        assert look.count() == (case.status == Status.MONITORING)
        assert not case.closing_asked_by_id or not case.is_closed
        # Every entry has its line in the audit, and none was taken away.
        entries = ChronologyEntry.objects.filter(incident=case).count()
        told = AuditEvent.objects.filter(target=f"incident:{case.pk}", data__has_key="entry").count()
        assert entries == told
        assert entries >= self.entries
        self.entries = entries
        assert all(sentence.endswith((".", "?")) for sentence in self.sentences)

    def _allows(self, case: Incident, to: Status, reason: str) -> bool:
        """Say in a few lines of its own what the table, its guards and the second person allow."""
        move = MOVES.get((Status(case.status), to))
        if move is None:
            return False
        if to is Status.CLOSED and (still_open(case) or self._needs_second(case)):
            return False
        if move.event in (Event.ASSIGNED, Event.MONITORED) and case.owner_id is None:
            return False
        if move.event is Event.ASSIGNED:
            return True
        return bool(reason.strip()) or move.event is Event.ACKNOWLEDGED

    def _needs_second(self, case: Incident) -> bool:
        grave = case.level in (Level.DANGER, Level.HIGH) or case.is_danger_reported
        assert bool(asks_second_person(case)) == (grave and case.decision != Decision.DUPLICATE)
        return grave and case.decision != Decision.DUPLICATE

    def _moved(self, source: str, target: Status) -> None:
        assert self._case().status == target
        assert (Status(source), target) in MOVES
        move = (str(source), str(target))
        self.made[move] += 1
        if self.last:
            self.pairs.add((self.last, move))
        self.last = move

    def _case(self) -> Incident:
        return Incident.objects.select_related("closing_asked_by", "adoption", "school").get(pk=self.case.pk)

    def _try(self, act: Callable[..., object], **given: Any) -> bool:
        try:
            act(**given, at=self.at)
        except Refused as refusal:
            self.sentences.append(refusal.sentence)
            return False
        return True


def _ways_from(status: str) -> int:
    return sum(source == status for source, _ in MOVES)


def test_every_move_and_no_other_whatever_the_order(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    shared: dict[str, Any] = {"cast": cast, "pupils": itertools.repeat(pupil), "made": Counter(), "pairs": set()}
    machine = type("Machine", (Moves,), shared)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(30, promised=5000),
            stateful_step_count=examples(40, promised=100),
            deadline=None,
            database=None,
            # A history of forty steps can be read as it is.
            phases=[Phase.generate],
            # The few are the same few each time; the promised number is drawn anew.
            derandomize=not examples(0, promised=1),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert set(shared["made"]) == {(str(source), str(target)) for source, target in MOVES}
    follows = {(one, other) for one in MOVES for other in MOVES if one[1] == other[0]}
    met = len(shared["pairs"]) / len(follows)
    assert met >= (0.95 if examples(0, promised=1) else 0.5), f"{met:.0%} of what may follow what was met"


# Races: what two do to one case at the same moment.

ACTS: dict[str, Callable[[Cast, Incident, str], object]] = {
    "note": lambda cast, case, who: notes.add_note(incident=case, text=f"{who} rang.", by=cast[who], at=NOW),
    "watch": lambda cast, case, who: workflow.advance(
        incident=case,
        to=Status.MONITORING,
        by=cast[who],
        at=NOW,
        reason=f"{who} says so.",
        review_at=NOW + timedelta(days=7),
    ),
    "close": lambda cast, case, who: workflow.advance(
        incident=case, to=Status.CLOSED, by=cast[who], at=NOW, reason=f"{who} says so.", outcome=_RESOLVED
    ),
    "own": lambda cast, case, who: ownership.assign(incident=case, owner=cast[who], by=cast[who], at=NOW),
    "raise": lambda cast, case, who: ownership.set_level(
        incident=case, level=Level.LOW, reason=f"{who} says so.", by=cast[who], at=NOW
    ),
    "triage": lambda cast, case, who: triage.save(
        incident=case,
        said=Triage(
            facts=Facts(Category.CONTENT, frozenset(), {"crime": "no"}),
            decision=Decision.BEHAVIOUR,
            reason=f"{who} says so.",
            level=Level.STANDARD,
        ),
        seen=as_seen(case),
        by=cast[who],
        at=NOW,
    ),
}


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_each_is_done_whole_or_told_why_not(cast: Cast) -> None:
    drawn = random.Random(20261117)
    pupil = make_person(school=cast.school)
    for number in range(examples(60, promised=10_000)):
        case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])
        workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
        ownership.assign(incident=case, owner=cast.online_safety_lead, by=cast.dsl, at=NOW)
        case = settle(case, by=cast.dsl)
        both = drawn.choice(list(ACTS)), drawn.choice(list(ACTS))
        before = ChronologyEntry.objects.filter(incident=case).count()

        refused = _race(cast, case, both)

        after = Incident.objects.get(pk=case.pk)
        told = list(ChronologyEntry.objects.filter(incident=case).values_list("event", flat=True))
        assert all(sentence.endswith(".") for sentence in refused), refused
        assert len(told) > before, f"race {number} of {both}: nothing was done"
        for once in (Event.CLOSED, Event.TRIAGED):
            assert told.count(once) <= (2 if both == ("triage", "triage") and not refused else 1), both
        assert after.is_closed == (Event.CLOSED in told)
        assert len(refused) < 2, f"race {number} of {both}: {refused}"
        if both == ("close", "close"):
            assert refused == ["This case is closed already. Somebody may have been quicker: look at the chronology."]
        if both == ("triage", "triage"):
            assert len(refused) == 1
    assert verify_chain(cast.school) == []


def _race(cast: Cast, case: Incident, both: tuple[str, str]) -> list[str]:
    barrier = threading.Barrier(2)
    refused: list[str] = []
    broken: list[BaseException] = []

    def run(act: str, who: str) -> None:
        try:
            barrier.wait(20)
            ACTS[act](cast, case, who)
        except Refused as refusal:
            refused.append(refusal.sentence)
        except BaseException as problem:  # noqa: BLE001 - a thread's failure would be lost
            broken.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(both, ("dsl", "deputy"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return refused
