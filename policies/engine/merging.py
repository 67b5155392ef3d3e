"""Several lines that ask for the same thing become one obligation; stricter wins, and the rest is kept beside it."""

from dataclasses import dataclass, replace

from policies.engine.obligations import Obligation, Override
from policies.engine.vocabulary import Layer, OwnerRole


@dataclass(frozen=True)
class Line:
    """One line of one rule, numbered in a fixed order, with the layer of its pack."""

    number: int
    layer: Layer
    key: tuple[str, bool]
    obligation: Obligation


def merge(lines: list[Line], *, has_school: bool, keep_silence: bool = False) -> Obligation:
    """Return the one obligation of lines with the same key.

    `has_school` says whether a school's own pack is among the layers; where none of its lines is here, the policy is
    silent. `keep_silence` merges what was merged before: it stays silent only if all of it was.
    """
    nearest = sorted(lines, key=_nearness)
    asked = [line.obligation for line in nearest]
    strength = max(obligation.strength for obligation in asked)
    times = [obligation.within for obligation in asked if obligation.within]
    within = min(times, key=lambda time: time.rank) if times else None
    main = _main(asked, strength, within)
    silent = has_school and all(line.layer is not Layer.SCHOOL for line in lines)
    if keep_silence:
        silent = all(obligation.silent_in_policy for obligation in asked)
    return replace(
        main,
        strength=strength,
        within=within,
        owner=next((obligation.owner for obligation in asked if obligation.owner), None) or OwnerRole.DSL,
        any_of=_alternatives(asked),
        after=next((obligation.after for obligation in asked if obligation.after), None),
        # A ban without an end, and one without an exception, is the stricter one.
        until=main.until if all(obligation.until for obligation in asked) else None,
        exception=main.exception if all(obligation.exception for obligation in asked) else None,
        # What would put a child at risk stays excused, whoever wrote it down.
        unless=next((obligation.unless for obligation in asked if obligation.unless), None),
        evidence=next((obligation.evidence for obligation in asked if obligation.evidence), None),
        silent_in_policy=silent,
        overrides=_overrides(asked, main),
    )


def _nearness(line: Line) -> tuple[object, ...]:
    obligation = line.obligation
    rank = obligation.within.rank if obligation.within else (9, 0)
    return -line.layer, -obligation.strength, rank, obligation.pack, obligation.clause, obligation.text, obligation.why


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


def _overrides(asked: list[Obligation], main: Obligation) -> tuple[Override, ...]:
    own = (main.pack, main.clause)
    others: dict[tuple[str, str], Override] = {}
    for obligation in asked:
        for line in (*obligation.overrides, _as_override(obligation)):
            if (line.pack, line.clause) != own:
                others.setdefault((line.pack, line.clause), line)
    return tuple(others[key] for key in sorted(others))


def _as_override(obligation: Obligation) -> Override:
    return Override(obligation.pack, obligation.clause, obligation.strength, obligation.within)
