"""Reads the lines of a rule's `then` into obligations."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from policies.engine.capabilities import HOLDS_CASES
from policies.engine.durations import Within
from policies.engine.obligations import Obligation
from policies.engine.phrases import default_text
from policies.engine.vocabulary import Agency, Ban, Deed, Gate, Kind, OwnerRole, Strength
from policies.loading.faults import Faults, shown
from policies.loading.words import duration

_OPTIONS = frozenset(
    {
        "owner",
        "strength",
        "within",
        "clause",
        "any_of",
        "after",
        "until",
        "unless",
        "exception",
        "evidence",
        "text",
    }
)
_TARGETS: dict[Kind, tuple[str, ...]] = {
    Kind.RECORD: ("incident",),
    Kind.NOTIFY: tuple(role.value for role in OwnerRole),
    Kind.ACKNOWLEDGE: tuple(role.value for role in OwnerRole),
    Kind.CONSULT: tuple(agency.value for agency in Agency),
    Kind.REFER: tuple(agency.value for agency in Agency),
    Kind.INFORM_PARENTS: ("parents",),
    Kind.DO: tuple(deed.value for deed in Deed),
    Kind.FORBID: tuple(ban.value for ban in Ban),
    Kind.RESTRICT: HOLDS_CASES,
}
_STRENGTHS = {strength.key: strength for strength in Strength}


def read_demand(given: dict[str, Any], path: str, faults: Faults, *, pack: str, clause: str, why: str) -> Obligation:
    """Return the obligation of one line; what is wrong with it goes to `faults`."""
    kind = _kind(given, path, faults)
    target = _target(kind, given.get(kind.value), f"{path}.{kind.value}", faults)
    owner = _one_of(OwnerRole, given.get("owner"), f"{path}.owner", faults)
    return Obligation(
        kind=kind,
        target=target,
        owner=owner,
        strength=_strength(kind, given.get("strength"), f"{path}.strength", faults),
        within=_within(given.get("within"), f"{path}.within", faults),
        clause=_text(given.get("clause"), f"{path}.clause", faults) or clause,
        pack=pack,
        text=_text(given.get("text"), f"{path}.text", faults) or default_text(kind, target),
        why=why,
        any_of=_any_of(kind, target, given.get("any_of"), f"{path}.any_of", faults),
        after=_after(given.get("after"), f"{path}.after", faults),
        until=_one_of(Gate, given.get("until"), f"{path}.until", faults),
        unless=_one_of(Gate, given.get("unless"), f"{path}.unless", faults),
        exception=_text(given.get("exception"), f"{path}.exception", faults),
        evidence=_text(given.get("evidence"), f"{path}.evidence", faults),
    )


def _kind(given: dict[str, Any], path: str, faults: Faults) -> Kind:
    kinds = [kind for kind in Kind if kind.value in given]
    unknown = sorted(set(given) - _OPTIONS - {kind.value for kind in Kind})
    if unknown:
        allowed = ", ".join([*(kind.value for kind in Kind), *sorted(_OPTIONS)])
        faults.add(path, f"{', '.join(map(shown, unknown))} is not known here. Allowed: {allowed}.", None)
    if len(kinds) == 1:
        return kinds[0]
    return faults.add(path, f"must say exactly one of {', '.join(kind.value for kind in Kind)}.", Kind.DO)


def _target(kind: Kind, value: Any, path: str, faults: Faults) -> str:
    allowed = _TARGETS[kind]
    if kind is Kind.RESTRICT:
        roles = value if isinstance(value, list) and value else [value]
        wrong = [one for one in roles if one not in allowed]
        if not wrong:
            return ",".join(sorted(set(roles)))
        return faults.add(path, _not_allowed(wrong[0], allowed), allowed[0])
    if isinstance(value, str) and value in allowed:
        return value
    return faults.add(path, _not_allowed(value, allowed), allowed[0])


def _strength(kind: Kind, value: Any, path: str, faults: Faults) -> Strength:
    usual = Strength.MUST_NOT if kind is Kind.FORBID else Strength.MUST
    if value is None:
        return usual
    if not isinstance(value, str) or value not in _STRENGTHS:
        return faults.add(path, _not_allowed(value, _STRENGTHS), usual)
    if (kind is Kind.FORBID) is not (value == Strength.MUST_NOT.key):
        return faults.add(path, "must_not goes with forbid, and forbid with nothing else. Leave it out.", usual)
    return _STRENGTHS[value]


def _within(value: Any, path: str, faults: Faults) -> Within | None:
    if value is None:
        return None
    return duration(value if isinstance(value, str) else shown(value), path, faults)


def _any_of(kind: Kind, target: str, value: Any, path: str, faults: Faults) -> tuple[str, ...]:
    if value is None:
        return ()
    wrong = [one for one in value if one not in _TARGETS[kind]] if isinstance(value, list) else []
    if wrong:
        return faults.add(path, f"cannot hold {shown(wrong[0])}. Allowed: {', '.join(_TARGETS[kind])}.", ())
    if not isinstance(value, list) or target not in value or len(set(value)) < 2:
        return faults.add(path, f"must be a list of two or more alternatives, {target!r} among them.", ())
    return tuple(sorted(set(value)))


def _after(value: Any, path: str, faults: Faults) -> str | None:
    if value is None:
        return None
    kind, _, target = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind in {known.value for known in Kind} and target in _TARGETS[Kind(kind)]:
        return f"{kind}:{target}"
    sentence = f"must be a kind and a target such as do:confirm_deletion_allowed, not {shown(value)}."
    return faults.add(path, sentence, None)


def _text(value: Any, path: str, faults: Faults) -> str | None:
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    return faults.add(path, f"must be words, not {shown(value)}.", None)


def _one_of(words: type[StrEnum], value: Any, path: str, faults: Faults) -> Any:
    if value is None:
        return None
    if isinstance(value, str) and value in _values(words):
        return words(value)
    return faults.add(path, _not_allowed(value, _values(words)), None)


def _not_allowed(value: Any, allowed: Iterable[str]) -> str:
    return f"cannot be {shown(value)}. Allowed: {', '.join(allowed)}."


def _values(words: Iterable[StrEnum]) -> list[str]:
    return [word.value for word in words]
