"""How much memory a process holds, as Linux counts it."""

from dataclasses import dataclass
from pathlib import Path

_KIB = 1024


@dataclass(frozen=True)
class Held:
    """Mebibytes: resident, and with what is shared counted in part."""

    rss: float
    pss: float


def held_by(pids: list[int]) -> Held:
    """Return the average over some processes."""
    each = [_rolled_up(pid) for pid in pids]
    return Held(*(sum(values) / len(each) / _KIB for values in zip(*each, strict=True)))


def maps(pid: int, *parts: str) -> bool:
    """Say whether a process has mapped a file in whose path one of these stands."""
    text = Path(f"/proc/{pid}/maps").read_text()
    return any(part in text for part in parts)


def _rolled_up(pid: int) -> tuple[int, int]:
    values = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        values[name] = int(rest.split()[0])
    return values["Rss"], values["Pss"]
