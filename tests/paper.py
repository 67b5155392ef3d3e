"""What a PDF says, to whoever looks closely: its words, its facts, what is attached, what stands compressed in it."""

import importlib.util
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

_READERS = ("pdftotext", "pdfinfo", "pdfdetach")

needs_pdf = pytest.mark.skipif(
    not all(map(shutil.which, _READERS)) or importlib.util.find_spec("weasyprint") is None,
    reason="Nothing reads PDF files here: apt-get install poppler-utils.",
)


def words(pdf: bytes) -> str:
    """Return the text of a PDF in the order in which it is read."""
    return told_by("pdftotext", "-", "-", given=pdf)


def told_by(*command: str, given: bytes) -> str:
    """Return what a program says about a PDF."""
    return subprocess.run(command, input=given, capture_output=True, timeout=30, check=True).stdout.decode()


def unpacked(pdf: bytes) -> bytes:
    """Return the objects and streams of a PDF as they stand before they were compressed."""
    streams = re.findall(rb"stream\n(x.*?)endstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in streams)


def attached(pdf: bytes, folder: Path) -> list[Path]:
    """Return the files that are attached to a PDF, taken out into a folder."""
    path, out = folder / "document.pdf", folder / "out"
    path.write_bytes(pdf)
    subprocess.run(["pdfdetach", "-saveall", "-o", str(out), str(path)], capture_output=True, check=False)
    return list(out.rglob("*")) if out.is_dir() else []
