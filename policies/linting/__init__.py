"""What a policy leaves out or gets wrong, found in its own pack. Nothing found here keeps a pack from being used."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from policies.catalogue import CataloguedPack, stands_on
from policies.engine.vocabulary import Layer
from policies.linting import guidance, routes, sections, strictness, wording
from policies.linting.findings import Finding, FindingKind, Subject, in_order

__all__ = ["Finding", "FindingKind", "lint"]

_Rule = Callable[[Subject], Iterator[Finding]]
_RULES: tuple[_Rule, ...] = (
    sections.dead_references,
    sections.numbering_gaps,
    sections.removed_sections,
    sections.empty_sections,
    wording.repeated_clauses,
    wording.two_lists_of_categories,
    wording.several_holders,
    routes.contradictory_routes,
    routes.missing_routes,
    routes.missing_lado,
    guidance.no_retention,
    guidance.review_overdue,
    guidance.outdated_guidance,
    strictness.looser_than_floor,
)


def lint(catalogued: CataloguedPack, today: date, below: Sequence[CataloguedPack] | None = None) -> list[Finding]:
    """Return what a school's own policy leaves out or gets wrong, in order; nothing for a floor or a partnership.

    `below` is what the policy stands on, the floor first; without it, the shipped packs it extends. The same policy
    read on the same day always has the same findings.
    """
    if catalogued.pack.layer is not Layer.SCHOOL:
        return []
    subject = Subject(catalogued, stands_on(catalogued.pack) if below is None else below, today)
    return sorted((finding for rule in _RULES for finding in rule(subject)), key=in_order)
