"""Start everything on a folder that is thrown away, and prove that web, worker and timer each do real work.

python -m safeguarding.embedded.check       (what ./run check does)
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from safeguarding.embedded import addresses, environment, frontend, processes
from safeguarding.embedded.binaries import NotInstalled
from safeguarding.embedded.broker import BrokerFailed
from safeguarding.embedded.house import House, StartFailed
from safeguarding.embedded.paths import ROOT
from safeguarding.embedded.postgres import DatabaseFailed
from safeguarding.embedded.supervisor import StopAsked, say, stopping_on_signals

SWEEP = "deliver_outbox"
# A message is owed by a school, so the thrown-away database gets one. It runs inside Django, hence as text.
MAKE_SCHOOL = """
from django.utils import timezone
from accounts.operations.schools import create_school
create_school(
    name="School of the check", slug="check", reference_prefix="CHK", phase="primary", at=timezone.now(),
    safeguarding_phone="0", external_contact_name="Nobody", external_contact_phone="0",
    external_contact_email="nobody@localhost",
)
"""
STYLESHEET = re.compile(r'<link[^>]+href="(/static/[^"]+\.css)"')
WEB_SECONDS = 60
SWEEP_SECONDS = 90


class CheckFailed(RuntimeError):
    """Something did not do its work; the message says what."""


def heartbeat(printed: str, origin: str) -> str | None:
    """When the sweep last finished for this origin, from what `manage.py heartbeats --json` printed."""
    beats: dict[str, dict[str, str]] = json.loads(printed)
    return beats.get(SWEEP, {}).get(origin)


def stylesheets(page: str) -> list[str]:
    return STYLESHEET.findall(page)


def fetch(house: House, path: str) -> str:
    """The text of a page that must be there."""
    answer = addresses.get(f"{house.url}{path}")
    if answer is None or answer.status != 200:
        raise CheckFailed(f"{path} answered {answer.status if answer else 'nothing'}: see the end of web.log above")
    return answer.text


def prove_web(house: House) -> str:
    """The sign-in page and every stylesheet it names."""
    page = fetch(house, "/")  # leads whoever is not signed in to the page for it
    if 'type="password"' not in page:
        raise CheckFailed("the sign-in page has no field for a password")
    styles = stylesheets(page)
    if not styles:
        raise CheckFailed("the sign-in page names no stylesheet")
    for path in styles:
        fetch(house, path)
    return f"the sign-in page and its {len(styles)} stylesheets answered"


def await_heartbeat(house: House, origin: str, before: str | None) -> None:
    def has_advanced() -> bool:
        return heartbeat(house.manage("heartbeats", "--json"), origin) not in {None, before}

    if not processes.wait_until(has_advanced, seconds=SWEEP_SECONDS, every=3):
        raise CheckFailed(f"no sweep started by the {origin} has finished within {SWEEP_SECONDS} seconds")


def prove_worker(house: House) -> str:
    house.manage("shell", "-c", MAKE_SCHOOL)
    before = heartbeat(house.manage("heartbeats", "--json"), "worker")
    house.manage("probe_delivery")
    await_heartbeat(house, "worker", before)
    return "it took a task from the broker and delivered a message"


def prove_timer(house: House) -> str:
    """The database is new, so any heartbeat is from this run."""
    await_heartbeat(house, "timer", before=None)
    return "it asked for a sweep, and the sweep finished"


def prove_health(house: House) -> str:
    """Last, since the health check is rightly late until the first sweep has finished."""

    def is_healthy() -> bool:
        answer = addresses.get(f"{house.url}/healthz")
        return answer is not None and answer.status == 200

    if not processes.wait_until(is_healthy, seconds=WEB_SECONDS, every=0.5):
        answer = addresses.get(f"{house.url}/healthz")
        raise CheckFailed(f"the health check says {answer.text if answer else 'nothing'}")
    return "the health check says so too"


PROOFS: dict[str, Callable[[House], str]] = {
    "web": prove_web,
    "worker": prove_worker,
    "timer": prove_timer,
    "health": prove_health,
}


def show_logs(house: House) -> None:
    for path in sorted((house.local / "logs").glob("*.log")):
        lines = path.read_text(errors="replace").splitlines()[-25:]
        say("\n".join([f"--- the end of {path.name}", *lines]))


@contextmanager
def thrown_away_house() -> Iterator[House]:
    """Keys, data and port of its own. The caller's own database and broker are never touched: a check writes."""
    folder = Path(tempfile.mkdtemp(prefix="safeguarding-check-"))
    folder.chmod(0o755)  # PostgreSQL's own account has to pass through; keys inside stay closed
    given = environment.without(os.environ, environment.READ_BY_SETTINGS)
    house = House(folder, given, addresses.free_port(0))
    try:
        yield house
    finally:
        house.stop()
        for server in (house.broker, house.cluster):
            if server:
                server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def prove_everything(house: House) -> int:
    try:
        house.start(say=say, seed=False)
        for name, prove in PROOFS.items():
            began = time.monotonic()
            did = prove(house)
            say(f"{name:<7} ok: {did} ({time.monotonic() - began:.1f} s)")
    except (CheckFailed, StartFailed, NotInstalled, DatabaseFailed, BrokerFailed) as error:
        show_logs(house)
        say(f"\nThe check failed: {error}")
        return 1
    return 0


def main() -> int:
    os.chdir(ROOT)
    began = time.monotonic()
    with stopping_on_signals():
        try:
            if problem := frontend.prepare():
                say(f"The pages will be plain, without styles: {problem}.")
            with thrown_away_house() as house:
                code = prove_everything(house)
        except StopAsked:
            say("\nStopped before the end.")
            return 1
    if code == 0:
        say(f"Everything works ({time.monotonic() - began:.0f} s).")
    return code


if __name__ == "__main__":
    sys.exit(main())
