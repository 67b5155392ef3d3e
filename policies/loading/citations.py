"""What a pack says about its own clauses: every clause that is cited is there, and what meets a clause does exist."""

from collections.abc import Iterator

from policies.engine.vocabulary import CAPABILITIES
from policies.loading.faults import Faults, shown
from policies.loading.fields import PackSource
from policies.loading.means import MEANS

# What may meet a clause besides what cites it. Those that a pack defines itself must be in the pack.
_OWN = ("rule", "duty", "agreement", "training", "role", "escalation", "closing", "review")
_KINDS = ("rule", "duty", "agreement", "training", "role", "capability", *MEANS, "escalation", "closing", "review")


def cited(source: PackSource, clause: str, path: str, faults: Faults) -> str:
    """Return the clause's id; note a fault where none is named, or none of that id is in the pack."""
    if not clause:
        return faults.add(path, "cites no clause. Name the clause it stands on.", "")
    return known(source, clause, path, faults)


def known(source: PackSource, clause: str, path: str, faults: Faults) -> str:
    """Return the clause's id, which may be left out; note a fault where none of that id is in the pack."""
    if clause and clause not in {one.id for one in source.clauses}:
        return faults.add(path, f"cites the clause {shown(clause)}, which is not in this pack.", clause)
    return clause


def enforcers(source: PackSource) -> dict[str, list[str]]:
    """Return, by clause, what in this pack stands on it."""
    by: dict[str, list[str]] = {}
    for rule in source.rules:
        for clause in {rule.clause, *(str(line.get("clause") or rule.clause) for line in rule.then)}:
            by.setdefault(clause, []).append(f"rule:{rule.id}")
    named: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("duty", [(duty.key, duty.clause) for duty in source.duties]),
        ("agreement", [(one.kind, one.clause) for one in source.agreements]),
        ("training", [(one.kind, one.clause) for one in source.training]),
        ("role", [(role.key, role.clause) for role in source.roles]),
        ("escalation", [(step.notify, step.clause) for step in source.escalation]),
        ("closing", [("second_person", source.closing.clause)] if source.closing else []),
        ("review", [("policy", source.review.clause)] if source.review else []),
    )
    for kind, pairs in named:
        for key, clause in pairs:
            by.setdefault(clause, []).append(f"{kind}:{key}")
    return by


def check_citations(source: PackSource, faults: Faults) -> None:
    """Note every citation that leads nowhere, besides those of rules, duties, agreements, training and roles."""
    for path, clause in _cited_in_passing(source):
        known(source, clause, path, faults)
    for path, clause in _cited_places(source):
        if clause and not _is_a_place(source, clause):
            faults.add(path, f"stands in {shown(clause)}, which is neither a clause nor a section of this pack.", None)
    for clause_source in source.clauses:
        for reference in clause_source.by:
            _check_by(source, reference, f"clauses[{clause_source.id}].by", faults)
        if clause_source.repeats == clause_source.id:
            faults.add(f"clauses[{clause_source.id}].repeats", "names the clause itself.", None)


def _cited_in_passing(source: PackSource) -> Iterator[tuple[str, str]]:
    if source.review:
        yield "review.clause", source.review.clause
    for number, step in enumerate(source.escalation):
        yield f"escalation[{number}]", step.clause
    for clause in source.clauses:
        yield f"clauses[{clause.id}].repeats", clause.repeats


def _cited_places(source: PackSource) -> Iterator[tuple[str, str]]:
    """Yield what may also stand in plain description, which is no clause but has a section."""
    if source.taxonomy:
        yield "taxonomy.clause", source.taxonomy.clause
    for number, taxonomy in enumerate(source.also_categories):
        yield f"also_categories[{number}].clause", taxonomy.clause
    for number, reference in enumerate(source.references):
        yield f"references[{number}].clause", reference.clause
    for number, mention in enumerate(source.mentions):
        yield f"mentions[{number}].clause", mention.clause


def _is_a_place(source: PackSource, clause: str) -> bool:
    places = {one.id for one in source.clauses} | {one.id for one in source.sections}
    return clause in places or any(clause.startswith(f"{place}-") for place in places)


def _check_by(source: PackSource, reference: str, path: str, faults: Faults) -> None:
    kind, _, name = reference.partition(":")
    if kind not in _KINDS or not name:
        allowed = ", ".join(f"{one}:…" for one in _KINDS)
        faults.add(path, f"cannot hold {shown(reference)}. Allowed: {allowed}.", None)
    elif kind == "capability" and name not in CAPABILITIES:
        faults.add(path, f"names the capability {shown(name)}. Allowed: {', '.join(sorted(CAPABILITIES))}.", None)
    elif kind in MEANS and name not in MEANS[kind]:
        faults.add(path, f"names the {kind} {shown(name)}. Allowed: {', '.join(MEANS[kind])}.", None)
    elif kind in _OWN and name not in _names(source, kind):
        faults.add(path, f"names the {kind} {shown(name)}, which is not in this pack.", None)


def _names(source: PackSource, kind: str) -> set[str]:
    names: dict[str, list[str]] = {
        "rule": [rule.id for rule in source.rules],
        "duty": [duty.key for duty in source.duties],
        "agreement": [one.kind for one in source.agreements],
        "training": [one.kind for one in source.training],
        "role": [role.key for role in source.roles],
        "escalation": [step.notify for step in source.escalation],
        "closing": ["second_person"] if source.closing else [],
        "review": ["policy"] if source.review else [],
    }
    return set(names[kind])
