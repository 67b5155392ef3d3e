"""The report of a chaos run, for `docs/chaos.md`."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.assurance._chaos.verdict import Finding

_ABOUT = """# A chaos run

`./run assure chaos` starts everything that `./run` starts, in a folder of its own, and signs eight members of staff
in. They log concerns at a steady rate through the page, each with its form's id, and send a form again until its
receipt comes; one in ten is sent once more after it. Meanwhile web server, worker, timer, broker and database are
killed with -9 at random, and the broker's memory is thrown away. Nothing is restarted but by the supervisor of
`./run`. Every duty of these cases is made due 20 to 90 seconds after the concern was logged, in the same transaction,
and nobody does any of them: each has to be escalated, once, by the sweep. Only what asks that somebody is told is done
when its message got through. Messages go to a mail server that counts copies.

A clock is missed where it was not escalated within 60 seconds, or within 120 seconds after a database that was away
could be reached again. The next rung is a day away, so a second escalation is one too many. A message may arrive
again where its sender was killed between sending and noting it: one extra copy for each kill is allowed.

`./run assure chaos` is the short form (at least 2 minutes, 10 kills); `--long` is 10 minutes with 20 concerns a
second and 60 kills. It ends with an error where any promise was broken, and writes this page anew.
"""


@dataclass(frozen=True)
class Facts:
    """What is told of a run."""

    at: datetime
    form: str
    seed: int
    rate: float
    seconds: float
    figures: Mapping[str, str]
    kills: Mapping[str, int]
    findings: Sequence[Finding]


def memory_gib() -> int:
    """Return how much memory this machine has."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def text(facts: Facts) -> str:
    """Return the whole page."""
    machine = f"{os.cpu_count()} cores, {memory_gib()} GiB, {platform.system()} {platform.machine()}"
    kept = all(finding.is_kept for finding in facts.findings)
    lines = [
        _ABOUT,
        "## Last run\n",
        f"{facts.at:%-d %B %Y, %H:%M} UTC; the {facts.form} form; {machine}, Python {platform.python_version()}; "
        f"{facts.rate:g} concerns a second for {facts.seconds:.0f} seconds; seed {facts.seed}. "
        f"{'Every promise was kept.' if kept else 'Promises were broken.'}\n",
        "| promise | broken |",
        "|---|---:|",
        *(f"| {finding.promise} | {len(finding.broken)} |" for finding in facts.findings),
        "",
        "| killed | times |",
        "|---|---:|",
        *(f"| {what} | {count} |" for what, count in sorted(facts.kills.items())),
        f"| together | {sum(facts.kills.values())} |",
        "",
        "| figure | |",
        "|---|---:|",
        *(f"| {name} | {figure} |" for name, figure in facts.figures.items()),
    ]
    return "\n".join(lines) + "\n"
