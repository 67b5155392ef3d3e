"""Starts everything the system needs on one machine as one foreground program, and stops all of it together.

python -m safeguarding.embedded.supervisor       (what ./run does once the packages are there)
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from safeguarding.embedded import addresses, frontend
from safeguarding.embedded.binaries import NotInstalled
from safeguarding.embedded.broker import BrokerFailed
from safeguarding.embedded.house import DEFAULT_PORT, House, StartFailed
from safeguarding.embedded.paths import LOCAL, ROOT
from safeguarding.embedded.postgres import DatabaseFailed


class StopAsked(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn the first signal into `StopAsked`, and let nothing interrupt the tidying up after it."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def ask(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise StopAsked

    before = {each: signal.signal(each, ask) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def only_one(local: Path) -> Iterator[bool]:
    """Whether this is the only supervisor on this folder; held until the end, however it comes."""
    local.mkdir(parents=True, exist_ok=True)
    with (local / "run.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def write_state(path: Path, house: House) -> None:
    """What runs where, for whoever wants to look or to pull a plug."""
    state = {"url": house.url, "supervisor": os.getpid(), "processes": house.process_ids()}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(state, indent=2) + "\n")
    fresh.replace(path)


def read_state(path: Path) -> dict[str, object]:
    try:
        state = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def say(sentence: str) -> None:
    print(sentence, flush=True)


def choose_port(given: Mapping[str, str]) -> int:
    text = given.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartFailed(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = addresses.free_port(int(text))
    if port != int(text):
        say(f"Port {text} is in use by another program, so {port} is used instead.")
    return port


def greet(house: House, began: float) -> None:
    """The sign-ins first: there are many, and the address should not scroll away."""
    if house.demonstrates():
        say(house.manage("demo_sign_ins", "--skip-checks").rstrip())
    say(f"\nReady after {time.monotonic() - began:.1f} s: {house.url}")
    say(f"Data, keys and logs are in {house.local.name}/. Ctrl-C stops everything.")


def watch(house: House, state: Path) -> None:
    """Until somebody asks to stop, or something cannot be kept alive."""
    known: dict[str, int] = {}
    while True:
        house.restart_the_dead(say)
        if house.process_ids() != known:
            known = house.process_ids()
            write_state(state, house)
        time.sleep(0.5)


def run(local: Path, given: Mapping[str, str]) -> int:
    """Start, watch, stop; the exit code of ./run."""
    began = time.monotonic()
    state = local / "run.json"
    house: House | None = None
    with stopping_on_signals():
        try:
            if problem := frontend.prepare():
                say(f"The pages will be plain, without styles: {problem}.")
            house = House(local, given, choose_port(given))
            house.start(say=say)
            greet(house, began)
            watch(house, state)
        except StopAsked:
            say("\nStopping.")
            return 0
        except (StartFailed, NotInstalled, DatabaseFailed, BrokerFailed) as error:
            say(f"\n{error}")
        finally:
            if house:
                house.stop()
            state.unlink(missing_ok=True)
    return 1


def main() -> int:
    os.chdir(ROOT)
    with only_one(LOCAL) as alone:
        if alone:
            return run(LOCAL, os.environ)
        state = read_state(LOCAL / "run.json")
        say(f"It already runs at {state.get('url', 'another terminal')}. Stop that one first, with Ctrl-C there.")
        return 1


if __name__ == "__main__":
    sys.exit(main())
