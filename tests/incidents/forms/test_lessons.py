"""The forms with which a school looks back: three questions, a debrief, and a lesson with somebody to follow it up."""

from typing import Any

import pytest

from incidents.care import LessonKind
from incidents.forms.lessons import DebriefForm, HandlingForm, LessonForm
from tests.conftest import Cast
from tests.factories import NOW

LOOK = {"held_on": "2026-11-16", "took_part": "All of us", "came_of_it": "Ring home at once."}
REVIEW = {**LOOK, "went_well": "She was heard.", "was_late": "Nothing."}


def lesson(cast: Cast, **changes: Any) -> LessonForm:
    data = {"kind": "policy", "words": "Ring home", "assignee": "team", "due_date": "2026-11-20", **changes}
    return LessonForm(data, owners=[cast.dsl], at=NOW)


def test_a_review_and_a_debrief_are_put_together() -> None:
    review, debrief = HandlingForm(REVIEW, at=NOW), DebriefForm(LOOK, at=NOW)

    assert review.is_valid(), review.errors
    assert debrief.is_valid(), debrief.errors
    assert review.cleaned_data["account"].was_late == "Nothing."
    assert debrief.cleaned_data["account"].came_of_it == "Ring home at once."


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("held_on", "2026-11-18", "That is in the future. Check the date."),
        ("took_part", " ", "Write down who took part."),
        ("went_well", "", "Write down what went well, even if it is little."),
        ("was_late", "", "Write down what was late or was missed. If nothing was, say so."),
        ("came_of_it", "", "Write down what you change. If nothing, say why."),
    ],
)
def test_each_question_is_answered(name: str, value: str, sentence: str) -> None:
    assert HandlingForm({**REVIEW, name: value}, at=NOW).errors[name] == [sentence]


def test_a_lesson_changes_something_and_somebody_follows_it_up(cast: Cast) -> None:
    form = lesson(cast, assignee=str(cast.dsl.pk))

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["kind"], form.cleaned_data["assignee"]) == (LessonKind.POLICY, cast.dsl)
    assert lesson(cast, kind="").errors["kind"] == ["Choose what it changes."]
    assert lesson(cast, words=" ").errors["words"] == ["Write down what will be different."]
    assert lesson(cast, assignee=str(cast.teacher.pk)).errors["assignee"] == ["Choose somebody in the list."]
    assert lesson(cast, due_date="2026-11-16").errors["due_date"] == ["That day is over. Choose a later one."]
