"""A mail server that keeps nothing but how often each message came: the end of the line for every copy."""

import re
import socketserver
import threading
from collections import Counter

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([0-9a-f-]{36})@", re.IGNORECASE | re.MULTILINE)


class _Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP for a client that asks for nothing special."""

    timeout = 30

    def handle(self) -> None:
        """Take letters until the sender leaves or is killed."""
        try:
            self._say("220 chaos")
            while line := self.rfile.readline():
                if not self._answer(line[:4].strip().upper()):
                    return
        except (OSError, EOFError):
            return

    def _answer(self, verb: bytes) -> bool:
        if verb == b"DATA":
            self._say("354 go on")
            self._take()
        self._say({b"EHLO": "250 chaos", b"QUIT": "221 bye"}.get(verb, "250 ok"))
        return verb != b"QUIT"

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if line == b"":
            raise EOFError
        found = _MESSAGE_ID.search(b"".join(lines))
        server: PostOffice = self.server  # type: ignore[assignment]
        server.take(found.group(1).decode() if found else "")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class PostOffice(socketserver.ThreadingTCPServer):
    """Counts the copies of every message, by the id in its `Message-ID`."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.copies: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port the system chose."""
        return int(self.server_address[1])

    def open(self) -> None:
        """Begin to take letters, in the background."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, message: str) -> None:
        """Count one copy."""
        with self._lock:
            self.copies[message] += 1
