"""When a rule applies: a small tree of questions about facts.

A fact that is not known answers no question but `not`. `{fact: value}` asks a list whether it holds the value.
"""

from dataclasses import dataclass
from typing import Any

from policies.engine.facts import SOME_OF, IncidentFacts
from policies.engine.labels import denied, known, statement
from policies.engine.vocabulary import IncidentType


@dataclass(frozen=True)
class Equals:
    """The fact is this, or the list holds it."""

    fact: str
    value: Any


@dataclass(frozen=True)
class AnyOf:
    """The fact is one of these, or the list holds one of them."""

    fact: str
    values: frozenset[Any]


@dataclass(frozen=True)
class AllOf:
    """The list holds all of these."""

    fact: str
    values: frozenset[Any]


@dataclass(frozen=True)
class AtLeast:
    """The list holds at least so many; 1 asks whether anything is known."""

    fact: str
    number: int


@dataclass(frozen=True)
class All:
    """Every part is met; an empty one always is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyPart:
    """At least one part is met."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part is not met."""

    part: "Condition"


Condition = Equals | AnyOf | AllOf | AtLeast | All | AnyPart | Not
ALWAYS = All(())


def is_met(condition: Condition, facts: IncidentFacts) -> bool:
    """Say whether the facts meet the condition. Total: every combination of facts has an answer."""
    if isinstance(condition, All):
        return all(is_met(part, facts) for part in condition.parts)
    if isinstance(condition, AnyPart):
        return any(is_met(part, facts) for part in condition.parts)
    if isinstance(condition, Not):
        return not is_met(condition.part, facts)
    value = getattr(facts, condition.fact)
    if condition.fact in SOME_OF:
        return _list_meets(condition, value)
    return _one_meets(condition, value)


def _list_meets(condition: Equals | AnyOf | AllOf | AtLeast, held: frozenset[Any]) -> bool:
    if isinstance(condition, Equals):
        return condition.value in held
    if isinstance(condition, AnyOf):
        return bool(condition.values & held)
    if isinstance(condition, AllOf):
        return condition.values <= held
    return len(held) >= condition.number


def _one_meets(condition: Equals | AnyOf | AllOf | AtLeast, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(condition, Equals):
        return bool(value == condition.value)
    if isinstance(condition, AnyOf):
        return value in condition.values
    if isinstance(condition, AllOf):
        return condition.values == {value}
    return condition.number <= 1


def facts_asked(condition: Condition) -> frozenset[str]:
    """Return the names of the facts a condition asks about."""
    if isinstance(condition, All | AnyPart):
        return frozenset[str]().union(*(facts_asked(part) for part in condition.parts))
    if isinstance(condition, Not):
        return facts_asked(condition.part)
    return frozenset({condition.fact})


def generality(condition: Condition) -> int:
    """Return how general a condition is: how many types would do, or more than there are where it needs none."""
    needed = _types_needed(condition)
    return len(IncidentType) + 1 if needed is None else len(needed)


def _types_needed(condition: Condition) -> frozenset[Any] | None:
    """Return types without one of which the condition is never met; None where it may be met without any."""
    if isinstance(condition, Equals | AnyOf | AllOf) and condition.fact == "types":
        return frozenset({condition.value}) if isinstance(condition, Equals) else condition.values or None
    if isinstance(condition, All):
        needs = [needed for part in condition.parts if (needed := _types_needed(part)) is not None]
        return min(needs, key=lambda needed: (len(needed), sorted(needed))) if needs else None
    if isinstance(condition, AnyPart):
        parts = [_types_needed(part) for part in condition.parts]
        if parts and all(part is not None for part in parts):
            return frozenset[Any]().union(*(part for part in parts if part is not None))
    return None


def uses_not(condition: Condition) -> bool:
    """Say whether a condition asks for something not to be so. The national floor never does."""
    if isinstance(condition, All | AnyPart):
        return any(uses_not(part) for part in condition.parts)
    return isinstance(condition, Not)


def in_words(condition: Condition) -> str:
    """Return the condition as people read it: `it is upskirting and a device is involved`."""
    if isinstance(condition, All):
        return " and ".join(_bracketed(part) for part in condition.parts) or "always"
    if isinstance(condition, AnyPart):
        return " or ".join(_bracketed(part) for part in condition.parts)
    if isinstance(condition, Not):
        return _denied(condition.part)
    if isinstance(condition, AtLeast):
        return (
            known(condition.fact) if condition.number == 1 else f"{known(condition.fact)}, {condition.number} or more"
        )
    if isinstance(condition, Equals):
        return statement(condition.fact, [condition.value], "or")
    return statement(condition.fact, list(condition.values), "or" if isinstance(condition, AnyOf) else "and")


def _denied(part: Condition) -> str:
    if isinstance(part, AnyPart):
        return " and ".join(_denied(one) for one in part.parts)
    if isinstance(part, Equals) and isinstance(part.value, bool):
        return statement(part.fact, [not part.value], "or")
    if isinstance(part, Equals | AnyOf) and part.fact in SOME_OF:
        return denied(part.fact, [part.value] if isinstance(part, Equals) else list(part.values))
    if isinstance(part, Equals | AnyOf) and not isinstance(getattr(part, "value", None), bool):
        return f"it is not known that {in_words(part)}"
    return f"not ({in_words(part)})"


def _bracketed(part: Condition) -> str:
    words = in_words(part)
    return f"({words})" if isinstance(part, All | AnyPart) and len(part.parts) > 1 else words
