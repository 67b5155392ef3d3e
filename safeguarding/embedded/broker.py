"""Valkey, the Redis-protocol broker, on a Unix socket. Disposable: no deadline and no message lives only there."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from safeguarding.embedded import binaries, processes


class BrokerFailed(RuntimeError):
    """The broker did not answer; the message says where its log is."""


def url(socket_path: Path) -> str:
    return f"redis+socket://{socket_path}?virtual_host=0"


def answers(socket_path: Path) -> bool:
    """Whether something that speaks the protocol listens there."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


class Broker:
    """One data folder and the server on it."""

    def __init__(self, data: Path, log: Path) -> None:
        self.data = data.absolute()
        self.log = log
        self.program = binaries.broker_program()
        self.folder = binaries.socket_directory("broker", self.data)
        self.socket = self.folder / "s"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return url(self.socket)

    def command(self) -> list[str | Path]:
        """Every write goes to the append-only file, and a full memory refuses instead of forgetting."""
        return [
            self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data,
            "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no",
        ]  # fmt: skip

    def start(self, environment: Mapping[str, str]) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.folder.is_symlink() or self.folder.stat().st_uid != os.geteuid():
            raise BrokerFailed(f"{self.folder} belongs to somebody else; remove it and try again.")
        # One that lost its supervisor a moment ago is on its way out.
        processes.wait_until(lambda: not answers(self.socket), seconds=10)
        self.process = processes.spawn(self.command(), env=environment, log=self.log)
        if not processes.wait_until(self.answers_or_gone, seconds=15) or not answers(self.socket):
            raise BrokerFailed(f"The broker did not start: see {self.log}")

    def answers_or_gone(self) -> bool:
        return answers(self.socket) or (self.process is not None and self.process.poll() is not None)

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, signal_number=signal.SIGTERM)

    def destroy(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)
