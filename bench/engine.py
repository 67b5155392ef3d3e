"""The policy engine: evaluations a second with floor, partnership and school pack, and how long all packs take to load.

Every facts in a round are different ones, and none is asked about twice in it; what the engine remembers are lines that
have been united before, never a decision. The floor only asks every rule its condition, and answers nothing.
Times are those of the processor, so that what else the machine does counts little.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from bench.data.facts import realistic_facts
from bench.measure import report
from bench.measure.goals import Goal
from policies.catalogue import shipped, shipped_ids, with_layers
from policies.engine.conditions import is_met
from policies.engine.evaluate import evaluate
from policies.engine.facts import IncidentFacts
from policies.engine.packs import Pack
from safeguarding.embedded.paths import ROOT

_LEAST_A_SECOND, _MOST_LOADING = 10_000, 300.0
# In a process of its own, as at every start; the second figure is what importing the loader takes.
_LOAD = """
import time
began = time.process_time()
from policies.catalogue import SHIPPED, read_pack
imported = time.process_time()
packs = [read_pack(path) for path in sorted(SHIPPED.glob("*.yaml"))]
print(1000 * (time.process_time() - imported), 1000 * (imported - began), len(packs))
"""
Ask = Callable[[Sequence[Pack], IncidentFacts], object]


def options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./run bench engine", description=__doc__)
    parser.add_argument("--pack", default="shipbourne-2018", help="the school's pack (shipbourne-2018)")
    parser.add_argument("--facts", type=int, default=20_000, help="how many different facts in a round (20,000)")
    parser.add_argument("--rounds", type=int, default=9, help="how many rounds (9)")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measure and print. Goals that are not met are said, and are no failure of the measurement."""
    chosen = options(arguments)
    packs = with_layers(shipped(chosen.pack).pack)
    rounds = [realistic_facts(chosen.facts, seed) for seed in range(chosen.rounds + 1)]
    cold, floor, ours, asked = _rates(packs, rounds)
    loading = [_load() for _ in range(7)]
    about = report.machine()
    print(f"{about['cores']} cores, {about['system']}, Python {about['python']}, load {about['load']}")
    print(f"{', '.join(pack.id for pack in packs)}: {sum(len(pack.rules) for pack in packs)} rules")
    print(f"{chosen.facts:,} facts a round, {asked:.1f} obligations each; evaluations a second on one core:")
    for name, rates in (("conditions only", floor), ("evaluate", ours)):
        middle, lowest, highest = statistics.median(rates), min(rates), max(rates)
        print(f"{name:16} median {middle:9,.0f}   lowest {lowest:9,.0f}   highest {highest:9,.0f}")
    print(f"{'first round':16}        {cold:9,.0f}")
    for pack in shipped_ids():
        print(f"  {pack:32}{_rate(evaluate, with_layers(shipped(pack).pack), rounds[1][:4000]):9,.0f}")
    load, imports = (statistics.median(times) for times in zip(*loading, strict=True))
    print(
        f"loading {len(shipped_ids())} packs from files: {load:.0f} ms, after importing the loader in {imports:.0f} ms"
    )
    for goal in (
        Goal("one evaluation", 1e6 / statistics.median(ours), 1e6 / _LEAST_A_SECOND, "µs"),
        Goal("loading all packs", load, _MOST_LOADING, "ms"),
    ):
        print(goal)
    return 0


def _rates(packs: Sequence[Pack], rounds: list[list[IncidentFacts]]) -> tuple[float, list[float], list[float], float]:
    """Return the rate of the first round, those of the floor and of the engine in turns, and obligations a decision."""
    cold = _rate(evaluate, packs, rounds[0])
    floor, ours = [], []
    for facts in rounds[1:]:
        floor.append(_rate(_ask_conditions, packs, facts))
        ours.append(_rate(evaluate, packs, facts))
    asked = statistics.mean(len(evaluate(packs, facts).obligations) for facts in rounds[0][:2000])
    return cold, floor, ours, asked


def _rate(ask: Ask, packs: Sequence[Pack], rounds: list[IncidentFacts]) -> float:
    began = time.process_time()
    for facts in rounds:
        ask(packs, facts)
    return len(rounds) / (time.process_time() - began)


def _ask_conditions(packs: Sequence[Pack], facts: IncidentFacts) -> int:
    return sum(is_met(rule.when, facts) for pack in packs for rule in pack.rules)


def _load() -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", _LOAD], cwd=ROOT, capture_output=True, text=True, check=True)
    load, imports, _ = done.stdout.split()
    return float(load), float(imports)
