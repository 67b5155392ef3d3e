"""How the clauses of a policy are met, and by what: how much of a policy is a program."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from policies.engine.packs import Pack
from policies.engine.vocabulary import Met

_SHOWN_BY_THE_SYSTEM = (Met.ENFORCED, Met.RECORDED)


@dataclass(frozen=True)
class Coverage:
    """The clauses of one pack, counted by how they are met."""

    pack: Pack
    counts: tuple[tuple[Met, int], ...]

    @property
    def total(self) -> int:
        """How many clauses the pack has."""
        return len(self.pack.clauses)

    @property
    def shown(self) -> int:
        """How many of them are enforced or recorded."""
        return sum(number for met, number in self.counts if met in _SHOWN_BY_THE_SYSTEM)

    def percent(self, number: int) -> float:
        """Return a number of clauses as a share of all, with one decimal; 0 where there are none."""
        return round(100 * number / self.total, 1) if self.total else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the coverage as the command prints it."""
        return {
            "pack": self.pack.id,
            "edition": self.pack.edition,
            "clauses": [
                {
                    "id": clause.id,
                    "title": clause.title,
                    "met": clause.met.value,
                    "by": list(clause.by),
                    "reason": clause.reason,
                }
                for clause in self.pack.clauses
            ],
        }


def coverage(pack: Pack) -> Coverage:
    """Return how the clauses of a pack are met, in the order of its source."""
    counted = Counter(clause.met for clause in pack.clauses)
    return Coverage(pack, tuple((met, counted[met]) for met in Met))
