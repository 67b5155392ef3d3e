"""The files of FU-1 (`security.md`), each with its class and the verdict it must get. All are made here."""

import zlib
from dataclasses import dataclass

from incidents.uploads.traces import EICAR
from incidents.uploads.verdicts import FileKind, Reason
from tests.incidents.uploads import making as m

LIMIT = 400_000


@dataclass(frozen=True)
class Sample:
    """One file: its class in the catalogue, what it is called, its bytes and what must be said of it."""

    of: str
    what: str
    name: str
    content: bytes
    verdict: FileKind | Reason

    @property
    def id(self) -> str:
        """What the test is called."""
        return f"{self.of}: {self.what}"


def _class(of: str, *samples: tuple[str, str, bytes, FileKind | Reason]) -> list[Sample]:
    return [Sample(of, *sample) for sample in samples]


_GIF_JS = b"GIF89a/*\x00\x00\x00*/=1;alert(1);//;"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg">%s</svg>'
_DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
_JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"

SAMPLES: list[Sample] = [
    *_class(
        "good",
        ("pdf", "letter.pdf", m.pdf(), FileKind.PDF),
        ("pdf with letters in letters", "letter.pdf", m.pdf(m.stream(b"q Q", how="letters")), FileKind.PDF),
        ("pdf with objects packed", "letter.pdf", m.pdf(m.objects_in(b"<</Type/Font>>")), FileKind.PDF),
        ("png", "screen.png", m.png(), FileKind.PNG),
        ("jpeg", "photo.JPG", m.jpeg(), FileKind.JPEG),
        ("text", "chat.txt", "He wrote: “meet me at 4”.\r\n".encode(), FileKind.TEXT),
        ("text of windows", "chat.txt", "He wrote: “meet me”.".encode("cp1252"), FileKind.TEXT),
        ("text in two bytes", "chat.txt", "He wrote.".encode("utf-16"), FileKind.TEXT),
        ("table", "list.csv", b"name,when\r\nA,today\r\n", FileKind.CSV),
        ("docx", "note.docx", m.docx(), FileKind.DOCX),
        ("docx with a link", "note.docx", m.docx(m.relation("hyperlink", "https://x.example/")), FileKind.DOCX),
        ("xlsx", "list.xlsx", m.xlsx(), FileKind.XLSX),
        ("odt", "note.odt", m.odt(), FileKind.ODT),
        ("mail", "mail.eml", m.mail(), FileKind.EML),
        ("mail with a pdf", "mail.eml", m.mail(("application/pdf", m.pdf())), FileKind.EML),
        ("no ending", "chat", b"He wrote.", FileKind.TEXT),
    ),
    *_class(
        "01 EICAR",
        ("plain", "e.txt", EICAR, Reason.MALWARE),
        ("behind words", "e.txt", b"Hello " + EICAR, Reason.MALWARE),
        ("zipped", "e.zip", m.zipped(("e.com", EICAR)), Reason.MALWARE),
        ("in docx", "e.docx", m.docx(("word/e.bin", EICAR)), Reason.MALWARE),
        ("in pdf", "e.pdf", m.pdf(m.stream(EICAR)), Reason.MALWARE),
        ("in mail", "e.eml", m.mail(("text/plain", EICAR)), Reason.MALWARE),
    ),
    *_class(
        "02 GIF and JavaScript",
        ("as gif", "a.gif", _GIF_JS, Reason.UNKNOWN_KIND),
        ("as jpg", "a.jpg", _GIF_JS, Reason.UNKNOWN_KIND),
    ),
    *_class(
        "03 PDF and HTML",
        ("html before", "a.pdf", b"<html>" + m.pdf(), Reason.UNKNOWN_KIND),
        ("html inside", "a.pdf", m.pdf(b"<html><script>1</script>"), Reason.TWO_KINDS),
        ("html behind", "a.html", m.pdf() + b"<script >1</script>", Reason.TWO_KINDS),
        ("words behind", "a.pdf", m.pdf() + b"more", Reason.TWO_KINDS),
    ),
    *_class(
        "04 JPEG and PHP",
        ("in a comment", "a.jpg", m.jpeg(m.segment(0xFE, b"<?php system($_GET[0]);")), Reason.TWO_KINDS),
        ("behind", "a.jpg", m.jpeg() + b"<?php ?>", Reason.TWO_KINDS),
        ("png with php", "a.png", m.png(3, 2, m.chunk(b"tEXt", b"a\0<?php 1;")), Reason.TWO_KINDS),
    ),
    *_class(
        "05 PDF and ZIP",
        ("zip behind", "a.pdf", m.pdf() + m.zipped(("a", b"b")), Reason.TWO_KINDS),
        ("pdf before a document", "a.docx", b"%PDF-1.4\n" + m.docx(), Reason.TWO_KINDS),
        ("jpeg before a zip", "a.jpg", m.jpeg() + m.zipped(("a", b"b")), Reason.TWO_KINDS),
        ("docx with a tail", "a.docx", m.docx() + b"%PDF-", Reason.TWO_KINDS),
        ("png with a tail", "a.png", m.png() + b"tail", Reason.TWO_KINDS),
        ("jpeg with a film behind", "a.jpg", m.jpeg() + b"\0\0\0\x18ftypmp42" + b"\0" * 20, Reason.TWO_KINDS),
    ),
    *_class(
        "06 SVG",
        ("script", "a.svg", _SVG % m.SCRIPT, Reason.MARKUP),
        ("foreignObject", "a.svg", _SVG % b"<foreignObject><body/></foreignObject>", Reason.MARKUP),
        ("external", "a.svg", _SVG % b'<image href="http://169.254.169.254/"/>', Reason.MARKUP),
        ("as png", "a.png", b'<?xml version="1.0"?>' + _SVG % b"", Reason.MARKUP),
        ("in docx", "a.docx", m.docx(("word/media/a.svg", _SVG % m.SCRIPT)), Reason.MACROS),
    ),
    *_class(
        "07 HTML as a picture",
        ("jpg", "a.jpg", b"<html><body>hello</body></html>", Reason.MARKUP),
        ("after spaces", "a.txt", b"\n\n  <!DOCTYPE html><p>", Reason.MARKUP),
        ("script in words", "a.txt", b"Hello " + m.SCRIPT, Reason.MARKUP),
        ("xml", "a.txt", b'<?xml version="1.0"?><a/>', Reason.MARKUP),
    ),
    *_class(
        "08 macros",
        ("vbaProject", "a.docm", m.docx(("word/vbaProject.bin", m.old_office())), Reason.MACROS),
        ("as docx", "a.docx", m.docx(("word/vbaProject.bin", m.old_office())), Reason.MACROS),
        ("by type", "a.docx", m.docx(types=b'<Override ContentType="x.macroEnabled.main+xml"/>'), Reason.MACROS),
        ("activeX", "a.docx", m.docx(("word/activeX/activeX1.xml", b"<a/>")), Reason.MACROS),
        ("macro sheet", "a.xlsx", m.xlsx(("xl/macrosheets/sheet1.xml", b"<a/>")), Reason.MACROS),
        ("basic", "a.odt", m.odt(("Basic/Standard/Module1.xml", b"<a/>")), Reason.MACROS),
        ("event", "a.odt", m.odt(body=b"<script:event-listener/>"), Reason.MACROS),
        ("old Office", "a.doc", m.old_office(), Reason.OLD_OFFICE),
    ),
    *_class(
        "09 what documents fetch",
        ("template", "a.docx", m.docx(m.relation("attachedTemplate", "http://x/a.dotm")), Reason.FETCHES),
        ("picture", "a.docx", m.docx(m.relation("image", "file://x/a.png")), Reason.FETCHES),
        ("frame", "a.docx", m.docx(m.relation("frame", "http://x/")), Reason.FETCHES),
        ("link to a file", "a.docx", m.docx(m.relation("hyperlink", "file:///c:/a.exe")), Reason.FETCHES),
        ("DDE", "a.docx", m.docx(body=m.field("DDEAUTO c:\\\\x.exe")), Reason.FETCHES),
        ("DDE in pieces", "a.docx", m.docx(body=m.field(" DD", "EAU", "TO x")), Reason.FETCHES),
        ("include", "a.docx", m.docx(body=m.field("INCLUDEPICTURE http://x/a.png")), Reason.FETCHES),
        ("formula", "a.xlsx", m.xlsx(sheet=b"<c><f>cmd|'/c calc'!A0</f></c>"), Reason.FETCHES),
        ("web service", "a.xlsx", m.xlsx(sheet=b"<c><f>WEBSERVICE(A1)</f></c>"), Reason.FETCHES),
        ("other workbook", "a.xlsx", m.xlsx(("xl/externalLinks/externalLink1.xml", b"<a/>")), Reason.FETCHES),
        ("odt picture", "a.odt", m.odt(body=b'<draw:image xlink:href="http://x/a.png"/>'), Reason.FETCHES),
    ),
    *_class(
        "10 PDF that acts",
        ("JavaScript", "a.pdf", m.pdf(_JS), Reason.ACTIVE_PDF),
        ("written otherwise", "a.pdf", m.pdf(b"<</S/J#61vaScr#69pt/J#53(1)>>"), Reason.ACTIVE_PDF),
        ("launch", "a.pdf", m.pdf(b"<</S/Launch/F(cmd.exe)>>"), Reason.ACTIVE_PDF),
        ("in packed objects", "a.pdf", m.pdf(m.objects_in(_JS)), Reason.ACTIVE_PDF),
        ("in letters", "a.pdf", m.pdf(m.objects_in(_JS, how="letters")), Reason.ACTIVE_PDF),
        ("escaped and packed", "a.pdf", m.pdf(m.objects_in(b"<</S/#4caunch>>")), Reason.ACTIVE_PDF),
        ("script without its kind", "a.pdf", m.pdf(m.objects_in(b"<</JS(1)>>")), Reason.ACTIVE_PDF),
        ("form that sends", "a.pdf", m.pdf(b"<</S/SubmitForm/F(http://x)>>"), Reason.ACTIVE_PDF),
        ("film", "a.pdf", m.pdf(b"<</Subtype/RichMedia>>"), Reason.ACTIVE_PDF),
        ("embedded", "a.pdf", m.pdf(b"<</Names<</EmbeddedFiles 9 0 R>>>>"), Reason.HIDDEN_FILE),
        ("embedded and packed", "a.pdf", m.pdf(m.objects_in(b"<</EF<</F 9 0 R>>>>")), Reason.HIDDEN_FILE),
        (
            "packed in an old way",
            "a.pdf",
            m.pdf(m.objects_in(b"", head=b"/Filter/LZWDecode", how="plain")),
            Reason.HIDDEN_FILE,
        ),
        ("shifted", "a.pdf", m.pdf(m.objects_in(b"", head=b"/DecodeParms<</Predictor 12>>")), Reason.HIDDEN_FILE),
        ("password", "a.pdf", m.pdf(trailer=b"/Encrypt 9 0 R"), Reason.ENCRYPTED),
        ("cut short", "a.pdf", m.pdf()[:-30], Reason.BROKEN),
    ),
    *_class(
        "11 XXE",
        ("docx", "a.docx", m.docx(("word/settings.xml", _DTD)), Reason.ENTITIES),
        ("docx in two bytes", "a.docx", m.docx(("word/a.xml", _DTD.decode().encode("utf-16"))), Reason.ENTITIES),
        ("odt", "a.odt", m.odt(("styles.xml", _DTD)), Reason.ENTITIES),
        ("svg", "a.svg", _DTD, Reason.MARKUP),
    ),
    *_class(
        "12 bombs",
        ("one entry", "a.docx", m.docx(("word/a.xml", b" " * 30_000_000)), Reason.BOMB),
        ("many entries", "a.docx", m.docx(*((f"word/{n}.xml", b"") for n in range(3100))), Reason.BOMB),
        ("nested", "a.zip", m.nested(6), Reason.ARCHIVE),
        ("nested in docx", "a.docx", m.docx(("word/a.dat", m.nested(3))), Reason.HIDDEN_FILE),
        ("overlapping", "a.zip", m.overlapping(), Reason.BOMB),
        ("pdf", "a.pdf", m.pdf(m.stream(b"\0" * 300_000_000)), Reason.BOMB),
        ("mail", "a.eml", m.mail(*[("text/plain", b"a")] * 250), Reason.BOMB),
    ),
    *_class(
        "13 names that lead out",
        ("up", "a.docx", m.docx(("../../etc/cron.d/x", b"x")), Reason.TRICK_NAMES),
        ("absolute", "a.docx", m.docx(("/etc/passwd", b"x")), Reason.TRICK_NAMES),
        ("windows", "a.docx", m.docx(("word\\..\\..\\x", b"x")), Reason.TRICK_NAMES),
        ("drive", "a.docx", m.docx(("c:x", b"x")), Reason.TRICK_NAMES),
        ("twice", "a.docx", m.docx(("WORD/document.xml", b"x")), Reason.TRICK_NAMES),
    ),
    *_class("14 links", ("symlink", "a.docx", m.docx(m.link_entry("word/a")), Reason.TRICK_NAMES)),
    *_class(
        "15 pixels",
        ("png", "a.png", m.png(50_000, 50_000), Reason.PIXELS),
        ("long", "a.png", m.png(40_000, 1), Reason.PIXELS),
        ("jpeg", "a.jpg", m.jpeg(width=60_000, height=60_000), Reason.PIXELS),
        ("in docx", "a.docx", m.docx(("word/media/a.png", m.png(50_000, 50_000))), Reason.PIXELS),
        ("no size", "a.png", m.png(0, 3), Reason.BROKEN),
    ),
    *_class(
        "16 other pictures",
        ("tiff", "a.tif", b"II*\0" + b"\x08\0\0\0\xff\xff" * 20, Reason.UNKNOWN_KIND),
        ("tiff as jpg", "a.jpg", b"MM\0*" + b"\xff" * 50, Reason.UNKNOWN_KIND),
        ("heic", "a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\xff" * 40, Reason.UNKNOWN_KIND),
        ("broken png", "a.png", m.png()[:-20], Reason.BROKEN),
        ("png with a wrong sum", "a.png", m.png().replace(b"\x08\x02\0\0\0", b"\x08\x02\0\0\1"), Reason.BROKEN),
        ("broken jpeg", "a.jpg", m.jpeg()[:-4], Reason.BROKEN),
        ("jpeg without a frame", "a.jpg", b"\xff\xd8\xff\xd9", Reason.BROKEN),
    ),
    *_class("17 nothing", ("empty", "a.txt", b"", Reason.EMPTY)),
    *_class(
        "18 the limit",
        ("one below", "a.txt", b"a" * (LIMIT - 1), FileKind.TEXT),
        ("at it", "a.txt", b"a" * LIMIT, FileKind.TEXT),
        ("one above", "a.txt", b"a" * (LIMIT + 1), Reason.TOO_LARGE),
    ),
    *_class(
        "19 names",
        ("long", f"{'a' * 100_000}.txt", b"a", FileKind.TEXT),
        ("nul", "a\0.exe.txt", b"a", FileKind.TEXT),
        ("up", "../../etc/passwd.txt", b"a", FileKind.TEXT),
        ("device", "con.txt", b"a", FileKind.TEXT),
        ("backwards", "invoice\u202etxt.exe", b"a", Reason.WRONG_ENDING),
        ("unicode slash", "a\u2215b\u2044c.txt", b"a", FileKind.TEXT),
    ),
    *_class(
        "20 endings",
        ("picture as a program", "photo.jpg.exe", m.jpeg(), Reason.WRONG_ENDING),
        ("text as a script", "a.txt.js", b"hello", Reason.WRONG_ENDING),
        ("text as a batch", "a.bat", b"del *", Reason.WRONG_ENDING),
        ("pdf as text", "a.txt", m.pdf(), Reason.WRONG_ENDING),
        ("document as pdf", "a.pdf", m.docx(), Reason.WRONG_ENDING),
        ("png called jpg", "a.jpg", m.png(), FileKind.PNG),
    ),
    *_class("21 wrong type", ("a program as text", "a.txt", b"MZ\x90\0" + b"\0" * 60, Reason.PROGRAM)),
    *_class("24 EXIF", ("with a place", "photo.jpg", m.with_place(), FileKind.JPEG)),
    *_class(
        "25 passwords",
        ("zip", "a.zip", m.locked_zip(m.zipped(("a", b"b"))), Reason.ENCRYPTED),
        ("docx", "a.docx", m.old_office("EncryptedPackage"), Reason.ENCRYPTED),
        ("odt", "a.odt", m.odt(manifest=b"<manifest:encryption-data/>"), Reason.ENCRYPTED),
    ),
    *_class(
        "26 films and other kinds",
        ("fake mp4", "a.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 50, Reason.UNKNOWN_KIND),
        ("mp4 as pdf", "a.pdf", b"\0\0\0\x20ftypisom" + b"\0" * 50, Reason.UNKNOWN_KIND),
        ("elf", "a", b"\x7fELF\x02\x01", Reason.PROGRAM),
        ("shell", "a.txt", b"#!/bin/sh\nrm -rf /", Reason.PROGRAM),
        ("rar", "a.rar", b"Rar!\x1a\x07\x01\0", Reason.ARCHIVE),
        ("gzip", "a.gz", b"\x1f\x8b\x08" + zlib.compress(b"a"), Reason.ARCHIVE),
        ("7z", "a.7z", b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
        ("tar", "a.tar", b"a" * 257 + b"ustar\0" + b"\0" * 300, Reason.ARCHIVE),
        ("plain zip", "a.zip", m.zipped(("a.txt", b"b")), Reason.ARCHIVE),
        (
            "presentation",
            "a.pptx",
            m.zipped(("[Content_Types].xml", b"<a/>"), ("ppt/presentation.xml", b"<a/>")),
            Reason.ARCHIVE,
        ),
        ("noise", "a.txt", bytes(range(256)) * 4, Reason.UNKNOWN_KIND),
        ("embedded", "a.docx", m.docx(("word/embeddings/a.docx", m.docx())), Reason.HIDDEN_FILE),
        ("a pdf in a docx", "a.docx", m.docx(("word/a.dat", m.pdf())), Reason.HIDDEN_FILE),
        ("a zip in a mail", "a.eml", m.mail(("application/zip", m.zipped(("a", b"b")))), Reason.ARCHIVE),
        ("a script in a mail", "a.eml", m.mail(("text/javascript", m.SCRIPT)), Reason.MARKUP),
    ),
]

_LETTERS = m.lines(m.jpeg(m.segment(0xFE, b"x" * 300)))
# Each holds a picture, however it is wrapped: refused where a case may hold none, whatever else it is.
PICTURES: list[Sample] = _class(
    "pictures inside",
    ("png", "a.png", m.png(), Reason.IMAGE),
    ("jpeg", "a.jpg", m.jpeg(), Reason.IMAGE),
    ("jpeg with a place", "a.jpg", m.with_place(), Reason.IMAGE),
    ("png as text", "a.txt", m.png(), Reason.IMAGE),
    ("gif", "a.gif", _GIF_JS, Reason.IMAGE),
    ("heic", "a.heic", b"\0\0\0\x18ftypheic", Reason.IMAGE),
    ("webp", "a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", Reason.IMAGE),
    ("tiff", "a.tif", b"II*\0\x08\0\0\0", Reason.IMAGE),
    ("bitmap", "a.bmp", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + b"\0" * 40, Reason.IMAGE),
    ("film", "a.mp4", b"\0\0\0\x20ftypisom", Reason.IMAGE),
    ("svg", "a.svg", _SVG % b'<image href="data:image/png;base64,AAAA"/>', Reason.IMAGE),
    ("docx", "a.docx", m.docx(("word/media/image1.png", m.png())), Reason.IMAGE),
    ("docx under another name", "a.docx", m.docx(("word/theme/data.xml", m.jpeg())), Reason.IMAGE),
    ("docx with an unknown kind", "a.docx", m.docx(("word/media/image1.wdp", b"II\xbc\x01")), Reason.IMAGE),
    ("docx in letters", "a.docx", m.docx(body=b"<w:t>" + _LETTERS + b"</w:t>"), Reason.IMAGE),
    ("xlsx", "a.xlsx", m.xlsx(("xl/media/image1.jpeg", m.jpeg())), Reason.IMAGE),
    ("odt", "a.odt", m.odt(("Pictures/1.png", m.png())), Reason.IMAGE),
    ("odt thumbnail", "a.odt", m.odt(("Thumbnails/thumbnail.png", m.png())), Reason.IMAGE),
    (
        "pdf",
        "a.pdf",
        m.pdf(m.stream(m.jpeg(), b"/Subtype/Image/Width 4/Height 3/Filter/DCTDecode", "plain")),
        Reason.IMAGE,
    ),
    ("pdf of pixels", "a.pdf", m.pdf(m.stream(b"\0" * 36, b"/Subtype/Image/Width 4/Height 3")), Reason.IMAGE),
    ("pdf, escaped", "a.pdf", m.pdf(m.stream(b"\0" * 36, b"/Subtype/#49mage/W#69dth 4")), Reason.IMAGE),
    ("pdf, in the page", "a.pdf", m.pdf(m.stream(b"q BI /W 4 /H 3 ID abc EI Q")), Reason.IMAGE),
    ("base64", "a.txt", _LETTERS, Reason.IMAGE),
    ("base64 in words", "a.txt", b"Look:\n\n" + _LETTERS + b"\n\nBye", Reason.IMAGE),
    ("base64 of a png", "a.csv", b"name,picture\nA," + m.lines(m.png(), 5000), Reason.IMAGE),
    ("base64 in short lines", "a.txt", m.lines(m.png(), 9), Reason.IMAGE),
    ("data address", "a.txt", b"data:image/jpeg;base64,AAAA", Reason.IMAGE),
    ("hexadecimal", "a.txt", m.png().hex().encode(), Reason.IMAGE),
    ("uuencoded", "a.txt", b"begin 644 a.jpg\nM_]C_X``02D9)\n`\nend\n", Reason.IMAGE),
    ("mail", "a.eml", m.mail(("image/jpeg", m.jpeg())), Reason.IMAGE),
    ("mail, called text", "a.eml", m.mail(("text/plain", m.png())), Reason.IMAGE),
    ("mail with a docx", "a.eml", m.mail(("application/x", m.docx(("word/media/a.png", m.png())))), Reason.IMAGE),
    ("mail with its letters", "a.eml", m.mail(text=_LETTERS), Reason.IMAGE),
    ("two bytes for a letter", "a.txt", (b"Look: " + _LETTERS).decode().encode("utf-16"), Reason.IMAGE),
)
# What holds none is taken on such a case too; what is refused anyway is refused by its own sentence.
WITHOUT = [sample for sample in SAMPLES if sample.of == "good" and sample.what not in ("png", "jpeg")]
