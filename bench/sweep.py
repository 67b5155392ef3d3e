"""The sweep: 1,000 duties due among up to a million, against one UPDATE ... RETURNING over the partial index.

Each size has a database of its own, filled with open obligations of invented cases. Before every round the same 1,000
are made due again, outside the time that is measured. The floor claims them in one statement and does nothing more.
"""

import argparse
import json
import statistics
import sys
from typing import Any

from bench.house.databases import databases, manage, run_module
from bench.measure import report
from bench.measure.goals import Goal

_MOST_SECONDS, _MOST_STATEMENTS, _MOST_IDLE, _MOST_GROWTH = 0.3, 40, 0.010, 1.5


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run bench sweep", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="open obligations, a comma between them")
    parser.add_argument("--due", type=int, default=1000, help="how many of them are due (1,000)")
    parser.add_argument("--rounds", type=int, default=7, help="how many rounds, up to seven (7)")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measure and print. Goals that are not met are said, and are no failure of the measurement."""
    chosen = options(arguments)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    found: dict[int, dict[str, Any]] = {}
    with databases(keep=False) as house:
        for size in sizes:
            house.make(size)
            environment = house.environment(size)
            manage(environment, "migrate", "--noinput", "--verbosity", "0")
            run_module(house.superuser_environment(size), "bench.data.duties", "fill", str(size))
            house.cluster.sql("CHECKPOINT")
            answer = run_module(environment, "bench.data.duties", "measure", str(chosen.due), str(chosen.rounds))
            found[size] = json.loads(answer)
            print(_line(size, found[size]), flush=True)
    about = report.machine()
    print(f"{about['cores']} cores, {about['system']}, Python {about['python']}, load {about['load']}")
    for goal in _goals(found, sizes):
        print(goal)
    return 0


def _line(size: int, found: dict[str, Any]) -> str:
    floor, ours, busy, idle = (statistics.median(found[name]) for name in ("floor", "ours", "processor", "idle"))
    return (
        f"{size:>9,} open: floor {1000 * floor:6.1f} ms, sweep {1000 * ours:6.1f} ms"
        f" ({found['statements']} statements, {found['told']} told, lowest {1000 * min(found['ours']):.1f},"
        f" highest {1000 * max(found['ours']):.1f}; of processors {1000 * busy:.0f} ms),"
        f" nothing due {1000 * idle:.2f} ms ({found['idle_statements']} statements)"
    )


def _goals(found: dict[int, dict[str, Any]], sizes: list[int]) -> list[Goal]:
    last = found[sizes[-1]]
    medians = {size: statistics.median(found[size]["ours"]) for size in sizes}
    return [
        Goal("sweep of what is due", medians[sizes[-1]], _MOST_SECONDS, "s"),
        Goal("its statements", last["statements"], _MOST_STATEMENTS, "queries"),
        Goal("nothing due", statistics.median(last["idle"]), _MOST_IDLE, "s"),
        Goal("its statements", last["idle_statements"], 3, "queries"),
        Goal(f"{sizes[-1]:,} against {sizes[0]:,}", medians[sizes[-1]] / medians[sizes[0]], _MOST_GROWTH, "x"),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
