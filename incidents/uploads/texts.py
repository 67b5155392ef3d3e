"""Plain text, tables and e-mails."""

import csv
import email
import email.policy
import re
from collections.abc import Callable
from email.errors import MessageError
from email.message import Message

from incidents.uploads import traces
from incidents.uploads.verdicts import FileKind, Reason, Rejected

# What a text may hold beside letters: the end of a line, a tab, the end of a page.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADER = re.compile(
    rb"(?:(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|delivered-to|x-[\w-]+|reply-to"
    rb"|dkim-signature|authentication-results|content-type|content-transfer-encoding)\s*"
    rb":[^\n]*\r?\n(?:[ \t][^\n]*\n)*)",
    re.IGNORECASE,
)
_LEAST_HEADERS = 3
MOST_PARTS = 200
Inner = Callable[[bytes], bool]


def examine(content: bytes, ending: str, inner: Inner) -> tuple[FileKind, bool]:
    """Return what kind of text this is and whether it holds a picture; raise Rejected for what is no text.

    `inner` looks at what is attached to an e-mail.
    """
    text = _decoded(content)
    if _is_mail(content):
        return FileKind.EML, _look_through(content, inner)
    plain = text.encode()
    if traces.is_markup(plain):
        raise Rejected(Reason.MARKUP)
    is_table = ending in FileKind.CSV.endings and _is_table(text)
    return FileKind.CSV if is_table else FileKind.TEXT, traces.holds_image_in_letters(plain)


def _decoded(content: bytes) -> str:
    """Return the letters; raise Rejected for bytes that no text has."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            break
        return text
    raise Rejected(Reason.UNKNOWN_KIND)


def _is_table(text: str) -> bool:
    try:
        return sum(1 for _ in csv.reader(text.splitlines()[:50])) > 0
    except csv.Error:
        return False


def _is_mail(content: bytes) -> bool:
    place, headers = 0, 0
    while headers < _LEAST_HEADERS and (found := _HEADER.match(content, place)):
        place, headers = found.end(), headers + 1
    return headers == _LEAST_HEADERS


def _look_through(content: bytes, inner: Inner) -> bool:
    """Look at every part of an e-mail: its words, and what is attached to it as if it had come by itself."""
    if content.count(b"\n--") > 10 * MOST_PARTS:
        raise Rejected(Reason.BOMB)
    try:
        parts = list(email.message_from_bytes(content, policy=email.policy.compat32).walk())
    except (MessageError, ValueError, RecursionError) as error:
        raise Rejected(Reason.BROKEN) from error
    if len(parts) > MOST_PARTS:
        raise Rejected(Reason.BOMB)
    # Every part is looked at, also behind one that holds a picture.
    found = [_part_holds_image(part, inner) for part in parts if not part.is_multipart()]
    return any(found)


def _part_holds_image(part: Message, inner: Inner) -> bool:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    traces.refuse_malware(body)
    is_words = part.get_content_type() in ("text/plain", "text/html") and not part.get_filename()
    if not body.strip():
        return False
    if is_words and not traces.kind_that_is_refused(body) and not traces.is_image(body):
        return traces.holds_image_in_letters(body)
    return inner(body)
