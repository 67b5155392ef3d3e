"""What the policy asks of a case: brought in step with the facts, done, waived, paused.

`apply` is idempotent: what is asked for is there once, what is no longer asked for is withdrawn with the reason, and
nothing is ever deleted. A thing that waits for another has no clock until the other is done.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import guards
from incidents.events import Event
from incidents.facts import asked_about, asked_about_new
from incidents.models import Incident, InvolvedPerson, Obligation
from incidents.operations import chronology, tellings
from incidents.queries.lessons import changes_the_policy
from incidents.statuses import OUTLIVE_THE_CASE
from incidents.words import as_typed
from policies.calendars import calendar_for
from policies.engine.durations import IMMEDIATELY, Calendar, Unit, Within, due_at
from policies.engine.evaluate import explain
from policies.engine.facts import IncidentFacts
from policies.engine.gates import POLICE_ADVICE_KEY
from policies.engine.obligations import Obligation as Asked
from policies.engine.packs import Pack
from policies.engine.substitution import substituted
from policies.engine.vocabulary import Deed, Gate, Kind, OwnerRole, Strength
from policies.queries.packs import packs_of
from policies.statuses import State

ENDED_WITH_THE_CASE = "The case was closed."
NO_LONGER_ASKED = "What is known of the case has changed, and the policy no longer asks for this."


@dataclass(frozen=True)
class Applied:
    """What changed: the keys of what is new, of what is asked for differently, and of what was withdrawn."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]


def begin(*, case: Incident, people: list[InvolvedPerson], at: datetime) -> list[Obligation]:
    """Return what the policy asks of a case that is being logged, not stored yet; set what is due next on the case."""
    packs = packs_of(case.adoption)
    asked = _asked(packs, *asked_about_new(case, people))
    clock = _Clock(case, packs, at)
    rows = [_new(case, key, one, clock) for key, one in asked.items()]
    _mind_gates(rows, clock)
    running = [row.due_at for row in rows if row.due_at and _is_somebodys_next(row)]
    case.next_due_at = min(running, default=None)
    return rows


@transaction.atomic
def apply(*, incident: Incident, at: datetime) -> Applied:
    """Bring what is owed in step with what is known of the case and the edition it is judged by."""
    case = (
        Incident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "adoption")
        .get(pk=incident.pk)
    )
    packs = packs_of(case.adoption)
    asked = _asked(packs, *asked_about(case))
    clock = _Clock(case, packs, at)
    held = {row.key: row for row in Obligation.objects.filter(incident=case).exclude(pack_id="")}
    waited = {row.key for row in held.values() if row.after_key in held and held[row.after_key].is_outstanding}
    added = [_new(case, key, one, clock) for key, one in asked.items() if key not in held]
    changed = [row for key, row in held.items() if key in asked and _follow(row, asked[key], clock)]
    withdrawn = [row for key, row in held.items() if key not in asked and row.is_outstanding]
    for row in withdrawn:
        _settle(row, State.WITHDRAWN, at, None, NO_LONGER_ASKED)
    minded = _mind_gates((*added, *held.values()), clock, waited)
    changed += [row for row in minded if row not in added and row not in changed]
    Obligation.objects.bulk_create(added)
    for row in (*changed, *withdrawn):
        row.save()
    begun = [row for row in (*added, *changed) if row.starts_at == at]
    tellings.tell(incident=case, rows=tellings.to_tell(rows=begun, among=(*added, *held.values())), at=at)
    keep_next_due(incident=case)
    applied = Applied(*(tuple(sorted(row.key for row in rows)) for rows in (added, changed, withdrawn)))
    if added or changed or withdrawn:
        data = {"added": list(applied.added), "changed": list(applied.changed), "withdrawn": list(applied.withdrawn)}
        chronology.witness(incident=case, event=Event.DUTIES_APPLIED, by=None, at=at, data=data)
    return applied


@transaction.atomic
def discharge(*, obligation: Obligation, by: User, at: datetime, evidence: str) -> None:
    """Record that it was done, with what shows it. What waited for it begins to run."""
    row = _locked(obligation)
    if row.strength == Strength.MUST_NOT:
        raise Refused("is_a_ban", "This is kept by not doing it. It cannot be ticked off.")
    if not row.is_outstanding:
        raise Refused("settled_already", f"This is settled already: {State(row.state).label.lower()}.")
    if _waits(row):
        raise Refused("waits_for_another", "Something else has to be done first. Look at what this waits for.")
    guards.may_be_ticked_off(row)
    if row.evidence and not evidence.strip():
        raise Refused("evidence_missing", f"Write down what shows that it was done: {row.evidence}.")
    _settle(row, State.DONE, at, by, as_typed(evidence) or "")
    row.save()
    let_go_on(gate=row, at=at)
    _tell(row, Event.DUTY_DONE, by, at, as_typed(evidence) or "Done.")
    if changes_the_policy(row):
        fulfil(incident=row.incident, keys=["do:update_policy"], by=by, at=at, words=as_typed(evidence) or row.asks)


@transaction.atomic
def waive(*, obligation: Obligation, by: User, at: datetime, reason: str) -> None:
    """Record the decision that it is not done, with the reason: a decision not to act is a decision."""
    row = _locked(obligation)
    if row.strength == Strength.MUST_NOT:
        raise Refused("is_a_ban", "What is forbidden cannot be waived here.")
    if not row.is_outstanding:
        raise Refused("settled_already", f"This is settled already: {State(row.state).label.lower()}.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why this is not done. It is kept with the case.")
    _settle(row, State.WAIVED, at, by, reason)
    row.save()
    let_go_on(gate=row, at=at)
    _tell(row, Event.DUTY_WAIVED, by, at, reason)


@transaction.atomic
def pause(*, obligation: Obligation, by: User, at: datetime, reason: str) -> None:
    """Let a clock rest, with the reason; only where its clause names a condition that may hold it up."""
    row = _locked(obligation)
    if row.state != State.OPEN:
        raise Refused("not_running", "Only what is still to be done can be paused.")
    if not (row.until or row.unless):
        raise Refused("never_pauses", "The policy allows no pause for this.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why this rests. It is kept with the case.")
    row.state, row.paused_at, row.paused_by, row.alert_at = State.PAUSED, at, by, None
    row.save()
    _tell(row, Event.DUTY_PAUSED, by, at, reason)


@transaction.atomic
def resume(*, obligation: Obligation, by: User, at: datetime) -> None:
    """Let a clock go on; it is later by as long as it rested."""
    row = _locked(obligation)
    if row.state != State.PAUSED or row.paused_at is None:
        raise Refused("not_paused", "This is not paused.")
    rested = at - row.paused_at
    row.paused_seconds += int(rested.total_seconds())
    row.state, row.paused_at, row.paused_by = State.OPEN, None, None
    if row.due_at is not None:
        row.due_at += rested
        row.alert_at = max(at, row.due_at) if row.strength == Strength.MUST else None
    elif row.within and not _waits(row):
        # What it waited for was done while it rested.
        _Clock(row.incident, packs_of(row.incident.adoption), at).start(row, at=at)
    row.save()
    _tell(row, Event.DUTY_RESUMED, by, at, "The clock goes on.")


def settle_kind(*, incident: Incident, kind: Kind, by: User | None, at: datetime, words: str) -> None:
    """Discharge what an act in the product fulfils by itself: an acknowledgement, a message delivered."""
    rows = Obligation.objects.select_for_update(no_key=True).filter(
        incident=incident, kind=kind.value, state__in=(State.OPEN, State.PAUSED)
    )
    for row in rows:
        _settle(row, State.DONE, at, by, words)
        row.save()
        let_go_on(gate=row, at=at)
    keep_next_due(incident=incident)


@transaction.atomic
def settle_deeds(*, incident: Incident, deeds: tuple[Deed, ...], words: str, by: User, at: datetime) -> None:
    """Discharge what the policy asks of a case and an act here is. What waits for something else stays open."""
    asked = [deed.value for deed in deeds]
    rows = Obligation.objects.filter(incident=incident, kind=Kind.DO.value, target__in=asked).to_do()
    for row in rows.outstanding().order_by("key"):
        try:
            with transaction.atomic():
                discharge(obligation=row, by=by, at=at, evidence=words)
        except Refused:
            continue


@transaction.atomic
def fulfil(*, incident: Incident, keys: Collection[str], by: User, at: datetime, words: str) -> list[str]:
    """Discharge what an act in the product is, where the policy asks for it; return what was asked for, in its words.

    What waits for something else stays to be done. What ended with a closed case has been done after all.
    """
    asked = Obligation.objects.filter(incident=incident, key__in=keys, strength__lt=Strength.MUST_NOT)
    done = []
    for row in asked.order_by("key"):
        if row.is_outstanding and not _waits(row):
            discharge(obligation=row, by=by, at=at, evidence=words)
            done.append(row.asks)
        elif row.state == State.WITHDRAWN and row.reason == ENDED_WITH_THE_CASE:
            _settle(row, State.DONE, at, by, words)
            row.save()
            row.incident = incident
            _tell(row, Event.DUTY_DONE, by, at, words)
            done.append(row.asks)
    return done


def end_with_the_case(*, incident: Incident, by: User, at: datetime) -> None:
    """Withdraw what is still owed when a case is closed, but for what outlives it; opening it again brings it back."""
    rows = Obligation.objects.select_for_update(no_key=True).filter(incident=incident).outstanding()
    for row in rows.exclude(kind__in=OUTLIVE_THE_CASE, pack_id=""):
        _settle(row, State.WITHDRAWN, at, by, ENDED_WITH_THE_CASE)
        row.save()
    keep_next_due(incident=incident)


def lift_bans(*, incident: Incident, until: Gate, by: User | None, at: datetime, words: str) -> None:
    """Lift what was forbidden only until something was known, now that it is."""
    bans = Obligation.objects.select_for_update(no_key=True).filter(
        incident=incident, strength=Strength.MUST_NOT, until=until
    )
    for row in bans.outstanding():
        row.incident = incident
        _settle(row, State.DONE, at, by, words)
        row.save()
        _tell(row, Event.BAN_LIFTED, by, at, words)


def keep_next_due(*, incident: Incident) -> None:
    """Keep on the incident what is due next of it, by which the queue is ordered; messages deliver themselves."""
    rows = Obligation.objects.filter(incident=incident, state=State.OPEN, due_at__isnull=False, strength=Strength.MUST)
    soonest = rows.exclude(kind=Kind.NOTIFY).order_by("due_at").values_list("due_at", flat=True).first()
    Incident.objects.filter(pk=incident.pk).exclude(next_due_at=soonest).update(next_due_at=soonest)
    incident.next_due_at = soonest


def _is_somebodys_next(row: Obligation) -> bool:
    return row.state == State.OPEN and row.strength == Strength.MUST and row.kind != Kind.NOTIFY


def _asked(packs: tuple[Pack, ...], facts: IncidentFacts, barred: frozenset[OwnerRole]) -> dict[str, Asked]:
    # Who may see a case is no task of anybody's.
    found = (one for one in explain(packs, facts).obligations if one.kind is not Kind.RESTRICT)
    return {_key(one): one for one in (substituted(one, barred) for one in found)}


@dataclass(frozen=True)
class _Clock:
    """What turns a duration into moments for one case."""

    case: Incident
    packs: tuple[Pack, ...]
    at: datetime

    @cached_property
    def calendar(self) -> Calendar:
        """When the school works; asked for only where something is counted in days."""
        return calendar_for(self.case.school)

    @property
    def grace(self) -> timedelta:
        """For how long the policy nearest the school lets something stand that is due at once."""
        return timedelta(minutes=self.packs[-1].grace_minutes)

    def start(self, row: Obligation, *, at: datetime) -> None:
        """Let it begin at a moment: set when it is due and has to be looked at."""
        row.starts_at, row.paused_seconds = at, 0
        self.run(row)

    def run(self, row: Obligation) -> None:
        """Set when it is due from its own beginning; it is later by as long as it rested."""
        times = row.times if row.strength != Strength.MUST_NOT else []
        rested = timedelta(seconds=row.paused_seconds)
        row.due_at = min(self._due(time, row.starts_at) for time in times) + rested if times else None
        late = row.due_at + (self.grace if IMMEDIATELY in times else timedelta()) if row.due_at else None
        row.alert_at = late if row.strength == Strength.MUST and row.state == State.OPEN else None

    def _due(self, within: Within, start: datetime) -> datetime:
        # These two need no calendar, and most of what is owed is due at once.
        if within.unit is Unit.IMMEDIATELY:
            return start
        if within.unit is Unit.HOUR:
            return start + timedelta(hours=within.number)
        return due_at(within, start, self.calendar)


def _new(case: Incident, key: str, one: Asked, clock: _Clock) -> Obligation:
    row = Obligation(incident=case, school=case.school, key=key, severity=case.level)
    _describe(row, one)
    clock.start(row, at=case.became_aware_at if one.kind is Kind.RECORD else clock.at)
    if one.kind is Kind.RECORD:
        # Logging discharges it at once; its lateness stays to be read.
        _settle(row, State.DONE, case.logged_at, case.logged_by, "")
    return row


def _follow(row: Obligation, one: Asked, clock: _Clock) -> bool:
    """Bring a row in step with what is asked for now; say whether anything of it changed."""
    before, asked_before = _terms(row), (row.strength, row.within, row.other_times)
    is_back = row.state == State.WITHDRAWN
    if row.state in (State.DONE, State.WAIVED):
        return False
    _describe(row, one)
    row.severity = clock.case.level
    if is_back:
        row.state, row.settled_at, row.settled_by, row.reason = State.OPEN, None, None, None
        clock.start(row, at=clock.at)
    elif asked_before != (row.strength, row.within, row.other_times) and one.kind is not Kind.RECORD:
        # Asked for otherwise than before: it arises now, and nobody is late for what was not asked yet.
        clock.start(row, at=clock.at)
    elif before != _terms(row):
        clock.run(row)
    return is_back or before != _terms(row)


def _terms(row: Obligation) -> tuple[object, ...]:
    times = row.within, *row.other_times
    return row.owner_role, row.strength, times, row.after_key, row.until, row.unless, row.severity, row.clause


def _describe(row: Obligation, one: Asked) -> None:
    row.kind, row.target, row.any_of = one.kind.value, one.target, list(one.any_of)
    row.owner_role = (one.owner or OwnerRole.DSL).value
    row.strength = int(one.strength)
    row.within = str(one.within) if one.within else ""
    row.other_times = [str(time) for time in one.times[1:]]
    row.clause, row.pack_id, row.text, row.why = one.clause, one.pack, one.text[:400], one.why[:600]
    row.after_key, row.until, row.unless = one.after or "", one.until or "", one.unless or ""
    row.exception, row.evidence = (one.exception or "")[:300], (one.evidence or "")[:200]
    row.is_silent = one.silent_in_policy


def _mind_gates(rows: Collection[Obligation], clock: _Clock, waited: Collection[str] = frozenset()) -> list[Obligation]:
    """Stop the clocks of what waits for another, and start those of what no longer does; return what changed.

    What has no time begins all the same when it no longer waits, as one of the keys that `waited` did: then it is told.
    """
    owed = {row.key for row in rows if row.is_outstanding}
    changed = []
    for row in rows:
        waits = row.after_key in owed
        is_clocked = row.after_key and row.within and row.strength != Strength.MUST_NOT
        if is_clocked and waits and row.is_outstanding and row.due_at is not None:
            row.due_at = row.alert_at = None
            changed.append(row)
        if is_clocked and not waits and row.state == State.OPEN and row.due_at is None:
            clock.start(row, at=clock.at)
            changed.append(row)
        if row.key in waited and not waits and not row.within and row.state == State.OPEN:
            clock.start(row, at=clock.at)
            changed.append(row)
    return changed


def _waits(row: Obligation) -> bool:
    return bool(row.after_key) and (
        Obligation.objects.filter(incident=row.incident_id, key=row.after_key).outstanding().exists()
    )


def let_go_on(*, gate: Obligation, at: datetime) -> None:
    """Start the clocks of what waited for this one, and tell what was to be told then."""
    waiting = list(Obligation.objects.filter(incident=gate.incident_id, after_key=gate.key, state=State.OPEN))
    case = gate.incident
    clock = _Clock(case, packs_of(case.adoption), at)
    for row in waiting:
        clock.start(row, at=at)
        row.save()
    tellings.tell(incident=case, rows=tellings.to_tell(rows=waiting, among=()), at=at)
    if gate.key == POLICE_ADVICE_KEY and gate.state in (State.DONE, State.WAIVED):
        words = f"{gate.text}: {State(gate.state).label.lower()}. {gate.reason or ''}".strip()
        lift_bans(incident=case, until=Gate.POLICE_ADVICE, by=gate.settled_by, at=at, words=words)


def _settle(row: Obligation, state: State, at: datetime, by: User | None, words: str) -> None:
    row.state, row.settled_at, row.settled_by, row.reason = state, at, by, words or None
    row.alert_at, row.paused_at, row.paused_by = None, None, None


def _tell(row: Obligation, event: Event, by: User | None, at: datetime, words: str) -> None:
    text = f"{row.asks}. {words}" if words else row.asks
    chronology.append(incident=row.incident, event=event, by=by, at=at, text=text, data={"duty": row.key})
    keep_next_due(incident=row.incident)


def _locked(obligation: Obligation) -> Obligation:
    # The case first, as everything that brings its duties in step does: two never wait for each other.
    Incident.objects.select_for_update(no_key=True).only("pk").get(pk=obligation.incident_id)
    rows = Obligation.objects.select_for_update(of=("self",), no_key=True)
    row: Obligation = rows.select_related("incident__school", "incident__adoption").get(pk=obligation.pk)
    return row


def _key(one: Asked) -> str:
    return f"{one.key}!" if one.strength is Strength.MUST_NOT else one.key
