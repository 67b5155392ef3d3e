"""A client that costs next to nothing: one kept-alive connection, whole requests prepared beforehand."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from safeguarding.embedded.addresses import HOST

# The server compares the cookie with the form's field. Both come from here: any secret of the right length will do.
CSRF_SECRET = "m" * 32


@dataclass(frozen=True)
class Reply:
    """What came back, and how long it took from the first byte sent to the last byte read."""

    status: int
    location: str
    body: bytes
    milliseconds: float


class Connection:
    """One connection to one server."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self._port = port
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Reply:
        """Ask for a page."""
        return self._timed(f"GET {path} HTTP/1.1\r\n{self._headers()}\r\n".encode())

    def post(self, path: str, form: Mapping[str, str | list[str]]) -> Reply:
        """Send a form."""
        body = urlencode({"csrfmiddlewaretoken": CSRF_SECRET, **form}, doseq=True).encode()
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return self._timed(f"POST {path} HTTP/1.1\r\n{self._headers()}{kind}\r\n".encode() + body)

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def _headers(self) -> str:
        return f"Host: localhost:{self._port}\r\nCookie: {self._cookies}\r\nAccept: text/html\r\n"

    def _timed(self, request: bytes) -> Reply:
        connection = self._connected()
        began = time.perf_counter()
        connection.sendall(request)
        head, body = self._read(connection)
        taken = (time.perf_counter() - began) * 1000
        headers = _headers_of(head)
        if headers.get("connection") == "close":
            self.close()
        return Reply(int(head.split(b" ", 2)[1]), headers.get("location", ""), body, taken)

    def _read(self, connection: socket.socket) -> tuple[bytes, bytes]:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._some(connection)
        head, length = bytes(received[:end]), _length(bytes(received[:end]))
        while len(received) < end + 4 + length:
            received += self._some(connection)
        return head, bytes(received[end + 4 :])

    def _some(self, connection: socket.socket) -> bytes:
        part = connection.recv(262_144)
        if not part:
            self.close()
            raise ConnectionError("The server hung up in the middle of an answer.")
        return part

    def _connected(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self._port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket


def _headers_of(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _length(head: bytes) -> int:
    headers = _headers_of(head)
    if "content-length" not in headers:
        raise ConnectionError("The server answered without a length.")
    return int(headers["content-length"])
