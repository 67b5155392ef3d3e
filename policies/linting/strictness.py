"""Where a policy asks for less than what it stands on. It loads, it is said here, and it loses."""

from collections.abc import Iterator

from policies.engine.conditions import All, Condition, Equals, facts_asked, in_words
from policies.engine.evaluate import evaluate
from policies.engine.facts import FACT_NAMES, IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack, Rule
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
        for facts in sorted(witnesses(rule.when), key=_known):
            own, theirs = _asked((subject.pack,), facts), _asked(below, facts)
            for line in rule.then:
                key = (line.key, line.strength is Strength.MUST_NOT)
                if (line.clause, line.key) in seen or key not in own or key not in theirs:
                    continue
                if line.kind is not Kind.RESTRICT and (less := _less(own[key], theirs[key])):
                    seen.add((line.clause, line.key))
                    text = f"Where {_case(facts, rule)}: {less}"
                    yield subject.finding(FindingKind.LOOSER_THAN_FLOOR, line.clause, text)


def _asked(packs: tuple[Pack, ...], facts: IncidentFacts) -> _Asked:
    found = evaluate(packs, facts).obligations
    return {(obligation.key, obligation.strength is Strength.MUST_NOT): obligation for obligation in found}


def _less(own: Obligation, theirs: Obligation) -> str:
    """Return what is less about the policy's own line, or nothing."""
    elsewhere = f"{theirs.pack} ({theirs.clause})"
    if own.strength < theirs.strength:
        return f"“{own.text}” is only to be considered; {elsewhere} requires it and wins."
    if own.within and theirs.within and own.within.rank > theirs.within.rank:
        return f"“{own.text}” is due {_due(own)}; {elsewhere} says {_due(theirs)} and wins."
    return ""


def _due(obligation: Obligation) -> str:
    words = str(obligation.within)
    return words if words in ("immediately", "same school day") else f"within {words}"


def _known(facts: IncidentFacts) -> int:
    """Return how much is known, so that the plainest case comes first."""
    values = [getattr(facts, fact) for fact in FACT_NAMES]
    return sum(len(value) if isinstance(value, frozenset) else value is not None for value in values)


def _case(facts: IncidentFacts, rule: Rule) -> str:
    """Return in words what a case has that the rule asks about."""
    asked = facts_asked(rule.when)
    held: list[Condition] = []
    for fact in FACT_NAMES:
        value = getattr(facts, fact)
        if fact in asked and value is not None:
            values = sorted(value) if isinstance(value, frozenset) else [value]
            held += [Equals(fact, one) for one in values]
    return in_words(All(tuple(held)))
