"""Asks ClamAV's daemon about the bytes of a file, by its own protocol: INSTREAM, in pieces, and one line of answer."""

import socket
import struct
from enum import StrEnum
from urllib.parse import urlsplit

_PIECE = 128 * 1024
_LONGEST_ANSWER = 4096


class Scan(StrEnum):
    """What is known of a file from a scanner."""

    CLEAN = "clean"
    INFECTED = "infected"
    # No scanner is set up, or it did not answer.
    WAITING = "waiting"

    @property
    def label(self) -> str:
        """The words shown beside a file."""
        return {
            "clean": "Scanned: nothing found",
            "infected": "Malware was found in it",
            "waiting": "Not scanned yet",
        }[self.value]


def scan(content: bytes, *, address: str, timeout: float) -> Scan:
    """Return what the daemon at `tcp://host:port` or `unix:///path` says; WAITING where it says nothing we know."""
    if not address:
        return Scan.WAITING
    try:
        answer = _asked(content, address, timeout)
    except (OSError, ValueError):
        return Scan.WAITING
    if answer.endswith(b" OK"):
        return Scan.CLEAN
    return Scan.INFECTED if answer.endswith(b" FOUND") else Scan.WAITING


def _asked(content: bytes, address: str, timeout: float) -> bytes:
    with _connected(address, timeout) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for place in range(0, len(content), _PIECE):
            piece = content[place : place + _PIECE]
            daemon.sendall(struct.pack("!L", len(piece)) + piece)
        daemon.sendall(struct.pack("!L", 0))
        answer = b""
        while len(answer) < _LONGEST_ANSWER and not answer.endswith(b"\0"):
            more = daemon.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0\n")


def _connected(address: str, timeout: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(timeout)
        try:
            daemon.connect(parts.path)
        except OSError:
            daemon.close()
            raise
        return daemon
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=timeout)
