"""Word, Excel and OpenDocument files: packages that may hold text and pictures, and nothing that runs or fetches."""

import re

from incidents.uploads import pictures, traces
from incidents.uploads.packed import Package, refuse_archive
from incidents.uploads.verdicts import FileKind, Reason, Rejected

_TYPES = "[Content_Types].xml"
_ODF = {b"application/vnd.oasis.opendocument.text": FileKind.ODT}
_MACRO_PARTS = re.compile(
    r"vba|macrosheets?/|dialogsheets/|activex|customui|^basic/|^scripts/|^dialogs/", re.IGNORECASE
)
_FETCHING_PARTS = re.compile(r"externallinks?/|querytables?/|connections\.xml$|webextensions?/", re.IGNORECASE)
_HIDING_PARTS = re.compile(r"embeddings?/|oleobject|^object ?\d|objectreplacements/|altchunk|afchunk", re.IGNORECASE)
_IMAGE_PARTS = re.compile(
    r"(?:^|/)(?:media|pictures|thumbnails)/.|thumbnail\.|\.(?:png|jpe?g|gif|bmp|emf|wmf|svg|tiff?|webp|heic|avif)$",
    re.IGNORECASE,
)
# Office writes the settings of a printer here; nothing reads them as a program.
_PRINTER = re.compile(r"^(?:xl|word)/printerSettings/printerSettings\d+\.bin$")
_MACRO_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
_OUTSIDE = re.compile(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_SAFE_LINK = re.compile(rb"Target\s*=\s*[\"'](?:https?:|mailto:|tel:|#)", re.IGNORECASE)
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|NOTATION)", re.IGNORECASE)
_FIELD_BEGINS = re.compile(rb"fldCharType\s*=\s*[\"']begin[\"']|<w:fldSimple")
_FIELD_WORDS = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr\s*=\s*[\"']([^\"']*)")
_FIELD_FETCHES = re.compile(
    rb"\s*(?:DDE(?:AUTO)?|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DATABASE|AUTOTEXT\s+http|QUOTE\s+\d)\b", re.IGNORECASE
)
_FORMULA_FETCHES = re.compile(rb"<(?:x:)?f[ >][^<]*?(?:\|[^<]*?!|WEBSERVICE\s*\(|RTD\s*\()", re.IGNORECASE)
_ODF_RUNS = re.compile(
    rb"vnd\.sun\.star\.(?:script|expand)|script:event-listener|[\"']macro:|<script:script", re.IGNORECASE
)
_ODF_FETCHES = re.compile(
    rb"office:dde-source|<(?:draw:image|draw:object|draw:object-ole|draw:plugin|draw:applet|draw:floating-frame"
    rb"|text:section-source|table:table-source|form:form)\b[^>]*xlink:href\s*=\s*[\"'](?!Pictures/|\./Pictures/|#|[\"'])",
    re.IGNORECASE,
)
_UNICODE = (b"\xff\xfe", b"\xfe\xff")


def examine(content: bytes) -> tuple[FileKind, bool]:
    """Return which document a package is and whether it holds a picture; raise Rejected for anything else."""
    package = Package(content)
    kind = _kind(package)
    if kind is None:
        refuse_archive(content)
        raise Rejected(Reason.ARCHIVE)
    _refuse_parts(package)
    holds_images = False
    for name, part in package:
        traces.refuse_malware(part)
        holds_images |= _check_part(name, part, kind)
    return kind, holds_images


def _kind(package: Package) -> FileKind | None:
    first = package.names[0] if package.names else ""
    if first == "mimetype":
        found = package.read(first).strip()
        if found in _ODF and {"content.xml", "META-INF/manifest.xml"} <= set(package.names):
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise Rejected(Reason.ENCRYPTED)
            return _ODF[found]
        return None
    if _TYPES not in package.names:
        return None
    types = package.read(_TYPES)
    if _MACRO_TYPES.search(types):
        raise Rejected(Reason.MACROS)
    for name, kind in (("word/document.xml", FileKind.DOCX), ("xl/workbook.xml", FileKind.XLSX)):
        if name in package.names:
            return kind
    return None


def _refuse_parts(package: Package) -> None:
    for pattern, reason in (
        (_MACRO_PARTS, Reason.MACROS),
        (_FETCHING_PARTS, Reason.FETCHES),
        (_HIDING_PARTS, Reason.HIDDEN_FILE),
    ):
        if any(pattern.search(name) for name in package.names):
            raise Rejected(reason)


def _check_part(name: str, part: bytes, kind: FileKind) -> bool:
    """Raise Rejected where a part may not be; return whether it is or holds a picture."""
    if _PRINTER.match(name):
        return False
    if traces.kind_that_is_refused(part) or part.startswith(b"%PDF-"):
        raise Rejected(Reason.HIDDEN_FILE)
    if part.startswith(pictures.PNG_START):
        pictures.check_png(part)
        return True
    if part.startswith(pictures.JPEG_START):
        pictures.check_jpeg(part)
        return True
    if traces.is_two_kinds(part[:200_000]) and not name.lower().endswith((".xml", ".rels", ".svg")):
        raise Rejected(Reason.TWO_KINDS)
    if name.lower().endswith((".xml", ".rels", ".rdf")) or part.lstrip()[:1] == b"<" or part.startswith(_UNICODE):
        text = _text(part)
        _check_markup(text, kind)
        return bool(_IMAGE_PARTS.search(name)) or traces.holds_image_in_letters(text)
    return bool(_IMAGE_PARTS.search(name)) or traces.is_image(part)


def _text(part: bytes) -> bytes:
    """Return XML in the letters that our patterns are written in."""
    if part.startswith(_UNICODE) or b"\x00" in part[:200]:
        try:
            return part.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise Rejected(Reason.BROKEN) from error
    return part


def _check_markup(text: bytes, kind: FileKind) -> None:
    if _ENTITIES.search(text):
        raise Rejected(Reason.ENTITIES)
    if re.search(rb"<script[\s>]|<foreignObject[\s>]|javascript:", text, re.IGNORECASE):
        raise Rejected(Reason.MACROS)
    if kind is FileKind.ODT:
        if _ODF_RUNS.search(text):
            raise Rejected(Reason.MACROS)
        fetches = _ODF_FETCHES.search(text) is not None
    else:
        outside = [tag.group() for tag in _OUTSIDE.finditer(text)]
        fetches = any(not (_LINK.search(tag) and _SAFE_LINK.search(tag)) for tag in outside)
        fetches = fetches or b"ddeLink" in text or _has_fetching_field(text)
        fetches = fetches or (kind is FileKind.XLSX and _FORMULA_FETCHES.search(text) is not None)
    if fetches:
        raise Rejected(Reason.FETCHES)


def _has_fetching_field(text: bytes) -> bool:
    """Say whether a field of a document fetches something; its words may be spread over many pieces."""
    for field in _FIELD_BEGINS.split(text)[1:]:
        words = b"".join(first or second for first, second in _FIELD_WORDS.findall(field))
        if _FIELD_FETCHES.match(words):
            return True
    return False
