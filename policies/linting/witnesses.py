"""Facts that meet a condition, and no more facts than it needs: cases in point for what a rule says.

A condition is taken apart into its branches; each branch says of every fact what it has to hold. What the condition
leaves open stays unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from policies.engine.conditions import All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.facts import ONE_OF, SOME_OF, IncidentFacts
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType

# More cases in point than this tell nobody anything new.
_MOST = 500


@dataclass(frozen=True)
class _Some:
    """What a list has to hold, must not hold, and how many it may hold."""

    holds: frozenset[Any] = frozenset()
    lacks: frozenset[Any] = frozenset()
    least: int = 0
    most: int = 1_000


@dataclass(frozen=True)
class _Branch:
    """One way to meet a condition: what each list has to be like, and what each single fact may be (None: unknown)."""

    some: Mapping[str, _Some]
    one: Mapping[str, frozenset[Any]]

    def with_some(self, fact: str, wanted: _Some) -> Iterator["_Branch"]:
        """Yield the branch with what a list has to be like; nothing where no list is."""
        room = min(wanted.most, len(SOME_OF[fact]) - len(wanted.lacks))
        if not wanted.holds & wanted.lacks and max(wanted.least, len(wanted.holds)) <= room:
            yield replace(self, some={**self.some, fact: wanted})

    def with_one(self, fact: str, allowed: frozenset[Any]) -> Iterator["_Branch"]:
        """Yield the branch with what a single fact may be besides; nothing where no value is left."""
        may_be = self.one.get(fact, _every(fact)) & allowed
        if may_be:
            yield replace(self, one={**self.one, fact: may_be})


def witnesses(condition: Condition) -> Iterator[IncidentFacts]:
    """Yield facts that meet the condition, one for each of its branches, at most 500; none where it is never met."""
    seen: set[IncidentFacts] = set()
    for branch in islice(_branches(condition, _Branch({}, {})), _MOST):
        facts = _facts(branch)
        if facts is not None and facts not in seen:
            seen.add(facts)
            yield facts


def can_be_met(condition: Condition) -> bool:
    """Say whether there are facts that meet the condition."""
    return next(witnesses(condition), None) is not None


def _branches(condition: Condition, so_far: _Branch) -> Iterator[_Branch]:
    if isinstance(condition, All):
        yield from _all(condition.parts, so_far)
    elif isinstance(condition, AnyPart):
        for part in condition.parts:
            yield from _branches(part, so_far)
    elif isinstance(condition, Not):
        yield from _not(condition.part, so_far)
    elif condition.fact in SOME_OF:
        yield from _some(condition, so_far)
    else:
        yield from so_far.with_one(condition.fact, _allowed(condition))


def _all(parts: tuple[Condition, ...], so_far: _Branch) -> Iterator[_Branch]:
    if not parts:
        yield so_far
        return
    for branch in _branches(parts[0], so_far):
        yield from _all(parts[1:], branch)


def _not(part: Condition, so_far: _Branch) -> Iterator[_Branch]:
    if isinstance(part, Not):
        yield from _branches(part.part, so_far)
    elif isinstance(part, All):
        for one in part.parts:
            yield from _not(one, so_far)
    elif isinstance(part, AnyPart):
        yield from _all(tuple(Not(one) for one in part.parts), so_far)
    elif part.fact in SOME_OF:
        yield from _not_some(part, so_far)
    else:
        yield from so_far.with_one(part.fact, _every(part.fact) - _allowed(part))


def _some(leaf: Equals | AnyOf | AllOf | AtLeast, so_far: _Branch) -> Iterator[_Branch]:
    wanted = so_far.some.get(leaf.fact, _Some())
    if isinstance(leaf, AtLeast):
        yield from so_far.with_some(leaf.fact, replace(wanted, least=max(wanted.least, leaf.number)))
        return
    if isinstance(leaf, AnyOf):
        options = [frozenset({value}) for value in sorted(leaf.values)]
    else:
        options = [frozenset({leaf.value}) if isinstance(leaf, Equals) else leaf.values]
    for values in options:
        yield from so_far.with_some(leaf.fact, replace(wanted, holds=wanted.holds | values))


def _not_some(leaf: Equals | AnyOf | AllOf | AtLeast, so_far: _Branch) -> Iterator[_Branch]:
    wanted = so_far.some.get(leaf.fact, _Some())
    if isinstance(leaf, AtLeast):
        yield from so_far.with_some(leaf.fact, replace(wanted, most=min(wanted.most, leaf.number - 1)))
    elif isinstance(leaf, AllOf):
        for value in sorted(leaf.values):
            yield from so_far.with_some(leaf.fact, replace(wanted, lacks=wanted.lacks | {value}))
    else:
        values = frozenset({leaf.value}) if isinstance(leaf, Equals) else leaf.values
        yield from so_far.with_some(leaf.fact, replace(wanted, lacks=wanted.lacks | values))


def _every(fact: str) -> frozenset[Any]:
    words = ONE_OF.get(fact)
    return frozenset({None, *words}) if words else frozenset({None, True, False})


def _allowed(leaf: Equals | AnyOf | AllOf | AtLeast) -> frozenset[Any]:
    """Return the values of a single fact that meet the leaf."""
    if isinstance(leaf, AtLeast):
        return _every(leaf.fact) - {None} if leaf.number <= 1 else frozenset()
    if isinstance(leaf, AllOf) and len(leaf.values) > 1:
        return frozenset()
    return frozenset({leaf.value}) if isinstance(leaf, Equals) else leaf.values


def _facts(branch: _Branch) -> IncidentFacts | None:
    """Return the least that the branch asks for; None where it leaves neither a category nor a type."""
    known: dict[str, Any] = {}
    for fact, wanted in branch.some.items():
        spare = [word for word in SOME_OF[fact] if word not in wanted.holds | wanted.lacks]
        known[fact] = wanted.holds | frozenset(spare[: max(0, wanted.least - len(wanted.holds))])
    for fact, may_be in branch.one.items():
        if None not in may_be:
            words: tuple[Any, ...] = tuple(ONE_OF[fact]) if fact in ONE_OF else (True, False)
            known[fact] = next(word for word in words if word in may_be)
    if not known.get("category") and not known.get("types"):
        known |= _something(branch)
    return IncidentFacts(**known) if known.get("category") or known.get("types") else None


def _something(branch: _Branch) -> dict[str, Any]:
    """Return the first category that the branch allows, or else the last type: one of the two is always known."""
    categories = branch.one.get("category", _every("category"))
    left = [category for category in Category if category in categories]
    if left:
        return {"category": left[0]}
    types = branch.some.get("types", _Some())
    spare = [kind for kind in reversed(IncidentType) if kind not in types.lacks]
    return {"types": frozenset(spare[:1])} if types.most else {}
