"""gunicorn as production runs it, for our pages and for the floor's."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.house.variables import FOLDER
from safeguarding.embedded import addresses, processes
from safeguarding.embedded.house import web_command
from safeguarding.embedded.paths import ROOT

OURS = "safeguarding.wsgi:application"
FLOOR = "bench.floor.wsgi:application"
# Longer than production's two seconds: a series whose turn comes late must not be measured with a new connection.
_KEEP_ALIVE_SECONDS = "120"


@dataclass(frozen=True)
class Server:
    """One gunicorn: where it listens, and its processes."""

    application: str
    port: int
    process: subprocess.Popen[bytes]

    def worker_ids(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str], name: str) -> Iterator[Server]:
    """Serve an application until the block ends."""
    port = addresses.free_port(0)
    command = [application if part == OURS else part for part in web_command(port)]
    log = FOLDER / "logs" / f"{name}.log"
    process = processes.spawn(
        [*command, "--keep-alive", _KEEP_ALIVE_SECONDS], env=environment, log=log, cwd=ROOT, last_signal=signal.SIGTERM
    )
    try:
        if not processes.wait_until(lambda: _answers(port) or process.poll() is not None, seconds=60):
            raise SystemExit(f"The web server {name} did not start: see {log}")
        if process.poll() is not None:
            raise SystemExit(f"The web server {name} stopped at once: see {log}")
        yield Server(application, port, process)
    finally:
        processes.stop(process)


def check_command(settings: str) -> list[str]:
    """The command whose time tells what starting costs: the system check, without a database."""
    return [sys.executable, "-m", "django", "check", "--settings", settings]


def _answers(port: int) -> bool:
    return addresses.get(f"http://{addresses.HOST}:{port}/healthz", seconds=2, host="localhost") is not None
