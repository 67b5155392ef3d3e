"""The forms of a case's files."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from incidents.forms.attachments import FileForm, ReleaseForm, WithdrawForm


def test_a_file_is_handed_on_as_it_came() -> None:
    form = FileForm({}, MultiValueDict({"file": [SimpleUploadedFile("a.txt", b"words", content_type="image/png")]}))

    assert form.is_valid()
    assert (form.sent().name, form.sent().size) == ("a.txt", 5)


def test_an_empty_file_is_for_the_operation_to_refuse() -> None:
    form = FileForm({}, MultiValueDict({"file": [SimpleUploadedFile("a.txt", b"")]}))

    assert form.is_valid()
    assert form.sent().content == b""


def test_no_file_is_said() -> None:
    assert FileForm({}, MultiValueDict()).errors["file"] == ["Choose a file first."]


@pytest.mark.parametrize("form", [ReleaseForm, WithdrawForm])
def test_a_reason_is_asked_for_by_its_own_name(form: type[ReleaseForm | WithdrawForm]) -> None:
    file_id = uuid.uuid4()

    assert form({f"{form.verb}-{file_id}-reason": "Why."}, file_id=file_id).is_valid()
    assert "Write down why" in str(form({"reason": "Why."}, file_id=file_id).errors)
