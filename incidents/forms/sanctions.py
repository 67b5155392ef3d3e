"""The form with which a decision about a sanction is kept."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from incidents.forms.days import check_behind, day_field
from incidents.forms.words import words_field
from incidents.models import InvolvedPerson
from incidents.operations.sanctions import Ruling

SOME, NONE = "some", "none"


class SanctionForm(forms.Form):
    """Which pupil, what was decided, by whom, on which day, and why."""

    sanction_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    pupil = forms.ChoiceField(
        label="About whom?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a pupil.", "invalid_choice": "Choose a pupil in the list."},
    )
    decision = forms.ChoiceField(
        label="What was decided?",
        choices=[(SOME, "A sanction"), (NONE, "No sanction")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was decided."},
    )
    what = words_field("Which sanction?", longest=2000, rows=2, hint="For example: two days without the phone.")
    reason = words_field(
        "Why?",
        required="Write down why. A decision for no sanction has a reason too.",
        rows=3,
        hint="A decision for no sanction has a reason too.",
    )
    decided_by = words_field("Who decided it?", required="Write down who decided it.", longest=160, rows=1)
    decided_on = day_field("On which day?", required="Say on which day it was decided.")

    def __init__(self, *args: Any, pupils: list[InvolvedPerson], decided_by: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.pupils = {str(row.pk): row for row in pupils}
        self.fields["sanction_id"].initial = uuid.uuid4
        self.fields["decided_by"].initial = decided_by
        self.fields["decided_on"].initial = timezone.localtime(at).date()
        field = self.fields["pupil"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(pk, f"{row.name}, {row.detail}") for pk, row in self.pupils.items()]
            if len(self.pupils) == 1:
                field.initial = next(iter(self.pupils))

    def clean(self) -> dict[str, Any]:
        """Put the decision together: a sanction is named, and none is named where there is none."""
        cleaned = super().clean() or self.cleaned_data
        check_behind(self, "decided_on", at=self.at)
        has_sanction = cleaned.get("decision") == SOME
        if has_sanction and not cleaned.get("what", "").strip() and not self.has_error("what"):
            self.add_error("what", "Write down which sanction it is.")
        if not self.errors:
            cleaned["pupil"] = self.pupils[cleaned["pupil"]]
            what = cleaned["what"] if has_sanction else ""
            cleaned["ruling"] = Ruling(cleaned["decided_by"], cleaned["decided_on"], cleaned["reason"], what)
            cleaned["sanction_id"] = cleaned.get("sanction_id") or uuid.uuid4()
        return cleaned
