"""The forms with which it is kept that parents were told, or why they are not."""

import uuid
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Person
from incidents.care import Way, WhyNot
from incidents.forms.days import check_ahead, day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field
from incidents.operations.contacts import Home, Telling

AGAIN, FINAL = "again", "final"


class _HomeForm(forms.Form):
    """Who at a pupil's home: any of the parents whom the school knows, and anybody else in words."""

    sent_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    parents = forms.MultipleChoiceField(
        label="Who?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people in the list."},
    )
    described = words_field("Somebody else", longest=300, rows=1)

    def __init__(self, *args: Any, parents: list[Person], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.known = {str(parent.pk): parent for parent in parents}
        self.fields["sent_id"].initial = uuid.uuid4
        field = self.fields["parents"]
        if not parents:
            del self.fields["parents"]
            self.fields["described"].label = "Who?"
            self.fields["described"].help_text = "The school's list names no parent. For example: Mrs Hadley, mother."
        elif isinstance(field, forms.MultipleChoiceField):
            field.choices = [(pk, parent.name) for pk, parent in self.known.items()]
            self.fields["described"].help_text = "For example: Mr Reed, grandfather."

    def clean(self) -> dict[str, Any]:
        """Turn who was chosen into people, and let nobody be forgotten."""
        cleaned = super().clean() or self.cleaned_data
        chosen = [self.known[pk] for pk in cleaned.pop("parents", [])]
        described = cleaned.pop("described", "")
        if not chosen and not described.strip() and not self.has_error("parents"):
            self.add_error("parents" if self.known else "described", "Say who it is.")
        cleaned["home"] = Home(chosen, described)
        cleaned["sent_id"] = cleaned.get("sent_id") or uuid.uuid4()
        return cleaned


class ToldForm(_HomeForm):
    """When, how and by whom they were told, and what was said."""

    told_date = day_field("Day", required="Say on which day.")
    told_time = time_field("Time", required="Say at what time. A rough time is fine.")
    way = forms.ChoiceField(
        label="How?",
        choices=[(way.value, way.label) for way in Way],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they were told."},
    )
    teller = words_field("Who told them?", required="Write down who told them.", longest=160, rows=1)
    said = words_field("What were they told?", required="Write down what they were told.", rows=4)
    heard = words_field("What did they say?", rows=3, hint="In their own words where you can.")

    def __init__(self, *args: Any, teller: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, at=at, **kwargs)
        self.fields["teller"].initial = teller
        now_in_fields(self, "told_date", "told_time", at=at)

    def clean(self) -> dict[str, Any]:
        """Put the conversation together; it cannot be still to come."""
        cleaned = super().clean()
        told_at = moment_of(self, "told_date", "told_time", at=self.at)
        if told_at and not self.errors:
            cleaned["telling"] = Telling(
                told_at, Way(cleaned["way"]), cleaned["teller"], cleaned["said"], cleaned["heard"]
            )
        return cleaned


class NotToldForm(_HomeForm):
    """Why they are not told, and what follows: it is looked at again by a day, or that is the decision."""

    why_not = forms.ChoiceField(
        label="Why are they not told?",
        choices=[(why.value, why.label) for why in WhyNot],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why they are not told."},
    )
    reason = words_field(
        "What makes you think so?", required="Write down why they are not told. It is kept with the case.", rows=3
    )
    then = forms.ChoiceField(
        label="What follows?",
        choices=[(AGAIN, "We look at it again on a day"), (FINAL, "This is our decision: they are not told")],
        widget=forms.RadioSelect,
        initial=AGAIN,
        error_messages={"required": "Choose what follows."},
    )
    again_date = day_field("Which day?", hint="It comes up then for whoever handles the case.")

    def clean(self) -> dict[str, Any]:
        """Ask for a day where it is looked at again."""
        cleaned = super().clean()
        check_ahead(self, "again_date", at=self.at)
        if cleaned.get("then") == AGAIN and not cleaned.get("again_date") and not self.has_error("again_date"):
            self.add_error("again_date", "Say on which day you look at it again.")
        if cleaned.get("then") == FINAL:
            cleaned["again_date"] = None
        return cleaned
