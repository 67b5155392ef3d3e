"""The only upload handler there is: what is sent stays in memory, and only a page that takes files gets any."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


def takes_file(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a page that takes one file. On every other page a file is read to its end and kept nowhere."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


class MemoryUploadHandler(FileUploadHandler):
    """Keeps one file in memory, up to the limit; of a larger one, how large it was."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._content: io.BytesIO | None = None
        self._files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        match = getattr(self.request, "resolver_match", None)
        self._files += 1
        if self._files > 1 or not getattr(getattr(match, "func", None), "takes_file", False):
            raise SkipFile
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._content is not None and start + len(raw_data) <= settings.FILE_MOST_BYTES:
            self._content.write(raw_data)
        else:
            self._content = None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        content = self._content or io.BytesIO()
        content.seek(0)
        return InMemoryUploadedFile(
            file=content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        self._content = None
