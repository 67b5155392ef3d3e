"""What receives files: in memory alone, one, up to the limit, and on a page that says it takes one."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadhandler import SkipFile
from django.http import HttpResponse

from incidents.uploads.memory import MemoryUploadHandler, takes_file


def handler(view: Any) -> MemoryUploadHandler:
    return MemoryUploadHandler(SimpleNamespace(resolver_match=SimpleNamespace(func=view)))


@takes_file
def _taking(request: object) -> HttpResponse:
    return HttpResponse()


def _other(request: object) -> HttpResponse:
    return HttpResponse()


def receive(found: MemoryUploadHandler, *pieces: bytes) -> Any:
    found.new_file("file", "a.txt", "text/plain", None, None, None)
    start = 0
    for piece in pieces:
        found.receive_data_chunk(piece, start)
        start += len(piece)
    return found.file_complete(start)


def test_nothing_else_receives_files(settings: LazySettings) -> None:
    """Django's own handlers write what is large to a disk."""
    assert settings.FILE_UPLOAD_HANDLERS == ["incidents.uploads.memory.MemoryUploadHandler"]


def test_a_file_is_put_together_in_memory() -> None:
    file = receive(handler(_taking), b"one ", b"two")

    assert (file.read(), file.size, file.name) == (b"one two", 7, "a.txt")
    assert not hasattr(file, "temporary_file_path")


def test_of_a_file_past_the_limit_only_its_size_is_kept(settings: LazySettings) -> None:
    settings.FILE_MOST_BYTES = 10

    assert receive(handler(_taking), b"12345", b"67890").read() == b"1234567890"
    large = receive(handler(_taking), b"12345", b"678901", b"2")
    assert (large.read(), large.size) == (b"", 12)


def test_a_second_file_and_a_page_that_takes_none_are_read_past() -> None:
    found = handler(_taking)
    receive(found, b"one")
    for other in (found, handler(_other), MemoryUploadHandler(SimpleNamespace())):
        with pytest.raises(SkipFile):
            other.new_file("file", "a.txt", "text/plain", None, None, None)


def test_an_upload_that_breaks_off_leaves_nothing() -> None:
    found = handler(_taking)
    found.new_file("file", "a.txt", "text/plain", None, None, None)
    found.receive_data_chunk(b"half", 0)
    found.upload_interrupted()

    assert found._content is None
