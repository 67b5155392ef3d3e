"""The figures for a person to read, and a line for the history."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measure.goals import Goal, Measured
from safeguarding.embedded.paths import ROOT

HISTORY = ROOT / "bench" / "history.jsonl"
_PAIRS = [
    ("bare view", "bare view"), ("queue", "queue"), ("queue, open", "queue, open"), ("queue, closed", "queue, closed"),
    ("case page", "case page"), ("logging", "logging"), ("type-ahead", "bare view"),
    ("concern form", "bare view"), ("my day", "bare view"),
]  # fmt: skip


def table(measured: Measured, size: int, queries: dict[str, Any]) -> str:
    """Return one line for each page: the floor, ours, how many times the floor that is, and its statements."""
    lines = [
        f"{'page':16}{'floor':>8}{'p95':>8}{'ours':>10}{'p95':>8}{'ratio':>8}  statements (+ BEGIN, COMMIT, SAVEPOINT)"
    ]
    for page, against in _PAIRS:
        floor, ours = measured["floor", against, size], measured.get(("ours", page, size))
        line = f"{page:16}{floor.median:8.1f}{floor.p95:8.1f}"
        if ours:
            line += f"{ours.median:10.1f}{ours.p95:8.1f}{ours.median / floor.median:7.2f}x"
        if page in queries:
            line += f"  {queries[page]['statements']} (+{queries[page]['transaction']})"
        lines.append(line)
    lines += [
        f"{name:16}{'':16}{times.median:10.1f}{times.p95:8.1f}"
        for (_, name, at), times in measured.items()
        if name.startswith("search") and at == size
    ]
    return "\n".join(lines)


def memory_lines(memory: dict[str, dict[str, float]]) -> str:
    """Return what a worker holds."""
    return "\n".join(
        f"worker, {name}: {held['rss']:.0f} MiB resident, {held['pss']:.0f} MiB with shared pages counted in part"
        for name, held in memory.items()
    )


def machine() -> dict[str, Any]:
    """Say in general words on what this was measured."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(pages / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        # Above the number of cores, something else ran too: a long page is then disturbed more than a short one.
        "load": round(os.getloadavg()[1], 1),
    }


def remember(measured: Measured, goals: list[Goal], found: dict[str, Any], path: Path = HISTORY) -> None:
    """Add one line to the history."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": machine() | {"postgres": found["postgres"]},
        "medians": {
            f"{who} {name} {size}": [round(times.median, 2), round(times.p95, 2)]
            for (who, name, size), times in measured.items()
        },
        "queries": {name: [page["statements"], page["transaction"]] for name, page in found["queries"].items()},
        "memory_mib": {
            who: {kind: round(value, 1) for kind, value in held.items()} for who, held in found["memory"].items()
        },
        "check_seconds": {who: round(seconds, 3) for who, seconds in found["check"].items()},
        "goals": {goal.name: [round(goal.value, 3), goal.most, goal.is_met] for goal in goals},
    }
    with path.open("a") as file:
        file.write(json.dumps(line, sort_keys=True) + "\n")


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip()
