"""From facts to obligations: pure, total, and the same whatever the order of packs and rules.

Layers are united. Lines that ask for the same thing become one obligation: the strongest strength, the earliest due,
the owner and clause of the layer nearest the school unless that layer is weaker. Gates and the routing substitution
come last: nobody who is said to have caused harm owns or receives anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from policies.engine.conditions import is_met
from policies.engine.facts import IncidentFacts
from policies.engine.merging import Found, Key, Line, merge
from policies.engine.obligations import Obligation
from policies.engine.packs import EscalationStep, Pack
from policies.engine.policy import Policy, policy_of
from policies.engine.reasons import reason
from policies.engine.substitution import CASE_MANAGER, barred_roles, next_free, substituted
from policies.engine.vocabulary import Gate, Kind, OwnerRole, PartHolder

_order = attrgetter("order")
# Being told and having seen it is each one's own.
_TOLD = (Kind.NOTIFY, Kind.ACKNOWLEDGE)


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
    policy = policy_of(packs)
    found = policy.fired(facts)
    barred = barred_roles(facts.alleged)
    if barred:
        found = _substitute(found, barred, policy)
    if PartHolder.PARENT in facts.alleged:
        _excuse_telling_parents(found)
    may_see = _may_see(policy, found, barred)
    _give_to_those_who_see(found, policy, may_see, barred)
    return Decision(
        obligations=tuple(sorted(found.values(), key=_order)),
        may_see=may_see,
        escalation=tuple(_told_of(step, barred) for step in policy.escalation),
        layers=policy.layers,
    )


def explain(packs: Sequence[Pack], facts: IncidentFacts) -> Decision:
    """Return the same as `evaluate`, each `why` cut down to what these facts meet of it: for people, not for sweeps."""
    conditions = {(pack.id, rule.id): rule.when for pack in packs for rule in pack.rules}
    decision = evaluate(packs, facts)
    reasons = {key: reason(condition, facts) for key, condition in conditions.items() if is_met(condition, facts)}
    told = (one.but(why=reasons.get((one.pack, one.rule), one.why)) for one in decision.obligations)
    return replace(decision, obligations=tuple(told))


def _substitute(found: Found, barred: frozenset[OwnerRole], policy: Policy) -> Found:
    grouped: dict[Key, list[Obligation]] = {}
    for (_, is_ban), obligation in found.items():
        moved = substituted(obligation, barred)
        grouped.setdefault((moved.key, is_ban), []).append(moved)
    united: Found = {}
    for key, obligations in grouped.items():
        lines = [Line(policy.layer_of(one.pack), one) for one in obligations]
        silent = all(one.silent_in_policy for one in obligations)
        united[key] = obligations[0] if len(obligations) == 1 else merge(lines, silent=silent)
    return united


def _excuse_telling_parents(found: Found) -> None:
    """Where it is a parent who is said to have done it, telling the parents may itself do harm."""
    for key, obligation in found.items():
        if key == ("inform_parents:parents", False) and obligation.unless is None:
            found[key] = obligation.but(unless=Gate.PARENTS_UNSAFE_TO_TELL)


def _told_of(step: EscalationStep, barred: frozenset[OwnerRole]) -> EscalationStep:
    if step.notify not in barred:
        return step
    return replace(step, notify=next_free(OwnerRole(step.notify), barred).value)


def _may_see(policy: Policy, found: Found, barred: frozenset[OwnerRole]) -> tuple[OwnerRole, ...]:
    limits = [
        frozenset(OwnerRole(role) for role in obligation.target.split(","))
        for obligation in found.values()
        if obligation.kind is Kind.RESTRICT
    ]
    if limits:
        free = frozenset.intersection(*limits) - barred
    elif not barred:
        free = policy.readers
    else:
        # Whoever takes a reader's place does their work, and so has to see it.
        free = frozenset(next_free(role, barred) for role in policy.readers)
    return tuple(sorted(free)) if free else (next_free(CASE_MANAGER, barred),)


def _give_to_those_who_see(
    found: Found, policy: Policy, may_see: tuple[OwnerRole, ...], barred: frozenset[OwnerRole]
) -> None:
    """Where a case is confined, what its usual readers would do on it goes to the case manager: they cannot open it."""
    shut_out = policy.readers - frozenset(may_see)
    manager = next_free(CASE_MANAGER, barred)
    if not shut_out or manager not in may_see:
        return
    for key, obligation in found.items():
        if obligation.owner in shut_out and obligation.kind not in _TOLD:
            found[key] = obligation.but(owner=manager)
