"""PDF: refused when it can run, fetch or hide something, also where that stands in a compressed stream.

This is no PDF reader. It looks for the names by which a reader would act, in the raw bytes and in everything that
unpacks, with the escapes of names undone; where something cannot be looked into, the file is refused.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from incidents.uploads import traces
from incidents.uploads.verdicts import Reason, Rejected

START = b"%PDF-"
# What all streams of one file may unpack to, and one stream: a page scanned in colour is some 30 MB.
MOST_UNPACKED = 250 * 1024 * 1024
MOST_STREAMS = 20_000
_PIECE = 1024 * 1024
_OVERLAP = 128
_NAME_ENDS = rb"(?=[\x00\t\n\x0c\r /<>\[\](){}%]|$)"
_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|Rendition|ImportData|SubmitForm|Movie|GoTo3DView|SetOCGState/JS|XFA)"
    + _NAME_ENDS
)
_HIDES = re.compile(
    rb"/(?:EmbeddedFiles?|GoToE)" + _NAME_ENDS + rb"|/EF[\x00\t\n\x0c\r ]*(?:<<|\d+[\s\x00]+\d+[\s\x00]+R)"
)
_SCRIPT_ENTRY = re.compile(rb"/JS[\x00\t\n\x0c\r ]*[(<\d]")
_PASSWORD = re.compile(rb"/Encrypt" + _NAME_ENDS)
_IMAGES = re.compile(
    rb"/(?:DCTDecode|JPXDecode|JBIG2Decode|CCITTFaxDecode|DCT|CCF)"
    + _NAME_ENDS
    + rb"|/Subtype[\x00\t\n\x0c\r ]*/Image"
    + _NAME_ENDS
    + rb"|/Width[\x00\t\n\x0c\r ]+\d|/Height[\x00\t\n\x0c\r ]+\d"
)
_INLINE_IMAGE = re.compile(rb"BI[\s\x00]+/[A-Za-z]+")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_ESCAPED_NAME = re.compile(
    rb"/[^\x00\t\n\x0c\r /<>\[\](){}%#]{0,60}#[0-9A-Fa-f]{2}[^\x00\t\n\x0c\r /<>\[\](){}%]{0,120}"
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_END = re.compile(rb"%%EOF[\r\n \t\x00]*$")
# The first of these names is how a reader knows a stream of objects; a picture never has it.
_OF_OBJECTS = re.compile(rb"/(?:First|ObjStm)" + _NAME_ENDS)
_OLD_FILTERS = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL|Crypt)" + _NAME_ENDS)
_PREDICTOR = re.compile(rb"/Predictor[\x00\t\n\x0c\r ]*(?:[2-9]|1\d)")
_LETTERS = re.compile(rb"/(ASCII85Decode|A85|ASCIIHexDecode|AHx)" + _NAME_ENDS)


def examine(content: bytes) -> bool:
    """Return whether a PDF holds pictures; raise Rejected where it is not one whole, quiet PDF."""
    if traces.is_two_kinds(content):
        raise Rejected(Reason.TWO_KINDS)
    if not _END.search(content[-2048:]):
        raise Rejected(Reason.TWO_KINDS if b"%%EOF" in content else Reason.BROKEN)
    plain = _with_names_undone(content)
    holds_images = _check(plain, is_raw=True)
    left = MOST_UNPACKED
    for number, (start, header) in enumerate(_streams(content)):
        if number > MOST_STREAMS:
            raise Rejected(Reason.BOMB)
        for piece in _unpacked(content, start, header):
            left -= len(piece)
            if left < 0:
                raise Rejected(Reason.BOMB)
            holds_images |= _check(_with_names_undone(piece), is_raw=False)
    return holds_images


def _check(text: bytes, *, is_raw: bool) -> bool:
    """Raise Rejected for what acts or hides; return whether a picture is named."""
    traces.refuse_malware(text)
    if is_raw and _PASSWORD.search(text):
        raise Rejected(Reason.ENCRYPTED)
    if _HIDES.search(text):
        raise Rejected(Reason.HIDDEN_FILE)
    # A name of three signs is met by chance in what is packed; in what is written it is no chance.
    if _ACTS.search(text) or (not is_raw and _SCRIPT_ENTRY.search(text)):
        raise Rejected(Reason.ACTIVE_PDF)
    return bool(_IMAGES.search(text)) or (not is_raw and bool(_INLINE_IMAGE.search(text)))


def _with_names_undone(text: bytes) -> bytes:
    """Undo `/J#61vaScript`: a name may write any of its letters as a number."""
    if b"#" not in text:
        return text
    return _ESCAPED_NAME.sub(lambda name: _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name.group()), text)


def _streams(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each stream begins, and what stands before it back to the beginning of its object."""
    for found in _STREAM.finditer(content):
        if content[found.start() - 3 : found.start()] == b"end":
            continue
        before = content[max(0, found.start() - 4096) : found.start()]
        header = _with_names_undone(before[max(before.rfind(b" obj"), before.rfind(b"endobj"), 0) :])
        if _OF_OBJECTS.search(header) and (_OLD_FILTERS.search(header) or _PREDICTOR.search(header)):
            raise Rejected(Reason.HIDDEN_FILE)
        yield found.end(), header


def _unpacked(content: bytes, start: int, header: bytes) -> Iterator[bytes]:
    """Yield what a stream unpacks to, in pieces that overlap so that no name is cut in two."""
    source: bytes | memoryview = memoryview(content)[start:]
    letters = _LETTERS.search(header)
    if letters is not None:
        end = content.find(b"endstream", start)
        source = _from_letters(content[start : end if end > 0 else len(content)], letters[1])
        yield bytes(source[:_PIECE])
    unpacker = zlib.decompressobj()
    tail, rest, place = b"", b"", 0
    while not unpacker.eof:
        fresh = bytes(source[place : place + 65_536])
        place += len(fresh)
        packed = rest + fresh
        if not packed:
            return
        try:
            piece = unpacker.decompress(packed, _PIECE)
        except zlib.error:
            return
        rest = unpacker.unconsumed_tail
        if piece:
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _from_letters(text: bytes, how: bytes) -> bytes:
    try:
        if how in (b"ASCII85Decode", b"A85"):
            return base64.a85decode(text.strip().removeprefix(b"<~").split(b"~")[0])
        return bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", text.split(b">")[0]).decode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise Rejected(Reason.HIDDEN_FILE) from error
