"""The forms of the case page: each says what is missing, and keeps words as they were typed."""

import pytest
from django import forms

from accounts.models import User
from incidents.forms.workflow import (
    AnswerForm,
    CloseForm,
    LevelForm,
    NoteForm,
    OwnerForm,
    QuestionForm,
    ReasonForm,
)

OWNER = User(full_name="Dora Safe", email="dora@school.example")
WORDS = "  Spoke to them.\r\n\tTwice. \u202eabc\u202c 👩\u200d👧 e\u0301 "


def complaints(form: forms.Form) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("kind", "name", "rest", "sentence"),
    [
        (NoteForm, "text", {}, "Write the note before you add it."),
        (QuestionForm, "text", {}, "Write the question before you send it."),
        (AnswerForm, "text", {}, "Write the answer before you send it."),
        (ReasonForm, "reason", {}, "Write down the reason. It is kept with the case."),
        (CloseForm, "reason", {"outcome": "resolved"}, "Write down the reason. It is kept with the case."),
        (LevelForm, "reason", {"level": "1"}, "Write down why the level changes. It is kept with the case."),
    ],
)
def test_words_are_asked_for_and_kept(kind: type[forms.Form], name: str, rest: dict[str, str], sentence: str) -> None:
    for nothing in ("", " \r\n\t\u2003"):
        assert complaints(kind({**rest, name: nothing})) == {name: [sentence]}
    form = kind({**rest, name: WORDS})
    assert form.is_valid()
    assert form.cleaned_data[name] == WORDS
    assert list(complaints(kind({**rest, name: "a\x00"}))) == [name]
    assert "too long" in complaints(kind({**rest, name: "a" * 50_001}))[name][0]


@pytest.mark.parametrize("outcome", ["", "forgotten", "\x00"])
def test_closing_asks_how_it_ended(outcome: str) -> None:
    assert complaints(CloseForm({"outcome": outcome, "reason": "Done."})) == {"outcome": ["Choose how the case ended."]}


@pytest.mark.parametrize("level", ["", "4", "-1", "danger", "²"])
def test_only_the_four_levels_can_be_chosen(level: str) -> None:
    assert complaints(LevelForm({"level": level, "reason": "It got worse."})) == {"level": ["Choose a level."]}


def test_only_somebody_on_the_list_can_be_made_the_owner() -> None:
    assert complaints(OwnerForm({"owner": ""}, owners=[OWNER])) == {"owner": ["Choose an owner."]}
    assert complaints(OwnerForm({"owner": str(User().pk)}, owners=[OWNER])) == {
        "owner": ["Choose an owner from the list."]
    }
    chosen = OwnerForm({"owner": str(OWNER.pk)}, owners=[OWNER])
    assert chosen.is_valid()
    assert chosen.cleaned_data["owner"] == OWNER
