"""The database, broker, worker, timer and web server of one folder of data: started in order, kept alive, stopped."""

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from safeguarding.embedded import addresses, environment, local_keys, postgres, processes, static_files
from safeguarding.embedded.broker import Broker, BrokerFailed
from safeguarding.embedded.paths import ROOT

DEFAULT_PORT = 8000
WEB_THREADS = "4"
RESTARTS = 5
RESTART_SECONDS = 60


class StartFailed(RuntimeError):
    """Something did not start; the message says what and where to look."""


def web_command(port: int) -> list[str]:
    """gunicorn takes the number of its workers from WEB_CONCURRENCY."""
    return [
        sys.executable, "-m", "gunicorn", "safeguarding.wsgi:application", "--bind", f"{addresses.HOST}:{port}",
        "--threads", WEB_THREADS, "--no-control-socket",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "safeguarding.celery", "worker", "--loglevel", "INFO",
            "--concurrency", "2", "--without-gossip", "--without-mingle"]  # fmt: skip


def beat_command(schedule: Path) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "safeguarding.celery", "beat", "--loglevel", "INFO",
            "--schedule", str(schedule), "--pidfile="]  # fmt: skip


class House:
    """Database, broker, worker, timer and web on one folder of data."""

    def __init__(self, local: Path, given: Mapping[str, str], port: int) -> None:
        self.local = local
        self.port = port
        self.given = given
        self.environment = environment.for_this_machine(given, port)
        if lost := local_keys.lost_keys(given, local):
            raise StartFailed(
                f"{' and '.join(lost)} of the data in {local} are gone, and new ones would not open it: "
                "bring them back, or remove the whole folder."
            )
        self.environment |= local_keys.missing_keys(given, local)
        self.environment.setdefault("STATIC_ROOT", str(local / "static"))
        self.cluster: postgres.Cluster | None = None
        self.broker: Broker | None = None
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.starters: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}
        self.restarts: dict[str, deque[float]] = {}

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def log(self, name: str) -> Path:
        return self.local / "logs" / f"{name}.log"

    def start_database(self) -> None:
        """The embedded one, unless DATABASE_URL names another."""
        if local_keys.is_given(self.given, "DATABASE_URL"):
            return
        cluster = postgres.Cluster(self.local / "postgres", log=self.log("postgres"))
        self.cluster = cluster

        def start() -> subprocess.Popen[bytes]:
            cluster.start()
            assert cluster.process is not None  # noqa: S101 (start() raises otherwise)
            return cluster.process

        self.keep("database", start)
        self.environment = environment.without(self.environment, ["DATABASE_URL", "DATABASE_OWNER_URL"])
        self.environment |= {"DATABASE_URL": cluster.runtime_url, "DATABASE_OWNER_URL": cluster.owner_url}

    def start_broker(self) -> None:
        """The embedded one, unless CELERY_BROKER_URL names another."""
        if local_keys.is_given(self.given, "CELERY_BROKER_URL"):
            return
        broker = Broker(self.local / "broker", log=self.log("broker"))
        self.broker = broker

        def start() -> subprocess.Popen[bytes]:
            broker.start(self.environment)
            assert broker.process is not None  # noqa: S101 (start() raises otherwise)
            return broker.process

        self.keep("broker", start)
        self.environment["CELERY_BROKER_URL"] = broker.url

    def program_environment(self) -> dict[str, str]:
        """What serves requests and sweeps is not told who owns the tables."""
        return environment.without(self.environment, ["DATABASE_OWNER_URL"])

    def start_programs(self) -> None:
        """Worker, timer and web: processes of their own, so that each can fail without the others."""
        # Told politely, a worker waits for a broker that has just died with us. A sweep cut short is repeated anyway.
        self.keep_program("worker", worker_command(), last_signal=signal.SIGKILL)
        self.keep_program("beat", beat_command(self.local / "beat-schedule"))
        self.keep_program("web", web_command(self.port))

    def await_web(self) -> None:
        if not processes.wait_until(self.web_answers_or_gone, seconds=60) or not self.web_answers():
            raise StartFailed(f"The web server did not start: see {self.log('web')}")

    def keep_program(self, name: str, command: list[str], last_signal: int = signal.SIGTERM) -> None:
        self.keep(
            name,
            lambda: processes.spawn(
                command, env=self.program_environment(), log=self.log(name), cwd=ROOT, last_signal=last_signal
            ),
        )

    def keep(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.starters[name] = start
        self.restarts[name] = deque(maxlen=RESTARTS)
        self.running[name] = start()

    def web_answers(self) -> bool:
        """Any answer counts: the health check may rightly say that the first sweep is still to come."""
        return addresses.get(f"http://{addresses.HOST}:{self.port}/healthz", seconds=2) is not None

    def web_answers_or_gone(self) -> bool:
        return self.web_answers() or self.running["web"].poll() is not None

    def manage(self, *arguments: str) -> str:
        """Run one management command to its end; answers what it wrote."""
        command = [sys.executable, "manage.py", *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            start_new_session=True, preexec_fn=processes.die_with_parent(signal.SIGTERM),
        )  # fmt: skip
        try:
            output, _ = process.communicate()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if process.returncode:
            raise StartFailed(f"manage.py {' '.join(arguments)} failed.\n{output}".rstrip())
        return output

    def collect_static(self) -> None:
        stamp = self.local / "static.stamp"
        wanted = static_files.fingerprint(self.environment)
        if static_files.is_current(stamp, wanted, Path(self.environment["STATIC_ROOT"])):
            return
        self.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
        stamp.write_text(wanted)

    def demonstrates(self) -> bool:
        return self.environment.get("DEMONSTRATION", "").lower() in {"1", "true", "yes", "on"}

    def start(self, *, say: Callable[[str], None], seed: bool = True) -> None:
        """Everything, in the order of who needs whom."""
        say("starting the database and the broker")
        self.start_database()
        self.start_broker()
        say("bringing the tables and the static files up to date")
        self.manage("migrate", "--noinput", "--verbosity", "0")
        self.collect_static()
        say("starting worker, timer and web server")
        self.start_programs()
        if seed and self.demonstrates():
            # While the programs load. Migrating has just run the system checks.
            say("filling an empty database with demonstration schools (about a minute); one in use stays as it is")
            self.manage("seed_demo", "--skip-checks")
        self.await_web()

    def restart_the_dead(self, say: Callable[[str], None]) -> None:
        """Start again what has died; give up on what dies again and again."""
        for name, process in list(self.running.items()):
            code = process.poll()
            if code is None:
                continue
            history = self.restarts[name]
            now = time.monotonic()
            if len(history) == RESTARTS and now - history[0] < RESTART_SECONDS:
                raise StartFailed(f"{name} keeps stopping (code {code}): see {self.log(name)}")
            history.append(now)
            say(f"{name} stopped with code {code}: starting it again")
            try:
                self.running[name] = self.starters[name]()
            except (postgres.DatabaseFailed, BrokerFailed) as error:
                say(str(error))

    def process_ids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self.running.items() if process.poll() is None}

    def stop(self) -> None:
        """The programs first and together, then what they need."""
        programs = [self.running[name] for name in ("web", "beat", "worker") if name in self.running]
        for process in programs:
            if process.poll() is None:
                process.terminate()
        for process in programs:
            processes.stop(process)
        if self.broker:
            self.broker.stop()
        if self.cluster:
            self.cluster.stop()
