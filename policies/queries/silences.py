"""What the layers under a school's policy ask for and the policy itself never does, or asks for less."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.engine.packs import Pack
from policies.linting import Finding, FindingKind
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


def overridden_clauses(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the clauses that ask for less than a layer under the policy does, each with what wins instead."""
    return {found.clause: found.text for found in findings if found.kind is FindingKind.LOOSER_THAN_FLOOR}
