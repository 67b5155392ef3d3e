"""The forms with which a case is shared, sealed and left."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.days import check_ahead, day_field
from incidents.forms.words import words_field


class ShareForm(forms.Form):
    """Who may open the case, what for, until when; on a sealed case the day may be left open."""

    user = forms.ChoiceField(
        label="Who?", error_messages={"required": "Choose somebody.", "invalid_choice": "Choose somebody in the list."}
    )
    purpose = words_field(
        "What do they need it for?", required="Write down what they need it for.", longest=2000, rows=2
    )
    ends_on = day_field("Until when?", hint="They can open it until the end of that day.")

    def __init__(self, *args: Any, others: list[User], is_sealed: bool, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.users = fill(self.fields["user"], others)
        if is_sealed:
            self.fields["ends_on"].help_text = "Leave it empty for as long as the case is sealed."
        else:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].error_messages["required"] = "Say until which day."

    def clean(self) -> dict[str, Any]:
        """Turn the choice into a user, and refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("ends_on"):
            check_ahead(self, "ends_on", at=self.at)
        if "user" in cleaned:
            cleaned["user"] = self.users[cleaned["user"]]
        return cleaned


class SealForm(forms.Form):
    """Who may open the case besides whoever seals it, and why only they."""

    named = forms.MultipleChoiceField(
        label="Who else may open it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people in the list."},
    )
    reason = words_field("Why only they?", required="Write down why only these people may see it.", rows=3)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.pk): user for user in people}
        field = self.fields["named"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(pk, user.full_name) for pk, user in self.users.items()]

    def clean_named(self) -> list[User]:
        return [self.users[pk] for pk in self.cleaned_data["named"]]


class StepBackForm(forms.Form):
    """Why somebody has nothing to do with the case."""

    reason = words_field(
        "Why?",
        required="Write down why. It is kept with the case.",
        longest=2000,
        rows=2,
        hint="For example: the family are my neighbours.",
    )


def fill(field: forms.Field, users: list[User]) -> dict[str, User]:
    """Let one of these people be chosen; return them by the value that stands for each."""
    known = {str(user.pk): user for user in users}
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", "Choose somebody"), *((pk, user.full_name) for pk, user in known.items())]
    return known
