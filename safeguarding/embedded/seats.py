"""One throwaway server for all test sessions of this machine, and databases of its own for each session.

Each session takes a numbered seat, which names its databases; the last to leave stops the server.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from safeguarding.embedded import postgres
from safeguarding.embedded.paths import LOCAL

SEATS = 32
DATA = LOCAL / "postgres-test"


class Seats:
    """Numbered lock files: a seat is taken while its holder lives, and free again however it ends."""

    def __init__(self, folder: Path, count: int = SEATS) -> None:
        self.folder = folder
        self.count = count

    def take(self) -> tuple[int, IO[str]]:
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, self.count + 1):
            handle = (self.folder / f"{number}.lock").open("a+")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.close()
            else:
                return number, handle
        raise RuntimeError(f"{self.count} test sessions run already on this machine.")

    def all_free(self) -> bool:
        for path in self.folder.glob("*.lock"):
            with path.open("a+") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True


@contextlib.contextmanager
def door(folder: Path) -> Iterator[None]:
    """One at a time in or out, so that nobody sits down while the last one switches off the light."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "door").open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class TestDatabase:
    """The seat of this session and the server it may have started."""

    __test__ = False

    def __init__(self, data: Path = DATA) -> None:
        self.seats = Seats(data.with_name(f"{data.name}-seats"))
        self.cluster = postgres.Cluster(data, throwaway=True, log=LOCAL / "logs" / f"{data.name}.log")
        self.seat: IO[str] | None = None

    def open(self) -> str:
        """Start the server when needed; answers the owner's URL with this session's database name."""
        with door(self.seats.folder):
            number, self.seat = self.seats.take()
            self.cluster.start(outlives_us=True)
        return postgres.url(postgres.OWNER, self.cluster.place.socket, f"{postgres.DATABASE}_{number}")

    def close(self) -> None:
        with door(self.seats.folder):
            if self.seat:
                self.seat.close()
            if self.seats.all_free():
                self.cluster.stop()
