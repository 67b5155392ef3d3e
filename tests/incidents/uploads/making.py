"""Makes files of every kind, byte by byte: good ones, and the pieces of which bad ones are put together."""

import base64
import io
import struct
import zipfile
import zlib

Entry = tuple[str | zipfile.ZipInfo, bytes]
SCRIPT = b"<script>alert(1)</script>"


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG, with its checksum."""
    return struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))


def png(width: int = 3, height: int = 2, *more: bytes) -> bytes:
    """Return a PNG that says it is so large; its pixels are those of a small one."""
    head = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x40\x80\xc0" * min(width, 9) for _ in range(min(height, 9))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    """Return one segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack("!H", len(body) + 2) + body


def jpeg(*more: bytes, width: int = 4, height: int = 3) -> bytes:
    """Return what has the shape of a JPEG: head, frame, scan, end."""
    frame = struct.pack("!BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56\xff\xd0\x78"
    app = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    return b"\xff\xd8" + app + b"".join(more) + segment(0xC0, frame) + scan + b"\xff\xd9"


def with_place() -> bytes:
    """Return a JPEG whose camera wrote down where it was (EXIF with a GPS directory)."""
    entry = struct.pack("<HHLL", 0x8825, 4, 1, 26)
    gps = struct.pack("<H", 1) + struct.pack("<HHL4s", 1, 2, 2, b"N\0\0\0") + b"\0" * 4
    tiff = b"II*\0" + struct.pack("<LH", 8, 1) + entry + b"\0" * 4 + gps
    return jpeg(segment(0xE1, b"Exif\0\0" + tiff))


def zipped(*entries: Entry, deflate: bool = True) -> bytes:
    """Return a zip file of these entries."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return kept.getvalue()


_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>'
_WORD = b'<?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p>%s</w:p></w:body></w:document>'


def docx(*more: Entry, body: bytes = b"<w:t>Hello</w:t>", types: bytes = b"") -> bytes:
    """Return a Word document with these parts besides."""
    return zipped(("[Content_Types].xml", _TYPES % types), ("word/document.xml", _WORD % body), *more)


def xlsx(*more: Entry, sheet: bytes = b"<c><f>SUM(A1:A2)</f><v>3</v></c>") -> bytes:
    """Return an Excel workbook with these parts besides."""
    book = b'<?xml version="1.0"?><workbook/>'
    sheet = b'<?xml version="1.0"?><worksheet>' + sheet + b"</worksheet>"
    return zipped(
        ("[Content_Types].xml", _TYPES % b""), ("xl/workbook.xml", book), ("xl/worksheets/sheet1.xml", sheet), *more
    )


def odt(*more: Entry, body: bytes = b"<text:p>Hello</text:p>", manifest: bytes = b"") -> bytes:
    """Return an OpenDocument text with these parts besides."""
    return zipped(
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b'<?xml version="1.0"?><office:document-content>' + body + b"</office:document-content>"),
        ("META-INF/manifest.xml", b'<?xml version="1.0"?><manifest:manifest>' + manifest + b"</manifest:manifest>"),
        *more,
    )


def relation(kind: str, target: str) -> Entry:
    """Return a document's link to something outside it."""
    tag = f'<Relationship Id="r1" Type="http://x/{kind}" Target="{target}" TargetMode="External"/>'
    return "word/_rels/document.xml.rels", b'<?xml version="1.0"?><Relationships>' + tag.encode() + b"</Relationships>"


def field(*pieces: str) -> bytes:
    """Return a field of a Word document, its words spread over several pieces."""
    words = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{words}<w:r><w:fldChar w:fldCharType="end"/></w:r>'.encode()


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, after a page with a few words on it."""
    words = stream(b"BT /F1 12 Tf (Hello) Tj ET")
    first = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Contents 4 0 R>>",
        words,
    )
    written = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate((*first, *objects), start=1))
    return b"%PDF-1.7\n" + written + b"trailer <</Root 1 0 R" + trailer + b">>\nstartxref\n0\n%%EOF\n"


def stream(content: bytes, head: bytes = b"", how: str = "flate") -> bytes:
    """Return a stream of a PDF, packed as it is told."""
    packed = {
        "plain": content,
        "flate": zlib.compress(content),
        "letters": base64.a85encode(zlib.compress(content)) + b"~>",
    }
    filters = {"plain": b"", "flate": b"/Filter/FlateDecode", "letters": b"/Filter[/ASCII85Decode/FlateDecode]"}
    return b"<<%s%s/Length %d>>\nstream\n%s\nendstream" % (head, filters[how], len(packed[how]), packed[how])


def objects_in(*objects: bytes, head: bytes = b"", how: str = "flate") -> bytes:
    """Return an object stream: objects that only show once it is unpacked."""
    places = b" ".join(b"%d %d" % (number, 0) for number in range(20, 20 + len(objects)))
    return stream(places + b"\n" + b" ".join(objects), b"/Type/ObjStm/N 1/First 5" + head, how)


def mail(*parts: tuple[str, bytes], text: bytes = b"Hello") -> bytes:
    """Return an e-mail with these files attached, each with its type."""
    head = b"From: a@school.example\r\nTo: b@school.example\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"
    if not parts:
        return head + b"\r\n" + text
    found = [b"Content-Type: text/plain\r\n\r\n" + text]
    for kind, content in parts:
        letters = base64.encodebytes(content).replace(b"\n", b"\r\n")
        found.append(b"Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (kind.encode(), letters))
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in found)
    return head + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + body + b"--x--\r\n"


def link_entry(name: str = "link") -> Entry:
    """Return an entry of a zip file that is a link to a file elsewhere."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry, b"/etc/passwd"


def overlapping(copies: int = 50) -> bytes:
    """Return a zip file in which many names stand for one and the same packed content."""
    content = zipped(("a", b"x" * 100_000))
    end = content.rfind(b"PK\x05\x06")
    start = struct.unpack("<L", content[end + 16 : end + 20])[0]
    one = content[start:end]
    entries = b"".join(one[:-1] + bytes([97 + number % 26]) if number < 26 else b"" for number in range(copies))
    count = min(copies, 26)
    tail = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return content[:start] + entries + tail


def locked_zip(content: bytes) -> bytes:
    """Return a zip file that says that it has a password."""
    found = bytearray(content)
    place = -1
    while (place := found.find(b"PK\x03\x04", place + 1)) >= 0:
        found[place + 6] |= 1
    while (place := found.find(b"PK\x01\x02", place + 1)) >= 0:
        found[place + 8] |= 1
    return bytes(found)


def old_office(*words: str) -> bytes:
    """Return the beginning of a file of Office before 2007, with these words in it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + b"".join(word.encode("utf-16-le") for word in words)


def nested(depth: int) -> bytes:
    """Return zip files in one another."""
    content = b"x" * 1000
    for level in range(depth):
        content = zipped((f"{level}.zip", content))
    return content


def lines(content: bytes, width: int = 76) -> bytes:
    """Return base64 as it stands in letters, in lines."""
    letters = base64.b64encode(content)
    return b"\n".join(letters[place : place + width] for place in range(0, len(letters), width))
