"""What the layers under a school's policy ask for and the policy itself does not, or asks for less."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.engine.obligations import Obligation
from policies.engine.packs import Pack
from policies.queries.documents import Demand, Titles, in_words


@dataclass(frozen=True)
class Silence:
    """One thing that only a lower layer asks for: when, what, and the clause that asks it."""

    pack_id: str
    clause: str
    why: str
    demand: Demand


def silences(own: Pack, under: Iterable[Pack], titles: Titles) -> list[Silence]:
    """Return what lower layers ask for and no rule of the school's own policy does, in the order of those layers."""
    asked = {(one.key, one.strength) for rule in own.rules for one in rule.then}
    return [
        Silence(pack.id, one.clause, one.why, in_words(one, titles))
        for pack in under
        for rule in pack.rules
        for one in rule.then
        if (one.key, one.strength) not in asked
    ]


def overridden_clauses(own: Pack, under: Iterable[Pack]) -> dict[str, str]:
    """Return the clauses of the school's policy that ask for less than a lower layer does, with the reason."""
    stricter: dict[str, Obligation] = {}
    for pack in under:
        for rule in pack.rules:
            for one in rule.then:
                known = stricter.get(one.key)
                if known is None or _strictness(one) < _strictness(known):
                    stricter[one.key] = one
    found = {}
    for rule in own.rules:
        for one in rule.then:
            floor = stricter.get(one.key)
            if floor is not None and one.strength < floor.strength:
                found[one.clause] = f"{floor.text}: asked for as a must where {floor.why}."
            elif floor is not None and one.within and floor.within and floor.within.rank < one.within.rank:
                found[one.clause] = f"{floor.text}: {floor.within} where {floor.why}, not {one.within}."
    return found


def _strictness(one: Obligation) -> tuple[int, tuple[int, float]]:
    return -one.strength, one.within.rank if one.within else (9, 0)
