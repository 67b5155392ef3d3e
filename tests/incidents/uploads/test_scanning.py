"""The scanner's daemon: what it is sent, what its answers mean, and what happens when there is none."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from incidents.uploads.scanning import Scan, scan
from incidents.uploads.traces import EICAR


class Daemon:
    """Stands in for ClamAV: reads one stream and answers, as the real one does."""

    def __init__(self, answer: bytes | None = None, *, path: str = "") -> None:
        self.answer, self.received = answer, b""
        self.socket = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.socket.bind(path or ("127.0.0.1", 0))
        self.socket.listen()
        self.address = f"unix://{path}" if path else f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"

    def serve(self) -> None:
        try:
            client, _ = self.socket.accept()
        except OSError:
            return
        with client, client.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!L", stream.read(4))[0]:
                self.received += stream.read(length)
            found = b"stream: Eicar FOUND\0" if EICAR in self.received else b"stream: OK\0"
            client.sendall(self.answer if self.answer is not None else found)


@contextmanager
def daemon(answer: bytes | None = None, *, path: str = "") -> Iterator[Daemon]:
    served = Daemon(answer, path=path)
    thread = threading.Thread(target=served.serve, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.socket.close()
        thread.join(5)


@pytest.mark.parametrize(
    ("content", "found"), [(b"hello", Scan.CLEAN), (EICAR, Scan.INFECTED), (b"x" * 1_000_000, Scan.CLEAN)]
)
def test_the_daemon_gets_every_byte_and_is_believed(content: bytes, found: Scan) -> None:
    with daemon() as served:
        assert scan(content, address=served.address, timeout=5) is found
    assert served.received == content


def test_it_is_asked_over_a_socket_of_this_machine_too(tmp_path: Path) -> None:
    with daemon(path=str(tmp_path / "clamd")) as served:
        assert scan(b"hello", address=served.address, timeout=5) is Scan.CLEAN


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: unknown\0", b"OK?\0"])
def test_whatever_else_it_says_leaves_the_file_waiting(answer: bytes) -> None:
    with daemon(answer) as served:
        assert scan(b"hello", address=served.address, timeout=5) is Scan.WAITING


def test_without_a_daemon_the_file_waits() -> None:
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()

    assert scan(b"hello", address=f"tcp://127.0.0.1:{port}", timeout=1) is Scan.WAITING
    assert scan(b"hello", address="unix:///nowhere/clamd", timeout=1) is Scan.WAITING
    assert scan(b"hello", address="", timeout=1) is Scan.WAITING


def test_a_daemon_that_never_answers_is_not_waited_for() -> None:
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen()

    assert scan(b"hello", address=f"tcp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2) is Scan.WAITING
    silent.close()
