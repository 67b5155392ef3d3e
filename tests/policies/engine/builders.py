"""Small packs made by hand: a line in two words, a rule around it, a pack around that."""

from dataclasses import replace
from typing import Any

from policies.engine.clauses import Clause
from policies.engine.conditions import ALWAYS, Condition
from policies.engine.durations import Within, parse_within
from policies.engine.evaluate import Decision, evaluate
from policies.engine.facts import IncidentFacts, facts_from
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack, PackRole, Rule
from policies.engine.phrases import default_text
from policies.engine.vocabulary import Kind, Layer, Met, OwnerRole, Strength

FLOOR, PARTNERSHIP, SCHOOL = Layer.FLOOR, Layer.PARTNERSHIP, Layer.SCHOOL


def line(key: str, **given: Any) -> Obligation:
    """Return an obligation such as `line("notify:dsl", within="24h", owner="reporter")`: a must, if nothing is said."""
    kind, _, target = key.partition(":")
    usual = Strength.MUST_NOT if kind == "forbid" else Strength.MUST
    within, owner = given.pop("within", None), given.pop("owner", None)
    fields: dict[str, Any] = {
        "kind": Kind(kind),
        "target": target,
        "owner": OwnerRole(owner) if owner else None,
        "strength": given.pop("strength", usual),
        "within": within if within is None or isinstance(within, Within) else parse_within(within),
        "clause": "1",
        "pack": "",
        "text": default_text(Kind(kind), target),
        "why": "always",
    }
    return Obligation(**(fields | given))


def rule(rule_id: str, *then: Obligation, when: Condition = ALWAYS) -> Rule:
    """Return a rule that asks for these lines."""
    return Rule(id=rule_id, clause="1", when=when, then=then)


def pack(pack_id: str, *rules: Rule, layer: Layer = SCHOOL, **given: Any) -> Pack:
    """Return a pack that holds these rules; their lines are made its own."""
    own = tuple(_owned(one, pack_id) for one in rules)
    fields: dict[str, Any] = {
        "id": pack_id,
        "title": "A policy",
        "edition": "2026-09",
        "layer": layer,
        "extends": (),
        "clauses": (Clause("1", "All of it", "Everything.", Met.ENFORCED),),
        "rules": own,
    }
    return Pack(**(fields | given))


def _owned(one: Rule, pack_id: str) -> Rule:
    lines = (replace(asked, pack=asked.pack or pack_id) for asked in one.then)
    return Rule(one.id, one.clause, one.when, tuple(lines))


def reader(role: str, *may: str) -> PackRole:
    """Return a role that reads cases, or holds what is given instead."""
    return PackRole(OwnerRole(role), role, may=frozenset(may or ("incident.read",)))


def facts(**given: Any) -> IncidentFacts:
    """Return facts as JSON would give them; of no type in particular where none is given."""
    return facts_from({"types": ["other"]} | given)


def decide(*packs: Pack, **given: Any) -> Decision:
    """Return what these packs ask for about these facts."""
    return evaluate(packs, facts(**given))


def asked(*lines: Obligation, layer: Layer = SCHOOL, **given: Any) -> Decision:
    """Return the decision of one pack that always asks for these lines, each in a rule of its own."""
    rules = [rule(f"rule-{number}", one) for number, one in enumerate(lines)]
    return decide(pack("a-school", *rules, layer=layer), **given)


def the(decision: Decision, key: str) -> Obligation:
    """Return the only obligation with this key."""
    (found,) = [one for one in decision.obligations if one.key == key]
    return found


def keys(decision: Decision) -> list[str]:
    """Return the keys of what is asked for, in order."""
    return [one.key for one in decision.obligations]
