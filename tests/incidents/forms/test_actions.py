"""The form for something to be done: everything it needs, and only people who may read the case."""

import pytest

from incidents.forms.actions import ActionForm
from tests.conftest import Cast
from tests.factories import NOW


def sent(cast: Cast, **changes: str) -> ActionForm:
    data = {"words": "Ask the form tutor", "assignee": str(cast.deputy.pk), "due_date": "2026-11-20", **changes}
    return ActionForm(data, owners=[cast.dsl, cast.deputy], at=NOW)


def test_who_was_chosen_is_a_user_or_whoever_handles_it(cast: Cast) -> None:
    named, team = sent(cast), sent(cast, assignee="team")

    assert named.is_valid()
    assert team.is_valid()
    assert (named.cleaned_data["assignee"], team.cleaned_data["assignee"]) == (cast.deputy, None)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("words", " ", "Write down what is to be done."),
        ("words", "a\x00b", "There is an invisible character in this text that cannot be kept."),
        ("assignee", "", "Choose who does it."),
        ("due_date", "", "Say by which day."),
        ("due_date", "2026-11-16", "That day is over. Choose a later one."),
    ],
)
def test_what_is_missing_is_said(cast: Cast, name: str, value: str, sentence: str) -> None:
    form = sent(cast, **{name: value})

    assert not form.is_valid()
    assert form.errors[name][0].startswith(sentence)


def test_somebody_who_may_not_read_the_case_cannot_be_chosen(cast: Cast) -> None:
    assert sent(cast, assignee=str(cast.teacher.pk)).errors["assignee"] == ["Choose somebody in the list."]
