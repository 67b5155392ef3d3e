"""Which questions matter: those whose answer would change what the policy asks for, given what is known already."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from policies.engine.evaluate import Decision, evaluate
from policies.engine.facts import ONE_OF, SOME_OF, IncidentFacts
from policies.engine.packs import Pack


def questions_that_matter(packs: Sequence[Pack], facts: IncidentFacts, among: Collection[str]) -> frozenset[str]:
    """Return those of the facts `among` of which at least one answer would change anything that is asked for.

    One answer at a time: what matters only together with another answer comes up once that was given.
    """
    asked = _asked(evaluate(packs, facts))
    return frozenset(
        fact
        for fact in among
        if any(_asked(evaluate(packs, replace(facts, **{fact: answer}))) != asked for answer in _answers(fact))
    )


def _answers(fact: str) -> list[Any]:
    if fact in ONE_OF:
        return list(ONE_OF[fact])
    if fact in SOME_OF:
        return [frozenset({word}) for word in SOME_OF[fact]]
    return [True, False]


def _asked(decision: Decision) -> frozenset[tuple[Any, ...]]:
    lines = ((one.key, one.owner, one.strength, one.times, one.after) for one in decision.obligations)
    return frozenset(lines)
