"""The headers that every answer has, to the letter, and what must never stand in one (IN-5, CA-1, LK-3)."""

import html
import re
from collections.abc import Iterable

from django.http import HttpResponse

# On every answer whatsoever, also where nobody is signed in. Strict-Transport-Security comes with HTTPS alone: see
# `test_settings.py`. The referrer stays within the site, where a form without an Origin is checked by it.
EXACT = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
# A file that somebody gave is shown nowhere and runs nothing.
OF_FILES = {"sandbox": "", "default-src": "'none'"}
_NONCE = re.compile(r" 'nonce-[A-Za-z0-9+/_=-]{22,}'$")
# What would tell an outsider how the system is made, or where.
_MADE_OF = re.compile(
    r"Traceback|Django|django\.|Python|psycopg|postgres|SELECT |INSERT |/work|site-packages|\.py\b|SECRET|DEBUG|"
    r"urlpatterns|Exception|Error:|celery|gunicorn|whitenoise"
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# Whatever tells what serves the pages.
_TELLING = ("Server", "X-Powered-By", "X-Runtime", "X-AspNet-Version", "Via")


def faults(answer: HttpResponse, *, secrets: Iterable[str] = (), signed_in: bool = True) -> list[str]:
    """Return what is wrong with the headers, the title and the addresses of an answer; nothing where all is right."""
    found = [f"{name}: {answer.get(name)}" for name, value in EXACT.items() if answer.get(name) != value]
    found += [f"{name} is told" for name in _TELLING if name in answer.headers]
    policy = policy_of(answer)
    if policy not in (POLICY, OF_FILES):
        found.append(f"Content-Security-Policy: {answer.get('Content-Security-Policy')}")
    if signed_in and "Cookie" not in answer.get("Vary", ""):
        found.append(f"Vary: {answer.get('Vary')}")
    kind = answer.get("Content-Type", "")
    if kind.startswith("text/html") and kind != "text/html; charset=utf-8":
        found.append(f"Content-Type: {kind}")
    said = _said_around(answer)
    return found + [f"{secret!r} stands outside of the page" for secret in secrets if secret in said]


def policy_of(answer: HttpResponse) -> dict[str, str]:
    """Return the content security policy by directive, without the answer's own nonce."""
    parts = [part.strip().partition(" ") for part in answer.get("Content-Security-Policy", "").split(";")]
    return {name: _NONCE.sub("", value) if name == "script-src" else value for name, _, value in parts if name}


def _said_around(answer: HttpResponse) -> str:
    """Return what stands around a page: its title and its headers, and so where it leads and a file's name."""
    text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
    title = _TITLE.search(text)
    return html.unescape(title[1] if title else "") + "\n" + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())


def tells_of_the_system(answer: HttpResponse) -> list[str]:
    """Return what a page says of how the system is made; nothing where it says nothing."""
    return _MADE_OF.findall(answer.content.decode())
