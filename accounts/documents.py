"""Printed documents: a template becomes a PDF, safely.

    pdf = write_pdf("incidents/chronology/document.html", {"school": school, "at": at, "title": "…", …})
    return download(pdf, f"{incident.reference}.pdf")

The template extends `base_print.html`, which gives the title, the language, the school's name and the page numbers, and
the same look when it is shown in a browser. What is drawn is tagged (PDF/UA-1): headings, lists and tables with `th`
are what a screen reader reads, so write them as in any page. There is no request in the context.

A page is drawn by a process of its own, with a time limit, a memory limit, no environment and no network, which reads
nothing but our static files: text that people typed cannot make it fetch, read or hang anything. When it fails,
`Refused` is raised with a sentence; show it beside the button, as after any operation. Call it outside a transaction:
it takes a second or two, and up to twenty.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from accounts.errors import Refused

# The process ends itself soon after; this is for whoever waits.
SECONDS = 20
_AT_ONCE = 2
_PROCESS = Path(__file__).with_name("documents_process.py")
_NEEDED = ("PATH", "LANG", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "SYSTEMROOT")
_NOT_INSTALLED = 14
_room = threading.BoundedSemaphore(_AT_ONCE)
_log = logging.getLogger(__name__)


def write_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Return a template as PDF, or refuse with a sentence for whoever asked."""
    return draw(render_to_string(template, context))


def draw(page: str) -> bytes:
    """Return a whole HTML page as PDF, or refuse with a sentence for whoever asked."""
    if not _room.acquire(timeout=SECONDS):
        raise Refused("document_busy", "Other documents are being made at the moment. Ask for it again in a minute.")
    try:
        with tempfile.TemporaryDirectory(prefix="document-") as scratch:
            return _drawn(page, scratch)
    finally:
        _room.release()


def download(pdf: bytes, name: str) -> HttpResponse:
    """Return a PDF as a file to keep; its name holds a reference or a date, and never says whom it is about."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers={k: v for k, v in headers.items() if v})


def _drawn(page: str, scratch: str) -> bytes:
    folders = [*map(str, settings.STATICFILES_DIRS), str(settings.STATIC_ROOT)]
    with subprocess.Popen(
        [sys.executable, "-I", str(_PROCESS), settings.STATIC_URL, *folders],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it may quote the page
        cwd=scratch,
        env=_environment(scratch),
        start_new_session=True,
    ) as process:
        try:
            pdf, _nothing = process.communicate(page.encode(), timeout=SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            raise _refusal(-signal.SIGKILL) from None
        except BaseException:
            _end(process)
            raise
    if process.returncode != 0 or not pdf.startswith(b"%PDF-"):
        raise _refusal(process.returncode)
    return pdf


def _environment(scratch: str) -> dict[str, str]:
    """What it takes to start, and not one secret; what it keeps for a while goes away with it."""
    kept = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**kept, "TMPDIR": scratch, "HOME": scratch}


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
    process.wait()


def _refusal(code: int) -> Refused:
    _log.warning("A document was not made: the process that draws it ended with %s.", code)
    if code == _NOT_INSTALLED:
        return Refused(
            "document_not_installed",
            "PDF files cannot be made on this machine: what draws them is not installed. Print the page instead.",
        )
    if code in {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM}:
        return Refused(
            "document_too_slow",
            "This document took too long to make and was stopped. Choose less of it, or print the page instead.",
        )
    return Refused(
        "document_not_made",
        "This document could not be made: it may be too large. Choose less of it, or print the page instead.",
    )
