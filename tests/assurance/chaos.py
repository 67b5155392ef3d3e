"""A chaos run: concerns at a steady rate while everything is killed at random. Is anything lost, missed or told twice?

Real processes under the supervisor of `./run`, in a folder that is thrown away. Some nine minutes in the short form, of
which two are the load and the kills; the rest waits for the last clocks and messages. It writes `docs/chaos.md`.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from safeguarding.embedded.paths import ROOT
from safeguarding.embedded.supervisor import StopAsked, stopping_on_signals
from tests.assurance._chaos import report, stage, verdict
from tests.assurance._chaos.kills import Killer
from tests.assurance._chaos.ledger import Ledger, Watch
from tests.assurance._chaos.load import Load
from tests.assurance._chaos.post import PostOffice

REPORT = ROOT / "docs" / "chaos.md"
# The last clock rings 90 seconds after the last concern, and may take two minutes more after an outage.
CLOCK_PATIENCE = 240.0
# A message whose sender was killed is taken up again after five minutes.
MESSAGE_PATIENCE = 480.0
RECEIPT_PATIENCE = 90.0


@dataclass(frozen=True)
class Form:
    """How much of it."""

    name: str
    seconds: float
    kills: int
    every: tuple[float, float]
    rate: float


SHORT = Form("short", 125.0, 12, (5.0, 12.0), 4.0)
LONG = Form("long", 600.0, 60, (5.0, 13.0), 20.0)


@dataclass
class Run:
    """One run: its form, its seed, and everything that takes part."""

    form: Form
    seed: int
    scene: stage.Stage
    ledger: Ledger
    watch: Watch
    load: Load
    killer: Killer
    post: PostOffice


def main(arguments: Sequence[str]) -> int:
    """Run it and write the report; 1 where any promise was broken."""
    parser = argparse.ArgumentParser(prog="./run assure chaos", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--short", action="store_true", help="at least 2 minutes and 10 kills (this is the default)")
    which.add_argument("--long", action="store_true", help="10 minutes and 60 kills")
    parser.add_argument("--seed", type=int, default=0, help="draw the same kills again")
    parser.add_argument("--rate", type=float, default=0.0, help="concerns a second")
    parser.add_argument("--report", type=Path, default=REPORT, help="where the report is written")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    chosen = parser.parse_args(arguments)
    form = LONG if chosen.long else SHORT
    if chosen.rate:
        form = Form(form.name, form.seconds, form.kills, form.every, chosen.rate)
    with stopping_on_signals():
        try:
            return _on_stage(form, chosen.seed or random.SystemRandom().randrange(1, 10**6), chosen.report, chosen.keep)
        except stage.StageFailed as problem:
            _say(str(problem))
        except StopAsked:
            _say("Stopped before the end.")
    return 1


def _on_stage(form: Form, seed: int, path: Path, keep: bool) -> int:
    post = PostOffice()
    post.open()
    with stage.thrown_away(post.port, keep=keep) as scene:
        _say(f"setting the stage in {scene.folder} (seed {seed})")
        run = _prepare(form, seed, scene, post)
        _perform(run)
        _wait(run)
        findings, figures = _judge(run)
        scene.stop()
        findings.append(verdict.Finding("a process that was left behind", scene.remains()))
    facts = report.Facts(
        at=datetime.now(UTC), form=form.name, seed=seed, rate=form.rate, seconds=form.seconds, figures=figures,
        kills=run.killer.per_kind(), findings=findings,
    )  # fmt: skip
    written = report.text(facts)
    path.write_text(written)
    _say(written[written.index("## Last run") :])
    for finding in findings:
        if not finding.is_kept:
            _say(f"{finding.promise}: {'; '.join(finding.broken[:5])}")
    return 0 if all(finding.is_kept for finding in findings) else 1


def _prepare(form: Form, seed: int, scene: stage.Stage, post: PostOffice) -> Run:
    scene.start()
    pupils = scene.shell("school")
    ledger = Ledger(scene.cluster.owner_url)
    ledger.set_up()
    writers = max(12, int(form.rate * 3))
    load = Load(scene.url, pupils, rate=form.rate, seconds=form.seconds, seed=seed, writers=writers)
    killer = Killer(scene, seconds=form.seconds - form.every[1], least=form.kills, every=form.every, seed=seed)
    return Run(form, seed, scene, ledger, Watch(scene.cluster.owner_url), load, killer, post)


def _perform(run: Run) -> None:
    _say(f"{run.form.rate:g} concerns a second for {run.form.seconds:.0f} seconds, and at least {run.form.kills} kills")
    run.watch.start()
    run.load.start()
    run.killer.start()
    run.load.finish(RECEIPT_PATIENCE)
    run.killer.finish()
    _say(f"{len(run.load.acknowledged())} of {len(run.load.sent)} acknowledged, {len(run.killer.kills)} kills; waiting")


def _wait(run: Run) -> None:
    """Wait for the last clocks and messages, or until they are late for certain."""
    began = time.monotonic()
    while not run.scene.has_gone():
        clocks, messages = verdict.waits(run.ledger)
        passed = time.monotonic() - began
        if not (clocks or messages) or passed > MESSAGE_PATIENCE or (not messages and passed > CLOCK_PATIENCE):
            break
        time.sleep(3)
    run.watch.stop()


def _judge(run: Run) -> tuple[list[verdict.Finding], dict[str, str]]:
    clocks = verdict.clocks(run.ledger)
    copies = dict(run.post.copies)
    gone = [run.scene.last_words()] if run.scene.has_gone() else []
    findings = [
        *verdict.about_concerns(run.load.sent, run.scene, run.ledger),
        *verdict.about_clocks(clocks, run.watch.outages),
        *verdict.about_messages(run.ledger, copies, len(run.killer.kills)),
        verdict.Finding("a supervisor that gave up", gone),
    ]
    return findings, _figures(run, clocks, copies)


def _figures(run: Run, clocks: list[verdict.Clock], copies: dict[str, int]) -> dict[str, str]:
    away = [up - down for down, up in run.watch.outages]
    delays = sorted((one.rang_at - one.alert_at).total_seconds() for one in clocks if one.rang_at)
    took = sorted(one.took for one in run.load.acknowledged() if one.took is not None)
    answered = sorted(one.answered for one in run.load.acknowledged())
    return {
        "concerns acknowledged": str(len(run.load.acknowledged())),
        "answers that were no receipt, and tried again": str(sum(run.load.problems.values())),
        "a receipt once the page answers, median and 95th percentile": _spread(answered),
        "from writing to the receipt, all tries and outages, median and 95th percentile": _spread(took),
        "from writing to the receipt, the slowest": f"{took[-1]:.1f} s" if took else "none",
        "clocks set": str(len(clocks)),
        "escalated": str(len(delays)),
        "escalated after its time, median and 95th percentile": _spread(delays),
        "escalated after its time, the latest": f"{delays[-1]:.1f} s" if delays else "none",
        "messages": str(len(copies)),
        "extra copies": str(sum(copies.values()) - len(copies)),
        "the database was away": f"{len(away)} times, {sum(away, timedelta()).total_seconds():.0f} s in all",
        "restarts by the supervisor": str(run.scene.restarts()),
        "load of the machine at the end (15 minutes)": f"{os.getloadavg()[2]:.1f}",
    }


def _spread(sorted_values: Sequence[float]) -> str:
    if not sorted_values:
        return "none"
    return f"{statistics.median(sorted_values):.2f} s, {sorted_values[int(len(sorted_values) * 0.95)]:.2f} s"


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
