"""The stage: everything that `./run` starts, in a folder that is thrown away, and a school on it.

python -m tests.assurance._chaos.stage FOLDER       (what stands for `./run`: its own supervisor, on another folder)
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safeguarding.embedded import addresses, environment, processes, supervisor
from safeguarding.embedded.broker import Broker
from safeguarding.embedded.house import House
from safeguarding.embedded.paths import ROOT
from safeguarding.embedded.postgres import Cluster

START_SECONDS = 240
PROGRAMS = ("database", "broker", "worker", "beat", "web")


class StageFailed(RuntimeError):
    """The stage was not set, or came down; the message says why."""


class Stage:
    """A supervisor in a process of its own, and what a tester needs to know of the things it keeps alive."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        mail = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mail_port), "EMAIL_USE_TLS": "0", "DEMONSTRATION": "0"}
        self.given = environment.without(os.environ, environment.READ_BY_SETTINGS) | mail
        self.port = addresses.free_port(0)
        # Never started: it makes the keys, and knows how to run a command on the stage.
        self._house = House(folder, self.given, self.port)
        self.cluster = Cluster(folder / "postgres")
        self.broker = Broker(folder / "broker", folder / "logs" / "broker.log")
        self._house.environment |= {
            "DATABASE_URL": self.cluster.runtime_url,
            "DATABASE_OWNER_URL": self.cluster.owner_url,
            "CELERY_BROKER_URL": self.broker.url,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the supervisor and wait until everything runs."""
        command = [sys.executable, "-m", "tests.assurance._chaos.stage", str(self.folder)]
        own = self.given | {"PORT": str(self.port)}
        self.process = processes.spawn(command, env=own, log=self.folder / "logs" / "supervisor.log", cwd=ROOT)
        ready = processes.wait_until(lambda: self.has_gone() or self.is_whole(), seconds=START_SECONDS, every=0.5)
        if not ready or self.has_gone():
            raise StageFailed(f"The stage could not be set.\n{self.last_words()}")

    def process_ids(self) -> dict[str, int]:
        """Return what the supervisor says that it keeps alive."""
        kept = supervisor.read_state(self.folder / "run.json").get("processes")
        return dict(kept) if isinstance(kept, dict) else {}

    def is_whole(self) -> bool:
        """Say whether everything runs."""
        kept = self.process_ids()
        return all(name in kept and processes.is_running(kept[name]) for name in PROGRAMS)

    def has_gone(self) -> bool:
        """Say whether the supervisor has given up."""
        return self.process is None or self.process.poll() is not None

    def last_words(self, name: str = "supervisor", lines: int = 15) -> str:
        """Return the end of a log."""
        path = self.folder / "logs" / f"{name}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

    def restarts(self) -> int:
        """Return how often the supervisor has started something again."""
        path = self.folder / "logs" / "supervisor.log"
        return path.read_text(errors="replace").count("starting it again") if path.exists() else 0

    def manage(self, *arguments: str) -> str:
        """Run a management command on the stage; return what it wrote."""
        return self._house.manage(*arguments)

    def shell(self, module: str) -> Any:
        """Run a module of this package inside Django, on the stage; return the JSON it wrote."""
        command = f"from tests.assurance._chaos import {module}; {module}.main()"
        return json.loads(self.manage("shell", "--no-imports", "-c", command))

    def stop(self) -> None:
        """Stop everything that was started here."""
        if self.process:
            processes.stop(self.process, signal_number=signal.SIGTERM, seconds=90)

    def remains(self) -> list[str]:
        """Return the command lines of what still runs on this folder after everything was stopped."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            command = processes.command_line(int(path.name)) or ""
            if str(self.folder) in command or f":{self.port}" in command:
                found.append(command.strip())
        return found


@contextlib.contextmanager
def thrown_away(mail_port: int, *, keep: bool = False) -> Iterator[Stage]:
    """Set a stage and take it down again, whatever happens on it; `keep` leaves its logs behind."""
    folder = Path(tempfile.mkdtemp(prefix="safeguarding-chaos-"))
    folder.chmod(0o755)  # PostgreSQL's own account has to pass through; keys inside stay closed
    stage = Stage(folder, mail_port)
    try:
        yield stage
    finally:
        stage.stop()
        for server in (stage.broker, stage.cluster):
            server.destroy()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(supervisor.run(Path(sys.argv[1]), os.environ))
