"""The forms of plans: what each kind asks, and a day of review that is still to come."""

from datetime import date
from typing import Any

import pytest

from incidents.care import Likelihood, PlanKind
from incidents.forms.plans import PlanForm, ReviewForm
from incidents.models import PlanVersion
from tests.factories import NOW

SAID = {"pupil": "everybody", "worries": "The bus", "measures": "Walk along", "wishes": "", "review_on": "2026-11-20"}


def sent(kind: PlanKind = PlanKind.SUPPORT, **changes: Any) -> PlanForm:
    return PlanForm({**SAID, **changes}, kind=kind, pupils=[], at=NOW)


def test_a_plan_is_put_together() -> None:
    form = sent()

    assert form.is_valid(), form.errors
    text = form.cleaned_data["plan_text"]
    assert (text.worries, text.measures, text.review_on, text.likelihood) == (
        "The bus",
        "Walk along",
        date(2026, 11, 20),
        None,
    )
    assert form.cleaned_data["pupil"] is None


def test_a_risk_assessment_says_how_likely_it_is() -> None:
    assert sent(PlanKind.RISK).errors["likelihood"] == ["Say how likely it is."]
    form = sent(PlanKind.RISK, likelihood="likely")
    assert form.is_valid()
    assert form.cleaned_data["plan_text"].likelihood is Likelihood.LIKELY


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pupil", "", "Choose who it is for."),
        ("pupil", "nobody", "Choose somebody in the list."),
        ("worries", " ", "Write down what it is about."),
        ("measures", "", "Write down what is done, and who does it."),
        ("review_on", "", "Say on which day it is looked at again."),
        ("review_on", "2026-11-16", "That day is over. Choose a later one."),
    ],
)
def test_what_is_missing_is_said(name: str, value: str, sentence: str) -> None:
    assert sent(**{name: value}).errors[name] == [sentence]


def test_a_review_begins_with_the_words_of_the_last_version() -> None:
    latest = PlanVersion(number=3, worries="The bus", likelihood="possible", measures="Walk along", wishes=None)

    form = ReviewForm(kind=PlanKind.RISK, latest=latest, at=NOW)

    assert [form[name].value() for name in ("after", "worries", "likelihood", "measures")] == [
        3,
        "The bus",
        "possible",
        "Walk along",
    ]
    assert form["review_on"].value() is None
