"""What a file is, or why it is not taken: one word for each kind and each reason, with the sentence a person reads."""

from enum import StrEnum


class FileKind(StrEnum):
    """The kinds of file that are taken. The kind is read from the bytes, never from the name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "text"
    CSV = "csv"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    EML = "eml"

    @property
    def label(self) -> str:
        """What it is, in words."""
        return _KINDS[self][0]

    @property
    def content_type(self) -> str:
        """The type it is handed out as, whatever its sender called it."""
        return _KINDS[self][1]

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings its name may have; the first one is given to it when it is handed out."""
        return _KINDS[self][2]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS: dict[FileKind, tuple[str, str, tuple[str, ...]]] = {
    FileKind.PDF: ("PDF", "application/pdf", ("pdf",)),
    FileKind.PNG: ("Picture (PNG)", "image/png", ("png",)),
    FileKind.JPEG: ("Picture (JPEG)", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    FileKind.TEXT: ("Plain text", "text/plain; charset=utf-8", ("txt", "text", "log", "md")),
    FileKind.CSV: ("Table (CSV)", "text/csv; charset=utf-8", ("csv", "tsv")),
    FileKind.DOCX: ("Word document", f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    FileKind.XLSX: ("Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    FileKind.ODT: ("OpenDocument text", "application/vnd.oasis.opendocument.text", ("odt",)),
    FileKind.EML: ("E-mail", "message/rfc822", ("eml",)),
}
PICTURES = frozenset({FileKind.PNG, FileKind.JPEG})


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    WRONG_ENDING = "wrong_ending"
    MARKUP = "markup"
    PROGRAM = "program"
    ARCHIVE = "archive"
    OLD_OFFICE = "old_office"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    FETCHES = "fetches"
    ENTITIES = "entities"
    ACTIVE_PDF = "active_pdf"
    HIDDEN_FILE = "hidden_file"
    TRICK_NAMES = "trick_names"
    TWO_KINDS = "two_kinds"
    BOMB = "bomb"
    PIXELS = "pixels"
    BROKEN = "broken"
    MALWARE = "malware"
    IMAGE = "image"

    @property
    def sentence(self) -> str:
        """What is said to whoever sent it: what is wrong, and what to do instead."""
        return _REASONS[self]


_REASONS = {
    Reason.EMPTY: "This file is empty. Choose another one.",
    Reason.TOO_LARGE: "This file is too large.",
    Reason.UNKNOWN_KIND: (
        "Files of this kind are not taken. Save it as PDF, PNG, JPEG, plain text, CSV, Word (.docx), Excel (.xlsx) or "
        "OpenDocument text (.odt)."
    ),
    Reason.WRONG_ENDING: (
        "The name of this file says one thing and its content another. Give it the ending that fits, and look at it "
        "again before you attach it."
    ),
    Reason.MARKUP: "Web pages, drawings and other files that can run scripts are not taken. Save it as PDF.",
    Reason.PROGRAM: "Programs and scripts are not taken.",
    Reason.ARCHIVE: "Archives hide what is in them and are not taken. Unpack it and attach each file by itself.",
    Reason.OLD_OFFICE: "Old Office files can hold programs. Save it as .docx, .xlsx or PDF.",
    Reason.ENCRYPTED: "This file has a password, so nobody can check what is in it. Save it without the password.",
    Reason.MACROS: "This document holds macros. Save it without them, or as PDF.",
    Reason.FETCHES: "This document fetches something from elsewhere when it is opened. Save it as PDF.",
    Reason.ENTITIES: "This document was put together in a way that can read other files. Save it as PDF.",
    Reason.ACTIVE_PDF: "This PDF can run something when it is opened. Print it to a new PDF and attach that.",
    Reason.HIDDEN_FILE: "There is another file inside this one. Attach each file by itself.",
    Reason.TRICK_NAMES: "This file holds names that lead outside it. It is not taken.",
    Reason.TWO_KINDS: "This file is two kinds of file at once. It is not taken.",
    Reason.BOMB: "This file unpacks to far more than it seems to be. It is not taken.",
    Reason.PIXELS: "This picture is too large to be looked at. Make it smaller.",
    Reason.BROKEN: "This file is broken or was cut short. Save it again and choose the new one.",
    Reason.MALWARE: "This file holds malware. It was not kept. Tell whoever looks after the computers.",
    Reason.IMAGE: (
        "There is a picture in this file, and no picture can be held on this case. If it may show a child without "
        "clothes or in a sexual way, do not copy, save, print or send it: keep the device safe, and "
        "ask the Designated Safeguarding Lead or the police what to do."
    ),
}


class Rejected(Exception):
    """A file that is not taken, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
