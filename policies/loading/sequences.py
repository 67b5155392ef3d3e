"""What comes first in a pack: nothing waits for itself, in a ring, or for what is never over."""

from collections.abc import Iterator
from typing import NamedTuple

from policies.engine.vocabulary import Kind
from policies.loading.faults import Faults, shown
from policies.loading.fields import PackSource

_NEVER_OVER = (Kind.FORBID.value, Kind.RESTRICT.value)
_Followers = dict[str, list[str]]


class _Wait(NamedTuple):
    path: str
    key: str
    after: str


def check_sequences(source: PackSource, faults: Faults) -> None:
    """Note every line that waits for what can never come first."""
    waits = list(_waits(source))
    for wait in waits:
        if wait.after.partition(":")[0] in _NEVER_OVER:
            sentence = f"waits for {shown(wait.after)}, which is never over. Name something that can be done."
            faults.add(wait.path, sentence, None)
        elif wait.after == wait.key:
            faults.add(wait.path, "waits for itself. Name what comes first, or leave it out.", None)
    for wait, ring in _rings(waits):
        faults.add(wait.path, f"goes round in a ring: {' > '.join(ring)}.", None)


def _waits(source: PackSource) -> Iterator[_Wait]:
    """Yield every line of a rule that waits, as the file has it; what else is wrong with it is said elsewhere."""
    for rule in source.rules:
        for number, line in enumerate(rule.then):
            after, targets = line.get("after"), [(kind, line[kind.value]) for kind in Kind if kind.value in line]
            if isinstance(after, str) and len(targets) == 1:
                kind, target = targets[0]
                yield _Wait(f"rules[{rule.id}].then[{number}].after", f"{kind.value}:{target}", after)


def _rings(waits: list[_Wait]) -> Iterator[tuple[_Wait, list[str]]]:
    """Yield each ring once, with the line it is reported at: that of its first key in order."""
    followed: _Followers = {}
    for wait in waits:
        if wait.after != wait.key:
            followed.setdefault(wait.key, []).append(wait.after)
    for key in sorted(followed):
        ring = _way_back(key, followed)
        if ring and key == min(ring):
            yield next(wait for wait in waits if (wait.key, wait.after) == (key, ring[1])), ring


def _way_back(key: str, followed: _Followers) -> list[str]:
    """Return the shortest way from a key back to itself; nothing where there is none."""
    trails, seen = [[key]], set[str]()
    for trail in trails:
        for after in followed.get(trail[-1], []):
            if after == key:
                return [*trail, key]
            if after not in seen:
                seen.add(after)
                trails.append([*trail, after])
    return []
