"""Facts for tests: a covering array in which every two values of any two facts meet, and thousands by chance."""

import random
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from policies.engine.facts import ONE_OF, SOME_OF, YES_OR_NO, IncidentFacts

Choice = tuple[int, int]


def choices() -> dict[str, list[Any]]:
    """Return what a fact may be, for every fact but the moments: not known, or one value; a list also holds all."""
    found: dict[str, list[Any]] = {name: [None, *words] for name, words in ONE_OF.items()}
    for name, words in SOME_OF.items():
        found[name] = [frozenset(), *(frozenset({word}) for word in words), frozenset(words)]
    return found | {name: [None, True, False] for name in sorted(YES_OR_NO)}


def pairwise_facts(seed: int = 1) -> list[IncidentFacts]:
    """Return facts in which every pair of values of every two facts occurs together at least once."""
    possible = choices()
    names, sizes = list(possible), [len(values) for values in possible.values()]
    left = {
        ((one, value), (other, another))
        for one, other in combinations(range(len(names)), 2)
        for value in range(sizes[one])
        for another in range(sizes[other])
    }
    shuffled = random.Random(seed)
    found = []
    while left:
        row = _row(left, sizes, shuffled)
        left -= {pair for pair in combinations(sorted(row.items()), 2) if pair in left}
        found.append(IncidentFacts(**{names[fact]: possible[names[fact]][value] for fact, value in row.items()}))
    return found


def _row(left: set[tuple[Choice, Choice]], sizes: list[int], shuffled: random.Random) -> dict[int, int]:
    """Return a row that begins with a pair that is left and takes along as many others as it easily can."""
    row: dict[int, int] = dict(min(left))
    rest = [fact for fact in range(len(sizes)) if fact not in row]
    shuffled.shuffle(rest)
    for fact in rest:
        taken = list(row.items())
        gains = [
            sum(((other, fact_value) if other[0] < fact else (fact_value, other)) in left for other in taken)
            for fact_value in ((fact, value) for value in range(sizes[fact]))
        ]
        best = max(gains)
        row[fact] = shuffled.choice([value for value, gain in enumerate(gains) if gain == best])
    return row


def random_facts(number: int, seed: int) -> Iterator[IncidentFacts]:
    """Yield facts by chance, most of them with a few values known, some with nearly all."""
    chance = random.Random(seed)
    for _ in range(number):
        likely = chance.choice([0.1, 0.3, 0.8])
        yield IncidentFacts(**_some(chance, likely))


def _some(chance: random.Random, likely: float) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, words in ONE_OF.items():
        if chance.random() < likely:
            given[name] = chance.choice(list(words))
    for name, several in SOME_OF.items():
        if name == "types" or chance.random() < likely:
            given[name] = frozenset(chance.sample(list(several), min(len(several), chance.choice([1, 1, 1, 2, 3]))))
    for name in sorted(YES_OR_NO):
        if chance.random() < likely:
            given[name] = chance.random() < 0.5
    return given


def with_one_more(facts: IncidentFacts, chance: random.Random) -> IncidentFacts:
    """Return facts with one more value in a list, or one more fact known; who is alleged stays."""
    unknown = [name for name in (*ONE_OF, *sorted(YES_OR_NO)) if getattr(facts, name) is None]
    lists = [name for name in SOME_OF if name != "alleged"]
    name = chance.choice(unknown + lists)
    if name in SOME_OF:
        value: Any = getattr(facts, name) | {chance.choice(list(SOME_OF[name]))}
    else:
        value = chance.choice(list(ONE_OF[name])) if name in ONE_OF else chance.random() < 0.5
    return IncidentFacts(**(vars(facts) | {name: value}))
