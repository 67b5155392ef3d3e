"""Draws one HTML page as PDF, in a process of its own that holds no secret and reaches nothing.

    python -I accounts/documents_process.py STATIC_URL FOLDER [FOLDER ...]      HTML on stdin, PDF on stdout

Only `accounts/documents.py` starts it; nothing imports it, so that WeasyPrint never enters a web worker. It imports
nothing of ours either: what it is given is what it knows. Limits are set here, before a word of the page is read.
"""

import resource
import signal
import sys
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

NOT_INSTALLED = 14

try:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except (ImportError, OSError):
    raise SystemExit(NOT_INSTALLED) from None

SECONDS = 20
BYTES_OF_MEMORY = 512 * 1024 * 1024
# A name that no machine can have (RFC 2606): a page's own addresses are read from folders, never asked for.
SITE = "https://static.invalid"
READABLE = {".css", ".woff2", ".svg", ".png"}
# What the interpreter tells before it does it. None of these is needed to draw, whatever a page says.
FORBIDDEN = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.exec", "os.fork", "os.system")


class OwnFiles(URLFetcher):
    """Fetches the site's own static files from their folders. Everything else does not exist, `data:` included."""

    def __init__(self, static_url: str, folders: list[Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._prefix = f"{SITE}{static_url}"
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file an address of ours stands for."""
        path = self._file(url)
        if path is None:
            raise ValueError("Only the site's own static files are read.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": guess_type(path.name)[0] or "font/woff2"})

    def _file(self, url: str) -> Path | None:
        parts = urlsplit(url)
        plain = f"{parts.scheme}://{parts.netloc}{parts.path}"
        if not plain.startswith(self._prefix):
            return None
        name = unquote(plain.removeprefix(self._prefix))
        for folder in self._folders:
            path = (folder / name).resolve()
            if path.suffix in READABLE and path.is_relative_to(folder) and path.is_file():
                return path
        return None


def keep_within_limits() -> None:
    """Let the kernel end this process when it takes too much, also when nobody waits for it any more."""
    resource.setrlimit(resource.RLIMIT_DATA, (BYTES_OF_MEMORY, BYTES_OF_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # What it was drawing must not be left lying about.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS + 5)


def refuse_to_reach_out() -> None:
    """Refuse every connection and every other program from here on. It cannot be taken back."""

    def refuse(event: str, _arguments: object) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not needed to draw a page.")

    sys.addaudithook(refuse)


def main(static_url: str, folders: list[str]) -> None:
    """Read a page, write its PDF: tagged, so that a screen reader can read it (PDF/UA-1)."""
    keep_within_limits()
    page = sys.stdin.buffer.read().decode()
    refuse_to_reach_out()
    fetcher = OwnFiles(static_url, [Path(folder) for folder in folders])
    pdf = HTML(string=page, base_url=f"{SITE}/", url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
