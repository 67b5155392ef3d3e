"""What betrays a file: the first bytes of what it is, and what must not stand anywhere in it."""

import base64
import binascii
import re

from incidents.uploads.verdicts import Reason, Rejected

# The harmless file by which scanners are tested, in two parts so that no scanner finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"

_ARCHIVES = (
    *(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh"),
    *(b"\xfd7zXZ\x00", b"MSCF", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"ISc(", b"xar!"),
)
_PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"),
    *(b"\xca\xfe\xba\xbe", b"dex\n", b"\x00asm", b"L\x00\x00\x00\x01\x14\x02\x00"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_IMAGES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    *(b"\x00\x00\x01\x00", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00\x58\x00\x00\x00", b"\x00\x00\x00\x0cjP  ", b"8BPS"),
    *(b"\xff\x0a", b"\x00\x00\x00\x0cJXL ", b"gimp xcf", b"\xff\x4f\xff\x51", b"BPG\xfb", b"\x97JB2", b"#?RADIANCE"),
)
# A letter of a bitmap's own header follows after twelve bytes; two letters alone begin many a text.
_BITMAP = re.compile(rb"BM.{4}\x00\x00\x00\x00.{3}\x00[\x0c\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", re.DOTALL)
_METAFILE = re.compile(rb"\x01\x00\x00\x00.{36} EMF", re.DOTALL)
_MARKUP = re.compile(
    rb"\s*<(?:\?|%|!--|!doctype|(?:html|head|body|script|svg|iframe|object|embed|meta|link|style|form|img|div|p|a)[\s>/])",
    re.IGNORECASE,
)
_DRAWING = re.compile(rb"<(?:svg:)?svg[\s>]", re.IGNORECASE)
# What turns a picture or a PDF into a page or a program for whoever reads it as one.
_SECOND_KIND = re.compile(rb"<\?php|<script[\s>]|<html[\s>]|<svg[\s>]|<!doctype html|<iframe[\s>]", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"

# The beginnings of pictures as base64 and as hexadecimal digits write them.
_IN_LETTERS = re.compile(
    rb"iVBORw0KGgo|/9j/[24][A-Za-z0-9+/]{40}|R0lGOD(?:lh|dh)|UklGR[A-Za-z0-9+/]{6}XRUJQ|data:image/"
    rb"|SUkqA[A-Za-z0-9+/]{20}|TU0AK[A-Za-z0-9+/]{20}|AAAA[A-Za-z0-9+/]{2}Z0eXB(?:oZWlj|oZWl4|taWYx|hdmlm|tc2Yx)"
    rb"|(?i:89504e470d0a1a0a|ffd8ff(?:e0|e1|db|ee)[0-9a-f]{20}|474946383[79]61)"
)
_RUN = re.compile(rb"(?:[A-Za-z0-9+/]{40,}[\r\n \t]*)+={0,2}")
_UUENCODED = re.compile(rb"^begin(?:-base64)? [0-7]{3} \S", re.MULTILINE)
_WHITE = re.compile(rb"[\r\n\t >]+")
_LETTERS_SHOWN = 64


def refuse_malware(content: bytes) -> None:
    """Raise Rejected where the test signature of scanners stands; what is real is the scanner's business."""
    if EICAR in content:
        raise Rejected(Reason.MALWARE)


def kind_that_is_refused(content: bytes) -> Reason | None:
    """Return why a file that begins like this is not taken, where its first bytes say so."""
    if content.startswith(_OLD_OFFICE):
        return Reason.ENCRYPTED if _PASSWORD in content else Reason.OLD_OFFICE
    if content.startswith(_PROGRAMS):
        return Reason.PROGRAM
    if content.startswith(_ARCHIVES) or content[257:262] == b"ustar" or content[0x8001:0x8006] == b"CD001":
        return Reason.ARCHIVE
    return None


def is_image(content: bytes) -> bool:
    """Say whether these bytes begin like a picture or a film of any kind, taken or not."""
    if content.startswith(_IMAGES) or content[:4] == b"RIFF" or content[4:8] == b"ftyp":
        return True
    if content.startswith(b"\x1a\x45\xdf\xa3") or content[:3] == b"FLV":
        return True
    return bool(_BITMAP.match(content) or _METAFILE.match(content)) or _is_drawing(content)


def _is_drawing(content: bytes) -> bool:
    return _DRAWING.search(content[:4096]) is not None


def is_markup(content: bytes) -> bool:
    """Say whether a text begins like a page or holds what a browser would run as one."""
    return _MARKUP.match(content) is not None or _SECOND_KIND.search(content) is not None


def is_two_kinds(content: bytes) -> bool:
    """Say whether a picture or a PDF can also be read as a page, a script or an archive."""
    return _SECOND_KIND.search(content) is not None or _ZIP_END in content[-66_000:]


def holds_image_in_letters(content: bytes) -> bool:
    """Say whether a text holds a picture written as letters: base64, hexadecimal digits or uuencoded."""
    together = _WHITE.sub(b"", content)
    if _IN_LETTERS.search(together) or _UUENCODED.search(content):
        return True
    return any(_decodes_to_image(run.group()) for run in _RUN.finditer(content))


def _decodes_to_image(run: bytes) -> bool:
    letters = _WHITE.sub(b"", run)[:_LETTERS_SHOWN]
    for start in range(4):
        piece = letters[start:]
        try:
            found = base64.b64decode(piece[: len(piece) // 4 * 4])
        except binascii.Error:
            continue
        # Two or three bytes are met by chance; a picture's first four are not.
        if is_image(found) and not found.startswith((b"\xff\x0a", b"BM")):
            return True
    return False
