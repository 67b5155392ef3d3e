"""Several lines that ask for the same thing become one obligation; stricter wins, and the rest is kept beside it."""

from dataclasses import dataclass

from policies.engine.durations import Within, rank_of
from policies.engine.obligations import Obligation, Override
from policies.engine.vocabulary import Gate, Layer, OwnerRole, Strength

# Kind and target, and whether it is forbidden.
Key = tuple[str, bool]
Found = dict[Key, Obligation]


@dataclass(frozen=True)
class Line:
    """One line of one rule, with the layer of its pack and how general the rule is."""

    layer: Layer
    obligation: Obligation
    generality: int = 0


def merge(lines: list[Line], *, silent: bool) -> Obligation:
    """Return the one obligation of lines with the same key. `silent` says whether the school's policy is."""
    nearest = sorted(lines, key=_nearness)
    asked = [line.obligation for line in nearest]
    strength = max(obligation.strength for obligation in asked)
    times = [obligation.within for obligation in asked if obligation.within]
    within = min(times, key=lambda time: time.rank) if times else None
    main = _main(asked, strength, within)
    return main.but(
        own=_as_override(main),
        within=within,
        owner=next((obligation.owner for obligation in asked if obligation.owner), None) or OwnerRole.DSL,
        any_of=_alternatives(asked),
        # What comes first, and of two ends the one that stays, are those of the layer farther from the school.
        after=next((obligation.after for obligation in reversed(asked) if obligation.after), None),
        until=_end(asked, strength),
        # Without an exception is stricter.
        exception=main.exception if all(obligation.exception for obligation in asked) else None,
        unless=_excuse(asked, strength),
        evidence=next((obligation.evidence for obligation in asked if obligation.evidence), None),
        silent_in_policy=silent,
        overrides=_overrides(asked, main, within),
    )


def _nearness(line: Line) -> tuple[object, ...]:
    obligation = line.obligation
    words = (obligation.pack, obligation.clause, obligation.text, obligation.why)
    # Among equals the clause about this very thing is cited, not the one about everything.
    return -line.layer, -obligation.strength, rank_of(obligation.within), line.generality, *words


def _main(asked: list[Obligation], strength: object, within: object) -> Obligation:
    """Return the line whose clause is cited: the nearest that is not weaker; silence on time is no weakness."""
    strongest = [obligation for obligation in asked if obligation.strength == strength]
    for obligation in strongest:
        if obligation.within is None or obligation.within == within:
            return obligation
    return strongest[0]


def _alternatives(asked: list[Obligation]) -> tuple[str, ...]:
    """Return what is enough for every line; where one leaves no choice, there is none."""
    if any(not obligation.any_of for obligation in asked):
        return ()
    common = frozenset(asked[0].any_of).intersection(*(obligation.any_of for obligation in asked[1:]))
    return tuple(sorted(common)) if len(common) > 1 else ()


def _end(asked: list[Obligation], strength: Strength) -> Gate | None:
    """Return until when it holds. A ban that has no end in some layer has none; a deed ends as any layer says."""
    if strength is Strength.MUST_NOT and not all(obligation.until for obligation in asked):
        return None
    return next((obligation.until for obligation in reversed(asked) if obligation.until), None)


def _excuse(asked: list[Obligation], strength: Strength) -> Gate | None:
    """Return when it need not be done: what puts a child at risk is excused, whoever wrote it down.

    What is forbidden is allowed only where nobody forbids it altogether, or the police ask for it in writing.
    """
    if strength is Strength.MUST_NOT and not all(obligation.unless for obligation in asked):
        return next((Gate.POLICE_REQUEST for obligation in asked if obligation.unless is Gate.POLICE_REQUEST), None)
    return next((obligation.unless for obligation in asked if obligation.unless), None)


def _overrides(asked: list[Obligation], main: Obligation, within: Within | None) -> tuple[Override, ...]:
    """Return every other line; of the clause that is cited, only a time that another line has shortened."""
    lines = {line for obligation in asked for line in (*obligation.overrides, _as_override(obligation))}
    others = {line for line in lines if _is_other(line, main, within)}
    return tuple(sorted(others, key=_override_order))


def _is_other(line: Override, main: Obligation, within: Within | None) -> bool:
    if (line.pack, line.clause) != (main.pack, main.clause):
        return True
    return line.within is not None and line.within != within


def _override_order(line: Override) -> tuple[object, ...]:
    return line.pack, line.clause, -line.strength, rank_of(line.within), str(line.within)


def _as_override(obligation: Obligation) -> Override:
    """Return the line as its own pack has it, even where it has taken on the time of another."""
    return obligation.own or Override(obligation.pack, obligation.clause, obligation.strength, obligation.within)
