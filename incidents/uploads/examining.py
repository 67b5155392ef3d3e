"""Looks at the bytes of a file and says what it is. The name and the type that a browser gives decide nothing."""

import hashlib
from dataclasses import dataclass

from incidents.uploads import office, pdfs, pictures, texts, traces
from incidents.uploads.names import ending_of
from incidents.uploads.verdicts import PICTURES, FileKind, Reason, Rejected

_DEEPEST = 3
# A picture under another picture's ending is a slip of a program, and shows as what it is.
_SAME = {FileKind.PNG: PICTURES, FileKind.JPEG: PICTURES, FileKind.TEXT: {FileKind.TEXT, FileKind.CSV}}


@dataclass(frozen=True)
class Examined:
    """What a file was found to be."""

    kind: FileKind
    size: int
    sha256: str
    holds_images: bool


def examine(content: bytes, *, name: str, may_hold_images: bool, most_bytes: int) -> Examined:
    """Return what a file is; raise Rejected with the reason where it is not taken. Nothing is written anywhere."""
    if not content:
        raise Rejected(Reason.EMPTY)
    if len(content) > most_bytes:
        raise Rejected(Reason.TOO_LARGE)
    traces.refuse_malware(content)
    ending = ending_of(name)
    kind, holds_images = _look(content, ending, may_hold_images, depth=0)
    if holds_images and not may_hold_images:
        raise Rejected(Reason.IMAGE)
    fitting = {one for other in _SAME.get(kind, {kind}) for one in other.endings}
    if ending and ending not in fitting:
        raise Rejected(Reason.WRONG_ENDING)
    return Examined(kind, len(content), hashlib.sha256(content).hexdigest(), holds_images)


def _look(content: bytes, ending: str, may_hold_images: bool, depth: int) -> tuple[FileKind, bool]:
    """Return the kind, and whether there is a picture in it. Where none may be held, a picture is refused as one."""
    if not may_hold_images and traces.is_image(content):
        raise Rejected(Reason.IMAGE)
    if content.startswith(pictures.PNG_START):
        pictures.check_png(content)
        return FileKind.PNG, True
    if content.startswith(pictures.JPEG_START):
        pictures.check_jpeg(content)
        return FileKind.JPEG, True
    if content.startswith(pdfs.START):
        return FileKind.PDF, pdfs.examine(content)
    if content.startswith(b"PK\x03\x04"):
        return office.examine(content)
    refused = traces.kind_that_is_refused(content)
    if refused is not None:
        raise Rejected(refused)
    if traces.is_image(content) and not traces.is_markup(content):
        raise Rejected(Reason.UNKNOWN_KIND)

    def inner(part: bytes) -> bool:
        if depth >= _DEEPEST:
            raise Rejected(Reason.BOMB)
        return _look(part, "", may_hold_images, depth + 1)[1]

    return texts.examine(content, ending, inner)
