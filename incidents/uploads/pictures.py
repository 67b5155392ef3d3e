"""PNG and JPEG, walked from the first byte to the last. Nothing is ever unpacked into pixels."""

import zlib

from incidents.uploads.traces import is_two_kinds
from incidents.uploads.verdicts import Reason, Rejected

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
# A viewer needs four bytes for each: a phone's camera makes 12 to 50 million.
MOST_PIXELS = 64_000_000
_LONGEST_SIDE = 30_000
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_ALONE = {0x01, *range(0xD0, 0xD8)}
# What one maker's phones write behind the picture: a table of settings.
_TABLE_BEHIND = b"SEFT"


def check_png(content: bytes) -> None:
    """Raise Rejected unless it is one whole PNG of a size that can be shown, and nothing else."""
    place, seen = len(PNG_START), 0
    while True:
        length = int.from_bytes(content[place : place + 4], "big")
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content) or not kind.isalpha():
            raise Rejected(Reason.BROKEN)
        if zlib.crc32(memoryview(content)[place + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            raise Rejected(Reason.BROKEN)
        if (seen == 0) != (kind == b"IHDR"):
            raise Rejected(Reason.BROKEN)
        if kind == b"IHDR":
            _check_size(content[place + 8 : place + 12], content[place + 12 : place + 16])
        place, seen = end, seen + 1
        if kind == b"IEND":
            break
    if place != len(content) or is_two_kinds(content):
        raise Rejected(Reason.TWO_KINDS)


def check_jpeg(content: bytes) -> None:
    """Raise Rejected unless it is a whole JPEG of a size that can be shown, perhaps with more of them behind."""
    if is_two_kinds(content):
        raise Rejected(Reason.TWO_KINDS)
    place = 0
    while content[place : place + 3] == JPEG_START:
        place = _end_of_jpeg(content, place)
        # Phones write a second picture for brightness behind the first, on a round address.
        while content[place : place + 1] == b"\x00":
            place += 1
    if place < len(content) and not content.endswith(_TABLE_BEHIND):
        raise Rejected(Reason.TWO_KINDS)
    if b"ftyp" in content[place:]:
        raise Rejected(Reason.TWO_KINDS)


def _end_of_jpeg(content: bytes, start: int) -> int:
    place, has_frame = start + 2, False
    while True:
        if content[place : place + 1] != b"\xff" or place + 1 >= len(content):
            raise Rejected(Reason.BROKEN)
        number = content[place + 1]
        if number == 0xD9 and has_frame:
            return place + 2
        if number == 0xFF or number in _ALONE:
            place += 1 if number == 0xFF else 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if length < 2 or place + 2 + length > len(content):
            raise Rejected(Reason.BROKEN)
        if number in _FRAMES:
            _check_size(content[place + 5 : place + 7], content[place + 7 : place + 9])
            has_frame = True
        place += 2 + length
        if number == 0xDA:
            place = _end_of_scan(content, place)


def _end_of_scan(content: bytes, place: int) -> int:
    """Return where the next marker stands that is neither a stuffed byte nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise Rejected(Reason.BROKEN)
        follows = content[place + 1]
        if follows == 0 or 0xD0 <= follows <= 0xD7:
            place += 2
        elif follows == 0xFF:
            place += 1
        else:
            return place


def _check_size(width: bytes, height: bytes) -> None:
    across, down = int.from_bytes(width, "big"), int.from_bytes(height, "big")
    if not across or not down:
        raise Rejected(Reason.BROKEN)
    if across * down > MOST_PIXELS or max(across, down) > _LONGEST_SIDE:
        raise Rejected(Reason.PIXELS)
