"""What the linter says about a policy: one sentence for the school's author, with the clause it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policies.catalogue import CataloguedPack
from policies.engine.packs import Pack
from policies.loading import PackSource

_DIGITS = re.compile(r"(\d+)")


class FindingKind(StrEnum):
    """What can be wrong with a policy that can be used all the same."""

    DEAD_REFERENCE = "dead_reference"
    NUMBERING_GAP = "numbering_gap"
    REMOVED_SECTION = "removed_section"
    EMPTY_SECTION = "empty_section"
    REPEATED_CLAUSE = "repeated_clause"
    TWO_LISTS_OF_CATEGORIES = "two_lists_of_categories"
    SEVERAL_HOLDERS = "several_holders"
    CONTRADICTORY_ROUTES = "contradictory_routes"
    MISSING_ROUTE_HEAD = "missing_route_head"
    MISSING_ROUTE_DSL = "missing_route_dsl"
    MISSING_LADO = "missing_lado"
    NO_RETENTION = "no_retention"
    REVIEW_OVERDUE = "review_overdue"
    SUPERSEDED_GUIDANCE = "superseded_guidance"
    NEWER_GUIDANCE = "newer_guidance"
    LOOSER_THAN_FLOOR = "looser_than_floor"


@dataclass(frozen=True)
class Finding:
    """One thing that a policy gets wrong or leaves out. `clause` is empty where it is about the whole policy."""

    pack: str
    clause: str
    kind: FindingKind
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the finding as the command prints it."""
        return {"pack": self.pack, "clause": self.clause, "kind": self.kind.value, "text": self.text}


@dataclass(frozen=True)
class Subject:
    """A policy under the linter, what it stands on, and the day on which it is read."""

    catalogued: CataloguedPack
    below: Sequence[CataloguedPack]
    today: date

    @property
    def pack(self) -> Pack:
        """The pack as the engine uses it."""
        return self.catalogued.pack

    @property
    def source(self) -> PackSource:
        """The pack's fields as its file has them."""
        return self.catalogued.source

    def finding(self, kind: FindingKind, clause: str, text: str) -> Finding:
        """Return a finding about this policy."""
        return Finding(self.pack.id, clause, kind, text)


def in_order(finding: Finding) -> tuple[object, ...]:
    """Return what findings are sorted by: pack, clause as people count, kind."""
    return finding.pack, natural(finding.clause), finding.kind.value, finding.text


def natural(clause: str) -> tuple[tuple[int, int, str], ...]:
    """Return what clause ids are sorted by, so that 7.9 comes before 7.10."""
    parts = [part for part in _DIGITS.split(clause) if part]
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
