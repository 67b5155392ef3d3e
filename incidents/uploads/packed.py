"""A zip file as a document must be: whole, plain, and no larger than it says. Every entry is read within limits."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from incidents.uploads import traces
from incidents.uploads.verdicts import Reason, Rejected

MOST_ENTRIES = 3_000
MOST_UNPACKED = 120 * 1024 * 1024
_HIGHEST_RATIO = 200
# Small files of spaces pack very well, and harm nobody.
_RATIO_MATTERS_FROM = 4 * 1024 * 1024
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END_LENGTH = 22


class Package:
    """An open zip file whose directory was found to be honest."""

    def __init__(self, content: bytes) -> None:
        _check_edges(content)
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error) as error:
            raise Rejected(Reason.BROKEN) from error
        self.entries = self._file.infolist()
        self.names = [entry.filename for entry in self.entries]
        for entry in self.entries:
            _check_entry(entry)
        self._check_whole(content)

    def _check_whole(self, content: bytes) -> None:
        unpacked, packed = (
            sum(getattr(entry, size) for entry in self.entries) for size in ("file_size", "compress_size")
        )
        too_much = unpacked > MOST_UNPACKED or len(self.entries) > MOST_ENTRIES
        if too_much or (unpacked > _RATIO_MATTERS_FROM and unpacked > packed * _HIGHEST_RATIO):
            raise Rejected(Reason.BOMB)
        folded = {name.lower() for name in self.names}
        if len(folded) != len(self.names):
            raise Rejected(Reason.TRICK_NAMES)
        _check_order(self.entries, content)

    def read(self, name: str) -> bytes:
        """Return one entry, unpacked; nothing where there is none of that name."""
        if name not in self._file.NameToInfo:
            return b""
        try:
            return self._file.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise Rejected(Reason.BROKEN) from error

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        """Yield every entry that is no folder: its name and its content."""
        for entry in self.entries:
            if not entry.is_dir():
                yield entry.filename, self.read(entry.filename)


def refuse_archive(content: bytes) -> None:
    """Raise Rejected for a zip file that is no document: for malware in it where it is found, else as an archive."""
    for _, inner in Package(content):
        traces.refuse_malware(inner)
    raise Rejected(Reason.ARCHIVE)


def _check_edges(content: bytes) -> None:
    """Raise Rejected where something stands before the first entry or behind the directory."""
    end = content.rfind(b"PK\x05\x06")
    if not content.startswith(b"PK\x03\x04") or end < 0:
        raise Rejected(Reason.BROKEN)
    if end + _END_LENGTH != len(content):
        raise Rejected(Reason.TWO_KINDS)
    size, offset = struct.unpack("<LL", content[end + 12 : end + 20])
    if 0xFFFFFFFF not in (size, offset) and size + offset != end:
        raise Rejected(Reason.TWO_KINDS)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if entry.flag_bits & 0x41:
        raise Rejected(Reason.ENCRYPTED)
    parts = name.replace("\\", "/").split("/")
    leads_out = name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name or "\\" in name
    if leads_out or stat.S_ISLNK(entry.external_attr >> 16) or len(name) > 300:
        raise Rejected(Reason.TRICK_NAMES)
    if entry.compress_type not in _PLAIN:
        raise Rejected(Reason.BROKEN)
    if entry.file_size > _RATIO_MATTERS_FROM and entry.file_size > entry.compress_size * _HIGHEST_RATIO:
        raise Rejected(Reason.BOMB)


def _check_order(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    """Raise Rejected where entries overlap: the trick by which a few kilobytes unpack to terabytes."""
    place = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < place:
            raise Rejected(Reason.BOMB)
        names = content[entry.header_offset + 26 : entry.header_offset + 30]
        if len(names) < 4:
            raise Rejected(Reason.BROKEN)
        place = entry.header_offset + 30 + sum(struct.unpack("<HH", names)) + entry.compress_size
    if entries and min(entry.header_offset for entry in entries) != 0:
        raise Rejected(Reason.TWO_KINDS)
