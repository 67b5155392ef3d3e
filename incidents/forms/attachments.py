"""The forms with which a file is attached, let through and withdrawn."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from incidents.forms.words import words_field
from incidents.operations.attachments import Sent


class FileForm(forms.Form):
    """One file. What it is, is not decided here."""

    file = forms.FileField(
        label="Attach a file",
        allow_empty_file=True,
        error_messages={
            "required": "Choose a file first.",
            "missing": "Choose a file first.",
            "invalid": "The file did not arrive. Choose it again.",
        },
    )

    def sent(self) -> Sent:
        """Return the file as it came; of one that was too large only how large it was."""
        file: UploadedFile = self.cleaned_data["file"]
        return Sent(name=file.name or "", content=file.read(), size=file.size or 0)


class _OfFileForm(forms.Form):
    """A form that stands on the page once for each file."""

    verb = ""

    def __init__(self, data: Any = None, *, file_id: uuid.UUID) -> None:
        super().__init__(data, prefix=f"{self.verb}-{file_id}")
        self.file_id = file_id


class ReleaseForm(_OfFileForm):
    """Why a file is let through that no scanner has seen."""

    verb = "release"
    reason = words_field(
        "Why it may be opened without a scan",
        required="Write down why this file is let through. It is kept with the case.",
        longest=4000,
        rows=2,
        hint="For example who sent it, and on which computer it will be opened. You answer for it.",
    )


class WithdrawForm(_OfFileForm):
    """Why a file should not be on the case."""

    verb = "withdraw"
    reason = words_field(
        "Why it should not be here",
        required="Write down why this file is withdrawn. It is kept with the case.",
        longest=4000,
        rows=2,
        hint="For example: it belongs to another case. It stays listed, and nobody can open it any more.",
    )
