"""From facts to obligations: pure, total, and the same whatever the order of packs and rules.

Layers are united. Lines that ask for the same thing become one obligation: the strongest strength, the earliest due,
the owner and clause of the layer nearest the school unless that layer is weaker. Gates and the routing substitution
come last: nobody who is said to have caused harm owns or receives anything.

The rules are found in the order of sets, which differs between processes: whatever follows goes through keys in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from policies.engine.conditions import All, AllOf, AnyOf, AnyPart, Condition, Equals, is_met
from policies.engine.facts import IncidentFacts
from policies.engine.merging import Line, merge
from policies.engine.obligations import Obligation
from policies.engine.packs import EscalationStep, Pack, Rule
from policies.engine.phrases import default_text
from policies.engine.reasons import reason
from policies.engine.substitution import CASE_MANAGER, barred_roles, next_free, substituted
from policies.engine.vocabulary import Gate, IncidentType, Kind, Layer, OwnerRole, PartHolder, Strength

_READS = "incident.read"
_GATE_KEYS = {Gate.POLICE_ADVICE: "consult:police", Gate.DELETION_CONFIRMED: "do:confirm_deletion_allowed"}
# A ban, and what it holds back until its gate is discharged: the ban's own gate, or this one.
_HELD_BACK: dict[str, tuple[tuple[str, ...], str | None]] = {
    "forbid:delete_evidence": (("do:delete_copies",), "do:confirm_deletion_allowed"),
    "forbid:share_beyond_school": (("refer:other_setting_dsl", "consult:other_setting_dsl"), "consult:police"),
}
# Who may be bound by a ban, and decides nothing.
_NOBODY_ALONE = frozenset({OwnerRole.EVERYONE, OwnerRole.STAFF, OwnerRole.REPORTER})
_Found = dict[tuple[str, bool], Obligation]


@dataclass(frozen=True)
class Decision:
    """What the packs ask for, who may see the case, who is told when a duty is missed, and the layers that spoke."""

    obligations: tuple[Obligation, ...]
    may_see: tuple[OwnerRole, ...]
    escalation: tuple[EscalationStep, ...]
    layers: tuple[str, ...]

    def as_json(self, pack: Pack) -> dict[str, Any]:
        """Return the decision as `pack_explain` prints it for a pack."""
        return {
            "pack": pack.id,
            "edition": pack.edition,
            "layers": list(self.layers),
            "obligations": [obligation.as_json() for obligation in self.obligations],
            "access": {"may_see": [role.value for role in self.may_see], "never": ["subject"]},
            "escalation": [
                {"after": str(step.after) if step.after else "0h", "notify": step.notify} for step in self.escalation
            ],
        }


def evaluate(packs: Sequence[Pack], facts: IncidentFacts) -> Decision:
    """Return what these packs ask for, given the facts. Every combination of facts has an answer."""
    policy = _compiled(frozenset(packs))
    found = policy.fired(facts)
    _hold_back(found)
    barred = barred_roles(facts.alleged)
    if barred:
        found = _substitute(found, barred)
    if PartHolder.PARENT in facts.alleged:
        _excuse_telling_parents(found)
    ordered = sorted(found.values(), key=_order)
    return Decision(
        obligations=tuple(ordered),
        may_see=_may_see(policy, ordered, barred),
        escalation=tuple(_told_of(step, barred) for step in policy.escalation),
        layers=policy.layers,
    )


def explain(packs: Sequence[Pack], facts: IncidentFacts) -> Decision:
    """Return the same as `evaluate`, each `why` cut down to what these facts meet of it: for people, not for sweeps."""
    conditions = {(pack.id, rule.id): rule.when for pack in packs for rule in pack.rules}
    decision = evaluate(packs, facts)
    reasons = {key: reason(condition, facts) for key, condition in conditions.items() if is_met(condition, facts)}
    told = (replace(one, why=reasons.get((one.pack, one.rule), one.why)) for one in decision.obligations)
    return replace(decision, obligations=tuple(told))


class _Policy:
    """Packs prepared for many evaluations: rules found by type, lines built once, merged lines remembered."""

    def __init__(self, packs: frozenset[Pack]) -> None:
        self.packs = sorted(packs, key=lambda pack: (pack.layer, pack.id, pack.edition, pack.content_hash))
        self.layers = tuple(dict.fromkeys(pack.id for pack in self.packs))
        self.has_school = any(pack.layer is Layer.SCHOOL for pack in self.packs)
        nearest_first = list(reversed(self.packs))
        self.escalation = next((pack.escalation for pack in nearest_first if pack.escalation), ())
        self.readers = _readers(nearest_first)
        self._merged: dict[tuple[int, ...], Obligation] = {}
        self._always: list[tuple[Condition, list[Line]]] = []
        self._by_type: dict[IncidentType, list[tuple[Condition, list[Line]]]] = {kind: [] for kind in IncidentType}
        self._number = 0
        for pack in self.packs:
            for rule in sorted(pack.rules, key=lambda rule: rule.id):
                self._file(pack, rule)

    def fired(self, facts: IncidentFacts) -> _Found:
        """Return the obligations of every rule that applies, each once."""
        lines: dict[tuple[str, bool], dict[int, Line]] = {}
        for condition, of_rule in self._candidates(facts):
            if is_met(condition, facts):
                for line in of_rule:
                    lines.setdefault(line.key, {})[line.number] = line
        return {key: self._one(lines[key]) for key in sorted(lines)}

    def _candidates(self, facts: IncidentFacts) -> list[tuple[Condition, list[Line]]]:
        candidates = list(self._always)
        for kind in facts.types:
            candidates += self._by_type[kind]
        return candidates

    def _one(self, found: dict[int, Line]) -> Obligation:
        numbers = tuple(sorted(found))
        known = self._merged.get(numbers)
        if known is None:
            known = merge([found[number] for number in numbers], has_school=self.has_school)
            self._merged[numbers] = known
        return known

    def _file(self, pack: Pack, rule: Rule) -> None:
        lines = []
        for obligation in rule.then:
            key = (obligation.key, obligation.strength is Strength.MUST_NOT)
            lines.append(Line(self._number, pack.layer, key, obligation))
            self._number += 1
        needed = _types_needed(rule.when)
        if needed is None:
            self._always.append((rule.when, lines))
            return
        for kind in needed:
            self._by_type[kind].append((rule.when, lines))


@lru_cache(maxsize=128)
def _compiled(packs: frozenset[Pack]) -> _Policy:
    return _Policy(packs)


def _types_needed(condition: Condition) -> frozenset[Any] | None:
    """Return types without one of which the condition cannot be met, or None where it needs no type."""
    if isinstance(condition, Equals | AnyOf | AllOf):
        if condition.fact != "types" or condition == AllOf("types", frozenset()):
            return None
        return frozenset({condition.value}) if isinstance(condition, Equals) else condition.values
    if isinstance(condition, All):
        needs = [needed for part in condition.parts if (needed := _types_needed(part)) is not None]
        return min(needs, key=lambda needed: (len(needed), sorted(needed))) if needs else None
    if isinstance(condition, AnyPart) and condition.parts:
        united: frozenset[Any] = frozenset()
        for part in condition.parts:
            needed = _types_needed(part)
            if needed is None:
                return None
            united |= needed
        return united
    return None


def _hold_back(found: _Found) -> None:
    """Let every must wait that a must_not stands against, and see to it that somebody has to open each gate."""
    for (key, is_ban), ban in list(found.items()):
        if not is_ban:
            continue
        held, usual_gate = _HELD_BACK.get(key, ((key,), None))
        gate_key = _GATE_KEYS.get(ban.until, usual_gate) if ban.until else usual_gate
        for held_key in held:
            must = found.get((held_key, False))
            if must and gate_key and gate_key != held_key:
                found[(held_key, False)] = replace(must, after=gate_key)
                _see_to(gate_key, found, closed_by=ban, waiting=must)
    for (_, is_ban), waiting in list(found.items()):
        # What no rule asks for could never be done, and whatever waits for it never either.
        if waiting.after and not is_ban:
            _see_to(waiting.after, found, closed_by=waiting, waiting=waiting)


def _see_to(gate_key: str, found: _Found, *, closed_by: Obligation, waiting: Obligation) -> None:
    """Ask for what opens a gate, on the clause that closed it, as firmly and as soon as for what waits behind it."""
    kind, _, target = gate_key.partition(":")
    known = found.get((gate_key, False))
    if known:
        if known.strength < waiting.strength:
            found[(gate_key, False)] = replace(known, strength=waiting.strength)
        return
    found[(gate_key, False)] = Obligation(
        kind=Kind(kind),
        target=target,
        owner=OwnerRole.DSL if closed_by.owner in _NOBODY_ALONE else closed_by.owner,
        strength=waiting.strength,
        within=waiting.within,
        clause=closed_by.clause,
        pack=closed_by.pack,
        rule=closed_by.rule,
        text=default_text(Kind(kind), target),
        why=closed_by.why,
        silent_in_policy=closed_by.silent_in_policy,
    )


def _substitute(found: _Found, barred: frozenset[OwnerRole]) -> _Found:
    grouped: dict[tuple[str, bool], list[Obligation]] = {}
    for (_, is_ban), obligation in found.items():
        moved = substituted(obligation, barred)
        grouped.setdefault((moved.key, is_ban), []).append(moved)
    united: _Found = {}
    for key, obligations in grouped.items():
        obligations.sort(key=_order)
        lines = [Line(number, Layer.FLOOR, key, obligation) for number, obligation in enumerate(obligations)]
        united[key] = obligations[0] if len(obligations) == 1 else merge(lines, has_school=False, keep_silence=True)
    return united


def _excuse_telling_parents(found: _Found) -> None:
    """Where it is a parent who is said to have done it, telling the parents may itself do harm."""
    for key, obligation in found.items():
        if key == ("inform_parents:parents", False) and obligation.unless is None:
            found[key] = replace(obligation, unless=Gate.PARENTS_UNSAFE_TO_TELL)


def _told_of(step: EscalationStep, barred: frozenset[OwnerRole]) -> EscalationStep:
    if step.notify not in barred:
        return step
    return replace(step, notify=next_free(OwnerRole(step.notify), barred).value)


def _readers(nearest_first: list[Pack]) -> tuple[OwnerRole, ...]:
    """Return the roles that may read cases, each as the nearest pack that names the role has it."""
    seen: dict[OwnerRole, bool] = {}
    for pack in nearest_first:
        for role in pack.roles:
            seen.setdefault(role.key, _READS in role.may)
    return tuple(sorted(role for role, reads in seen.items() if reads))


def _may_see(policy: _Policy, obligations: list[Obligation], barred: frozenset[OwnerRole]) -> tuple[OwnerRole, ...]:
    limits = [
        frozenset(OwnerRole(role) for role in obligation.target.split(","))
        for obligation in obligations
        if obligation.kind is Kind.RESTRICT
    ]
    readers = frozenset(policy.readers) if not limits else frozenset.intersection(*limits)
    free = readers - barred
    return tuple(sorted(free)) if free else (next_free(CASE_MANAGER, barred),)


def _order(obligation: Obligation) -> tuple[Any, ...]:
    """Bans first, then by due; what is due at the same time in a fixed order."""
    due = obligation.within.rank if obligation.within else (9, 0)
    return obligation.strength is not Strength.MUST_NOT, due, -obligation.strength, obligation.kind, obligation.target
