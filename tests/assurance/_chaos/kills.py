"""What is killed, and when: by -9, at random, every few seconds, each kind as often as every other."""

import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from safeguarding.embedded import processes
from tests.assurance._chaos.stage import Stage

KINDS = ("web", "worker", "beat", "broker", "flush", "database")
# Of these, sometimes a child is killed instead of the program itself.
_WITH_CHILDREN = {"web": "a web process", "worker": "a worker process", "database": "a database backend"}
_WHOLE = {
    "web": "the web server",
    "worker": "the worker",
    "beat": "the timer",
    "broker": "the broker",
    "database": "the database server",
    "flush": "everything in the broker",
}


@dataclass(frozen=True)
class Kill:
    """One kill."""

    kind: str
    what: str
    at: datetime


class Killer:
    """Kills until it is told to stop, and at least as often as it was told."""

    def __init__(self, stage: Stage, *, seconds: float, least: int, every: tuple[float, float], seed: int) -> None:
        self.stage, self.seconds, self.least, self.every = stage, seconds, least, every
        self.drawn = random.Random(seed)
        self.kills: list[Kill] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def finish(self) -> None:
        """Wait until enough was killed."""
        self._thread.join()

    def stop(self) -> None:
        """Stop at once."""
        self._over.set()
        self._thread.join()

    def per_kind(self) -> Counter[str]:
        """Return how often each thing was killed."""
        return Counter(kill.what for kill in self.kills)

    def _work(self) -> None:
        ends = time.monotonic() + self.seconds
        deck: list[str] = []
        while not self._over.wait(self.drawn.uniform(*self.every)):
            if time.monotonic() > ends and len(self.kills) >= self.least:
                return
            if not deck:
                deck = self.drawn.sample(KINDS, len(KINDS))
            self._strike(deck.pop())

    def _strike(self, kind: str) -> None:
        if kind == "flush":
            done = flush(self.stage.broker.socket)
            what = _WHOLE[kind]
        else:
            done, what = self._shoot(kind)
        if done:
            self.kills.append(Kill(kind, what, datetime.now(UTC)))

    def _shoot(self, kind: str) -> tuple[bool, str]:
        pid = self.stage.process_ids().get(kind)
        if pid is None or not processes.is_running(pid):
            return False, ""
        children = children_of(pid) if kind in _WITH_CHILDREN else []
        # A server is harder to lose than one of its children, so it is drawn more often.
        if children and self.drawn.random() < 0.35:
            return shoot(self.drawn.choice(children)), _WITH_CHILDREN[kind]
        return shoot(pid), _WHOLE[kind]


def shoot(pid: int) -> bool:
    """Kill a process so that it can do nothing about it; return False where it had gone before."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def flush(socket_path: Path) -> bool:
    """Throw away everything the broker holds; return False where it does not answer."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_path))
            connection.sendall(b"FLUSHALL\r\n")
            return connection.recv(16).startswith(b"+OK")
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return sorted(found)
