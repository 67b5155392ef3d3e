"""Why a rule applies to these very facts: only the part of its condition that they meet, in plain words."""

from policies.engine.conditions import All, AllOf, AnyOf, AnyPart, Condition, Equals, in_words, is_met
from policies.engine.facts import SOME_OF, IncidentFacts


def reason(condition: Condition, facts: IncidentFacts) -> str:
    """Return the part of a condition that the facts meet, as people read it. The facts meet the condition."""
    return in_words(_met_part(condition, facts))


def _met_part(condition: Condition, facts: IncidentFacts) -> Condition:
    if isinstance(condition, All):
        parts = tuple(dict.fromkeys(_met_part(part, facts) for part in condition.parts))
        return parts[0] if len(parts) == 1 else All(parts)
    if isinstance(condition, AnyPart):
        # One reason is enough; the first that stands is the one the policy's author thought of first.
        first = next((part for part in condition.parts if is_met(part, facts)), None)
        return _met_part(first, facts) if first is not None else condition
    if isinstance(condition, AnyOf) and condition.fact in SOME_OF:
        held = condition.values & getattr(facts, condition.fact)
        return AllOf(condition.fact, held) if held else condition
    if isinstance(condition, AnyOf):
        value = getattr(facts, condition.fact)
        return Equals(condition.fact, value) if value in condition.values else condition
    return condition
