"""The form for a decision on a sanction: one is named, or none, and always why."""

import uuid
from typing import Any

import pytest

from incidents.forms.sanctions import SanctionForm
from incidents.models import InvolvedPerson
from tests.factories import NOW

PUPIL = InvolvedPerson(pk=uuid.UUID(int=1), description="A boy in Year 6", part="alleged")
SAID = {
    "pupil": str(PUPIL.pk),
    "decision": "some",
    "what": "Two days without the phone",
    "reason": "He knew.",
    "decided_by": "Hetty Head",
    "decided_on": "2026-11-16",
}


def sent(**changes: Any) -> SanctionForm:
    return SanctionForm({**SAID, **changes}, pupils=[PUPIL], decided_by="Dora Safe", at=NOW)


def test_a_decision_is_put_together() -> None:
    form = sent()

    assert form.is_valid(), form.errors
    assert form.cleaned_data["pupil"] is PUPIL
    assert form.cleaned_data["ruling"].what == "Two days without the phone"


def test_no_sanction_names_none_whatever_stands_in_the_box() -> None:
    form = sent(decision="none")

    assert form.is_valid()
    assert form.cleaned_data["ruling"].what == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pupil", "", "Choose a pupil."),
        ("pupil", str(uuid.UUID(int=2)), "Choose a pupil in the list."),
        ("decision", "", "Choose what was decided."),
        ("what", " ", "Write down which sanction it is."),
        ("reason", "", "Write down why. A decision for no sanction has a reason too."),
        ("decided_by", "", "Write down who decided it."),
        ("decided_on", "2026-11-18", "That is in the future. Check the date."),
    ],
)
def test_what_is_missing_is_said(name: str, value: str, sentence: str) -> None:
    assert sent(**{name: value}).errors[name] == [sentence]
