"""The permission matrix in its long form: every page, everybody, every relationship. It writes `docs/assurance.md`.

Each test tells how many cells it ran (`record_property`); what it found is what failed. About twenty minutes on two
quiet cores, and two hours with the property over everything that somebody may hold (`--with-property`).
"""

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from safeguarding.embedded.paths import ROOT
from tests.numbers import FULL

REPORT = ROOT / "docs" / "assurance.md"
# What is proven, by the number in the catalogue of tests, where, and in which unit it is counted.
PROOFS = {
    "AZ-1": (
        "Every page and every table says who may use it",
        "tests/architecture/test_urls.py tests/architecture/test_models.py",
        "pages and tables",
    ),
    "AZ-2": ("Every page, asked by everybody", "tests/safeguarding/test_permission_matrix.py", "cells"),
    "AZ-2 relationships": ("What somebody is to a case", "tests/safeguarding/test_relationships.py", "cells"),
    "AZ-3": ("Rows of the school next door in forms", "tests/safeguarding/test_tenancy.py", "boxes"),
    "AZ-5": ("What some must not know of changes nothing", "tests/safeguarding/test_non_interference.py", "answers"),
    "AZ-6": ("No flag and no right opens a case", "tests/safeguarding/test_no_standing_access.py", "answers"),
    "AZ-7": ("Changes are in force at the next request", "tests/safeguarding/test_immediate.py", "changes"),
    "LK-1": ("A fault in any view leaves no word in the log", "tests/safeguarding/test_leaks.py", "faults"),
    "LK-4": ("Error pages tell nothing", "tests/safeguarding/test_error_pages.py", "answers"),
    "ST-3": ("No way in skips a step", "tests/incidents/test_no_step_is_skipped.py", "moves"),
}
PROPERTY = {
    "AZ-4": ("A reason against it is stronger than everything", "tests/incidents/test_deny_first.py", "examples")
}

_HEAD = [
    "# Who may see what: the numbers",
    "",
    "Written by `./run assure matrix`; not by hand. A leak is a word, a name or a school that somebody was told",
    "and may not know of; a mismatch is a test in which an answer was another than its rule says.",
    "",
]
_HEADING = [
    "| test | what it proves | tests | counted | leaks | mismatches | time | last run |",
    "|---|---|---|---|---|---|---|---|",
]


@dataclass
class Outcome:
    """How one proof ended: what was run, what was counted, and which tests found something."""

    name: str
    tests: int = 0
    counted: int = 0
    leaks: int = 0
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main(arguments: list[str]) -> int:
    """Run it, print the numbers and write them down; 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="./run assure matrix", description=__doc__)
    parser.add_argument("names", nargs="*", help="which of them: AZ-2 AZ-5; the others keep their last numbers (all)")
    parser.add_argument("--with-property", action="store_true", help="AZ-4 with 20,000 examples as well")
    chosen = parser.parse_args(arguments)
    known = PROOFS | PROPERTY
    names = chosen.names or [*PROOFS, *(PROPERTY if chosen.with_property else {})]
    if set(names) - set(known):
        sys.stdout.write(f"There is no such proof. Known: {', '.join(known)}.\n")
        return 2
    outcomes = [_run(name, known[name][1]) for name in names]
    rows = [_row(one) for one in outcomes]
    found = [f"{one.name} found: {test}" for one in outcomes for test in one.found]
    sys.stdout.write("\n".join([*_HEADING, *rows, *found]) + "\n")
    _write(dict(zip(names, rows, strict=True)))
    return 1 if found else 0


def _run(name: str, test: str) -> Outcome:
    """Run the tests of one proof in their long form and read what it tells."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = [
            sys.executable,
            "-m",
            "pytest",
            *test.split(),
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            "junit_family=xunit1",
        ]
        subprocess.run([*pytest, f"--hypothesis-profile={FULL}", f"--junitxml={report}"], cwd=ROOT, check=False)
        outcome = _read(name, report)
    outcome.seconds = time.monotonic() - began
    return outcome


def _read(name: str, report: Path) -> Outcome:
    if not report.exists():
        return Outcome(name, found=["it did not run"])
    outcome = Outcome(name)
    # Written by our own tests a moment ago.
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314
        outcome.tests += 1
        for told in case.iter("property"):
            if told.get("name") == "leaks":
                outcome.leaks += int(told.get("value", "0"))
            else:
                outcome.counted += int(told.get("value", "0"))
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.found.append(str(case.get("name")))
    return outcome


def _row(one: Outcome) -> str:
    words, _, unit = (PROOFS | PROPERTY)[one.name]
    counted = f"{one.counted:,} {unit}" if one.counted else ""
    numbers = f"{one.tests:,} | {counted} | {one.leaks} | {len(one.found)} | {one.seconds:.0f} s"
    return f"| {one.name} | {words} | {numbers} | {datetime.now(UTC):%-d %B %Y}, {_commit()} |"


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "no commit"


def _write(rows: dict[str, str]) -> None:
    """Put these rows into the report; those of proofs that were not run stay as they are, with their own date."""
    kept = REPORT.read_text().splitlines() if REPORT.exists() else []
    before = {name: line for line in kept for name in PROOFS | PROPERTY if line.startswith(f"| {name} |")}
    all_rows = before | rows
    lines = [all_rows[name] for name in PROOFS | PROPERTY if name in all_rows]
    REPORT.write_text("\n".join([*_HEAD, *_HEADING, *lines]) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
