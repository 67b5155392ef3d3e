"""What is known of an incident as the bits of one number, and conditions as questions to that number.

A policy of a hundred rules is asked thousands of times a second. A question says the same as `is_met` does, without
going through the condition again. Nothing can be asked about moments: such a question is never met.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import product
from math import prod
from operator import attrgetter, or_
from typing import Any, NamedTuple

from policies.engine.conditions import All, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.facts import MOMENTS, ONE_OF, SOME_OF, YES_OR_NO, IncidentFacts

_Ask = Callable[[int], bool]
# Alternatives that take more numbers than this to write down are asked one after the other.
_MOST_NEEDS = 16


class Question(NamedTuple):
    """A condition to ask: of each of `needs` a bit is known, of `bars` none, and `rest`, if there is one, says yes."""

    needs: tuple[int, ...]
    bars: int
    rest: _Ask | None


def numbered() -> dict[str, dict[Any, int]]:
    """Give every value of every fact a bit of its own; what is not known has none."""
    words: dict[str, list[Any]] = {name: list(values) for name, values in (ONE_OF | SOME_OF).items()}
    words |= {name: [True, False] for name in sorted(YES_OR_NO)}
    words |= {name: [] for name in sorted(MOMENTS)}
    places = iter(range(sum(map(len, words.values()))))
    return {name: {value: 1 << next(places) for value in values} for name, values in words.items()}


_BITS = numbered()
_SINGLE = [name for name in _BITS if name in ONE_OF or name in YES_OR_NO]
_singles = attrgetter(*_SINGLE)
_SINGLE_BITS = [{None: 0} | _BITS[name] for name in _SINGLE]
_lists = attrgetter(*SOME_OF)
_LIST_BITS = [_BITS[name] for name in SOME_OF]


def known_of(facts: IncidentFacts) -> int:
    """Return what is known, a bit for each value that a fact has or a list holds."""
    known = 0
    for value, bits in zip(_singles(facts), _SINGLE_BITS, strict=True):
        known |= bits[value]
    for values, bits in zip(_lists(facts), _LIST_BITS, strict=True):
        for value in values:
            known |= bits[value]
    return known


def bits_of(number: int) -> Iterator[int]:
    """Yield each bit of a number."""
    while number:
        bit = number & -number
        yield bit
        number ^= bit


def question(condition: Condition) -> Question:
    """Return the question that a condition asks: it is met where `is_met` says so."""
    needs: tuple[int, ...] = ()
    bars, rest = 0, []
    for part in condition.parts if isinstance(condition, All) else (condition,):
        whole = _needs(part)
        denied = _needs(part.part) if isinstance(part, Not) else None
        if whole is not None:
            needs += whole
        elif denied is not None and len(denied) == 1:
            bars |= denied[0]
        else:
            rest.append(_ask(part))
    return Question(needs, bars, _all_of(rest) if rest else None)


def _needs(condition: Condition) -> tuple[int, ...] | None:
    """Return the numbers of each of which a bit has to be known; None for a condition that cannot be told so."""
    if isinstance(condition, All):
        parts = [_needs(part) for part in condition.parts]
        return None if None in parts else sum((part for part in parts if part is not None), ())
    if isinstance(condition, AnyPart):
        return _one_of([_needs(part) for part in condition.parts])
    if isinstance(condition, Not):
        return None
    bits, is_list = _BITS[condition.fact], condition.fact in SOME_OF
    if isinstance(condition, AtLeast):
        return _at_least(condition.number, reduce(or_, bits.values(), 0), is_list=is_list)
    if isinstance(condition, Equals):
        return (bits.get(condition.value, 0),)
    several = tuple(bits.get(value, 0) for value in condition.values)
    if isinstance(condition, AnyOf):
        return (reduce(or_, several, 0),)
    return several if is_list or len(several) == 1 else (0,)


def _at_least(number: int, any_bit: int, *, is_list: bool) -> tuple[int, ...] | None:
    if is_list and number < 1:
        return ()
    if number <= 1:
        return (any_bit,)
    return None if is_list else (0,)


def _one_of(parts: list[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    """Return what one of several needs, multiplied out: (a and b) or c is (a or c) and (b or c)."""
    told = [part for part in parts if part is not None]
    if len(told) < len(parts) or prod(map(len, told)) > _MOST_NEEDS:
        return None
    return tuple(reduce(or_, row, 0) for row in product(*told))


def _ask(condition: Condition) -> _Ask:
    """Return a function that asks a condition for which needs alone are not enough."""
    if isinstance(condition, Not):
        denied = _ask(condition.part)
        return lambda known: not denied(known)
    if isinstance(condition, AtLeast) and condition.fact in SOME_OF:
        number, bits = condition.number, reduce(or_, _BITS[condition.fact].values())
        return lambda known: (known & bits).bit_count() >= number
    if isinstance(condition, All | AnyPart):
        asks = [_ask(part) for part in condition.parts]
        return _all_of(asks) if isinstance(condition, All) else lambda known: any(ask(known) for ask in asks)
    needs = _needs(condition) or ()
    return lambda known: all(known & bits for bits in needs)


def _all_of(asks: list[_Ask]) -> _Ask:
    return lambda known: all(ask(known) for ask in asks)
