"""The promised numbers: tests that look at few examples in `./run test` look at all of them here.

Each is named with what it promises in `TESTS`; `tests/numbers.py` tells it that this is the long form. About half an
hour on two quiet cores. An argument that begins a name picks the tests: `./run assure numbers RT-1`.
"""

import subprocess
import sys
import time

from safeguarding.embedded.paths import ROOT
from tests.numbers import FULL

TESTS = {
    "RT-1": "tests/incidents/operations/test_escalations.py::"
    "test_nobody_is_told_of_what_is_about_them_or_a_relative_and_somebody_always_is",
    "RT-1 routes": "tests/incidents/test_routes.py",
    "AZ-5": "tests/safeguarding/test_non_interference.py",
    "RL-5": "tests/accounts/test_outage.py",
    "A11": "tests/incidents/operations/test_imports.py",
    "AU-5": "tests/accounts/test_audit_throughput.py",
    "DL-5": "tests/incidents/test_machine.py",
}


def main(arguments: list[str]) -> int:
    """Run them one after the other and say of each how it ended; 1 where one found something."""
    wanted = {name: test for name, test in TESTS.items() if not arguments or name.startswith(tuple(arguments))}
    if not wanted:
        sys.stdout.write(f"There is no such number. Known: {', '.join(TESTS)}.\n")
        return 2
    ended = {name: _run(name, test) for name, test in wanted.items()}
    return 0 if all(ended.values()) else 1


def _run(name: str, test: str) -> bool:
    began = time.monotonic()
    pytest = [sys.executable, "-m", "pytest", test, "-q", "-p", "no:cacheprovider", f"--hypothesis-profile={FULL}"]
    went_well = subprocess.run(pytest, cwd=ROOT, check=False).returncode == 0
    sys.stdout.write(f"{name}: {'held' if went_well else 'BROKEN'}, {time.monotonic() - began:.0f} s\n")
    return went_well
