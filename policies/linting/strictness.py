"""Where a policy asks for less than what it stands on. It loads, it is said here, and it loses."""

from collections.abc import Iterator

from policies.engine.conditions import All, Condition, Equals, in_words
from policies.engine.evaluate import evaluate
from policies.engine.facts import FACT_NAMES, IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack
from policies.engine.vocabulary import Kind, Strength
from policies.linting.findings import Finding, FindingKind, Subject
from policies.linting.witnesses import witnesses

_Asked = dict[tuple[str, bool], Obligation]


def looser_than_floor(subject: Subject) -> Iterator[Finding]:
    """Yield every line that asks less than the packs below do, in the very case the line is written for.

    A case in point is the least that meets the line's rule; there the policy as a whole is held against the packs
    below. Less is a weaker strength or a later time. Silence is not less: what only the floor asks is no finding.
    """
    below = tuple(layer.pack for layer in subject.below)
    seen: set[tuple[str, str]] = set()
    for rule in subject.pack.rules if below else ():
        for facts in witnesses(rule.when):
            own, theirs = _asked((subject.pack,), facts), _asked(below, facts)
            for line in rule.then:
                key = (line.key, line.strength is Strength.MUST_NOT)
                if (line.clause, line.key) in seen or key not in own or key not in theirs:
                    continue
                if line.kind is not Kind.RESTRICT and (less := _less(own[key], theirs[key], facts)):
                    seen.add((line.clause, line.key))
                    yield subject.finding(FindingKind.LOOSER_THAN_FLOOR, line.clause, less)


def _asked(packs: tuple[Pack, ...], facts: IncidentFacts) -> _Asked:
    found = evaluate(packs, facts).obligations
    return {(obligation.key, obligation.strength is Strength.MUST_NOT): obligation for obligation in found}


def _less(own: Obligation, theirs: Obligation, facts: IncidentFacts) -> str:
    """Return what is less about the policy's own line, or nothing."""
    where = f"where {_case(facts)}"
    elsewhere = f"{theirs.pack} ({theirs.clause})"
    if own.strength < theirs.strength:
        return f"“{own.text}” is only to be considered {where}; {elsewhere} requires it and wins."
    if own.within and theirs.within and own.within.rank > theirs.within.rank:
        return f"“{own.text}” is due {_due(own)} {where}; {elsewhere} says {_due(theirs)} and wins."
    return ""


def _due(obligation: Obligation) -> str:
    words = str(obligation.within)
    return words if words in ("immediately", "same school day") else f"within {words}"


def _case(facts: IncidentFacts) -> str:
    """Return the facts of a case in words."""
    held: list[Condition] = []
    for fact in FACT_NAMES:
        value = getattr(facts, fact)
        if isinstance(value, frozenset):
            held += [Equals(fact, one) for one in sorted(value)]
        elif value is not None:
            held.append(Equals(fact, value))
    return in_words(All(tuple(held)))
