"""The forms with which a plan is written, reviewed and ended."""

import uuid
from datetime import datetime
from typing import Any

from django import forms

from incidents.care import Likelihood, PlanKind
from incidents.forms.days import check_ahead, day_field
from incidents.forms.words import words_field
from incidents.models import InvolvedPerson, PlanVersion
from incidents.operations.plans import PlanText

EVERYBODY = "everybody"
# What the same boxes ask for, by what the plan is for: the worries, what is done, what the child wants.
_QUESTIONS = {
    PlanKind.SUPPORT: (
        "What worries us?",
        "What do we do, and who does it?",
        "What does the child want?",
    ),
    PlanKind.SAFETY: (
        "What could put the child at risk, and where?",
        "What keeps the child safe, and who does it?",
        "What does the child want, and whom do they turn to?",
    ),
    PlanKind.RISK: (
        "What is the risk, and to whom?",
        "What makes it less likely or less bad, who does it, and from when?",
        "What does the child say about it?",
    ),
}


def questions_of(kind: PlanKind) -> tuple[str, str, str]:
    """Return what a plan of this kind asks."""
    return _QUESTIONS[kind]


class _PlanTextForm(forms.Form):
    """What a version of a plan says."""

    worries = words_field("What worries us?", required="Write down what it is about.", rows=4)
    likelihood = forms.ChoiceField(
        label="How likely is it?",
        choices=[(one.value, one.label) for one in Likelihood],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how likely it is."},
    )
    measures = words_field(
        "What do we do, and who does it?", required="Write down what is done, and who does it.", rows=5
    )
    wishes = words_field("What does the child want?", rows=3, hint="In the child's own words where you can.")
    review_on = day_field("When is it looked at again?", required="Say on which day it is looked at again.")

    def __init__(self, *args: Any, kind: PlanKind, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        for name, question in zip(("worries", "measures", "wishes"), _QUESTIONS[kind], strict=True):
            self.fields[name].label = question
        if kind is not PlanKind.RISK:
            del self.fields["likelihood"]

    def clean(self) -> dict[str, Any]:
        """Put the words together; the day of the review is still to come."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "review_on", at=self.at)
        if not self.errors:
            likelihood = cleaned.get("likelihood")
            cleaned["plan_text"] = PlanText(
                worries=cleaned["worries"],
                measures=cleaned["measures"],
                review_on=cleaned["review_on"],
                wishes=cleaned["wishes"],
                likelihood=Likelihood(likelihood) if likelihood else None,
            )
        return cleaned


class PlanForm(_PlanTextForm):
    """A new plan: for whom, and what it says."""

    plan_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    pupil = forms.ChoiceField(
        label="Who is it for?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who it is for.", "invalid_choice": "Choose somebody in the list."},
    )

    field_order = ("plan_id", "pupil")

    def __init__(self, *args: Any, pupils: list[InvolvedPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils = {str(row.pk): row for row in pupils}
        self.fields["plan_id"].initial = uuid.uuid4
        field = self.fields["pupil"]
        if isinstance(field, forms.ChoiceField):
            named = [(pk, f"{row.name}, {row.detail}") for pk, row in self.pupils.items()]
            field.choices = [*named, (EVERYBODY, "Everybody in this case")]

    def clean(self) -> dict[str, Any]:
        """Turn who was chosen into a pupil of the case, or everybody."""
        cleaned = super().clean()
        cleaned["pupil"] = self.pupils.get(cleaned.get("pupil", ""))
        cleaned["plan_id"] = cleaned.get("plan_id") or uuid.uuid4()
        return cleaned


class ReviewForm(_PlanTextForm):
    """The next version of a plan, beginning with the words of the last, and what the review found."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    found = words_field(
        "What did the review find?",
        required="Write down what the review found.",
        rows=3,
        hint="What has changed, what helped and what did not.",
    )

    field_order = ("after", "found")

    def __init__(self, *args: Any, latest: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("worries", "likelihood", "measures", "wishes"):
            if name in self.fields:
                self.fields[name].initial = getattr(latest, name)
        self.fields["after"].initial = latest.number


class EndForm(forms.Form):
    """Why a plan ends."""

    reason = words_field("Why does it end?", required="Write down why the plan ends. It is kept with the case.", rows=2)
