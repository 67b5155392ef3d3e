"""A PostgreSQL cluster for measuring: as durable as in production, with one database for each size."""

import contextlib
import fcntl
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.house.variables import FOLDER, for_database
from safeguarding.embedded import postgres
from safeguarding.embedded.paths import ROOT

SUPERUSER = "postgres"
# While loading only: otherwise the server would write every page several times over. It goes back to normal afterwards.
_WHILE_LOADING = {"max_wal_size": "'16GB'", "checkpoint_timeout": "'30min'", "autovacuum": "off"}
# What the loaded rows depend on: when one of these changes, what `--keep` kept is loaded again.
_SHAPED_BY = ("accounts/migrations", "incidents/migrations", "accounts/encryption.py", "bench/data")


class Databases:
    """The cluster and the databases on it."""

    def __init__(self, *, keep: bool) -> None:
        self.keep = keep
        self.cluster = postgres.Cluster(FOLDER / "postgres", log=FOLDER / "logs" / "postgres.log")

    def environment(self, size: int) -> dict[str, str]:
        """The variables with which a program of ours works on the database of this size."""
        return for_database(self._url(postgres.RUNTIME, size), self._url(postgres.OWNER, size))

    def superuser_environment(self, size: int) -> dict[str, str]:
        """The same for the loader, which switches triggers and foreign keys off while it fills the tables."""
        return for_database(self._url(SUPERUSER, size), self._url(SUPERUSER, size))

    def load(self, size: int) -> dict[str, Any]:
        """Fill the database of this size, unless it was kept; answer what the loader says about it."""
        described = FOLDER / f"{_name(size)}.json"
        wanted = _fingerprint()
        if described.exists() and self._exists(size):
            kept: dict[str, Any] = json.loads(described.read_text())
            if kept["fingerprint"] == wanted:
                print(f"{size:,} incidents: loaded before and kept")
                return kept
        described.unlink(missing_ok=True)
        began = time.monotonic()
        self.make(size)
        manage(self.environment(size), "migrate", "--noinput", "--verbosity", "0")
        self._tune(_WHILE_LOADING)
        output = run_module(self.superuser_environment(size), "bench.data", "load", str(size))
        self._tune(dict.fromkeys(_WHILE_LOADING))
        self.cluster.sql("CHECKPOINT")
        loaded: dict[str, Any] = json.loads(output) | {"fingerprint": wanted}
        described.write_text(json.dumps(loaded))
        print(f"{size:,} incidents: loaded in {time.monotonic() - began:.0f} s")
        return loaded

    def bytes_of(self, size: int) -> int:
        """How large the database is on disk."""
        return int(self.cluster.sql(f"SELECT pg_database_size('{_name(size)}')"))

    def version(self) -> str:
        """The version of the server."""
        return self.cluster.sql("SHOW server_version").split()[0]

    def _url(self, role: str, size: int) -> str:
        return postgres.url(role, self.cluster.place.socket, _name(size))

    def _exists(self, size: int) -> bool:
        return _name(size) in self.cluster.sql("SELECT datname FROM pg_database").split()

    def make(self, size: int) -> None:
        """Make an empty database for this size; what was there before goes."""
        self.cluster.sql(f"DROP DATABASE IF EXISTS {_name(size)}")
        self.cluster.sql(f"CREATE DATABASE {_name(size)} OWNER {postgres.OWNER}")

    def _tune(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self.cluster.sql(f"ALTER SYSTEM SET {name} = {value}" if value else f"ALTER SYSTEM RESET {name}")
        self.cluster.sql("SELECT pg_reload_conf()")


@contextlib.contextmanager
def databases(*, keep: bool) -> Iterator[Databases]:
    """Start the cluster, one measurement at a time; afterwards throw it away, unless it is to be kept."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                "Another measurement runs on this machine. Two at once would measure each other."
            ) from None
        found = Databases(keep=keep)
        try:
            found.cluster.start()
            yield found
        finally:
            if keep:
                found.cluster.stop()
            else:
                found.cluster.destroy()
                for described in FOLDER.glob("bench_*.json"):
                    described.unlink()


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run one management command of ours to its end; answer what it wrote."""
    return _run([sys.executable, "manage.py", *arguments], environment)


def run_module(environment: dict[str, str], module: str, *arguments: str) -> str:
    """Run one module in a process of its own; answer what it wrote. What it says on the way goes to stderr."""
    return _run([sys.executable, "-m", module, *arguments], environment)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} failed.\n{done.stdout}")
    return done.stdout


def _name(size: int) -> str:
    return f"bench_{size}"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for place in _SHAPED_BY:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]
