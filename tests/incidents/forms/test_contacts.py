"""The forms about parents: who, when and what was said; or why not, and what follows."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Person, PersonKind
from incidents.care import Way
from incidents.forms.contacts import NotToldForm, ToldForm
from tests.conftest import Cast
from tests.factories import NOW, make_person

TOLD = {
    "told_date": "2026-11-17",
    "told_time": "08:00",
    "way": "phone",
    "teller": "Dora Safe",
    "said": "What happened",
    "heard": "",
    "described": "Mrs Hadley",
}
NOT_TOLD = {"described": "Mrs Hadley", "why_not": "unsafe", "reason": "He hits her.", "then": "final"}


@pytest.fixture
def mother(cast: Cast) -> Person:
    """Return a parent whom the school knows."""
    return make_person(school=cast.school, kind=PersonKind.CONTACT, name="Sara Hadley")


def told(*parents: Person, **changes: Any) -> ToldForm:
    return ToldForm({**TOLD, **changes}, parents=list(parents), teller="Dora Safe", at=NOW)


def not_told(**changes: Any) -> NotToldForm:
    return NotToldForm({**NOT_TOLD, **changes}, parents=[], at=NOW)


def test_a_telling_is_put_together(mother: Person) -> None:
    form = told(mother, parents=[str(mother.pk)])

    assert form.is_valid(), form.errors
    said = form.cleaned_data
    assert (said["home"].parents, said["home"].described) == ([mother], "Mrs Hadley")
    assert (said["telling"].told_at, said["telling"].way) == (NOW - timedelta(minutes=25), Way.PHONE)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("described", " ", "Say who it is."),
        ("told_date", "", "Say on which day."),
        ("told_date", "2026-11-18", "That is in the future. Check the date."),
        ("told_time", "09:00", "That is in the future. Check the day and the time."),
        ("way", "", "Choose how they were told."),
        ("teller", "", "Write down who told them."),
        ("said", "\n", "Write down what they were told."),
    ],
)
def test_what_is_missing_is_said(name: str, value: str, sentence: str) -> None:
    form = told(**{name: value})

    assert not form.is_valid()
    assert sentence in [error for errors in form.errors.values() for error in errors]


def test_only_parents_of_this_pupil_can_be_chosen(cast: Cast, mother: Person) -> None:
    other = make_person(school=cast.school, kind=PersonKind.CONTACT)

    assert told(mother, parents=[str(other.pk)]).errors["parents"] == ["Choose people in the list."]


def test_it_is_looked_at_again_on_a_day_or_decided_for_good() -> None:
    again, final = not_told(then="again", again_date="2026-11-20"), not_told(again_date="2026-11-20")

    assert again.is_valid()
    assert final.is_valid()
    assert str(again.cleaned_data["again_date"]) == "2026-11-20"
    assert final.cleaned_data["again_date"] is None
    assert not_told(then="again").errors["again_date"] == ["Say on which day you look at it again."]
    assert not_told(then="again", again_date="2026-11-01").errors["again_date"] == [
        "That day is over. Choose a later one."
    ]
    assert not_told(reason=" ").errors["reason"] == ["Write down why they are not told. It is kept with the case."]
