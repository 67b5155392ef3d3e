"""What is forbidden until something is known holds back what is asked for, and somebody has to find out."""

from collections.abc import Mapping, Sequence

from policies.engine.merging import Found, Key
from policies.engine.obligations import Obligation
from policies.engine.phrases import default_text
from policies.engine.vocabulary import Gate, Kind, OwnerRole

# The police have advised once this is done.
POLICE_ADVICE_KEY = "consult:police"
_GATE_KEYS: dict[Gate | None, str] = {
    Gate.POLICE_ADVICE: POLICE_ADVICE_KEY,
    Gate.DELETION_CONFIRMED: "do:confirm_deletion_allowed",
}
# A ban, and what it holds back until its gate is discharged: the ban's own gate, or this one.
_HELD_BACK: dict[str, tuple[tuple[str, ...], str | None]] = {
    "forbid:delete_evidence": (("do:delete_copies",), "do:confirm_deletion_allowed"),
    "forbid:share_beyond_school": (("refer:other_setting_dsl", "consult:other_setting_dsl"), POLICE_ADVICE_KEY),
}
# Who may be bound by a ban, and decides nothing.
_NOBODY_ALONE = frozenset({OwnerRole.EVERYONE, OwnerRole.STAFF, OwnerRole.REPORTER})


def hold_back(found: Found, said: Mapping[Key, Sequence[Obligation]]) -> None:
    """Let every must wait that a must_not stands against, and see to it that somebody has to open each gate.

    `said` holds the lines behind what is forbidden and behind what waits: each gate that one of them names is opened by
    somebody, although what they were united to names only one.
    """
    for (key, is_ban), lines in said.items():
        one = found[(key, is_ban)]
        # The gate that closes last is the one that is waited for: that of the ban as it was united.
        for line in sorted(lines, key=lambda line: line.until == one.until):
            if is_ban:
                _close(key, line.until, one, found)
            elif line.after:
                _see_to(line.after, found, closed_by=one, waiting=one)


def _close(key: str, until: Gate | None, ban: Obligation, found: Found) -> None:
    held, usual_gate = _HELD_BACK.get(key, ((key,), None))
    gate_key = _GATE_KEYS.get(until, usual_gate)
    for held_key in held:
        must = found.get((held_key, False))
        if must and gate_key and gate_key != held_key:
            found[(held_key, False)] = must.but(after=gate_key)
            _see_to(gate_key, found, closed_by=ban, waiting=must)


def _see_to(gate_key: str, found: Found, *, closed_by: Obligation, waiting: Obligation) -> None:
    """Ask for what opens a gate, on the clause that closed it, as firmly and as soon as for what waits behind it.

    What no rule asks for could never be done, and whatever waits for it never either.
    """
    kind, _, target = gate_key.partition(":")
    known = found.get((gate_key, False))
    if known:
        if known.strength < waiting.strength:
            firmer = found[(gate_key, False)] = known.but(strength=waiting.strength)
            if firmer.after:
                _see_to(firmer.after, found, closed_by=firmer, waiting=firmer)
        return
    found[(gate_key, False)] = Obligation(
        kind=Kind(kind),
        target=target,
        owner=OwnerRole.DSL if closed_by.owner in _NOBODY_ALONE else closed_by.owner,
        strength=waiting.strength,
        within=waiting.within,
        clause=closed_by.clause,
        pack=closed_by.pack,
        rule=closed_by.rule,
        text=default_text(Kind(kind), target),
        why=closed_by.why,
        silent_in_policy=closed_by.silent_in_policy,
    )
