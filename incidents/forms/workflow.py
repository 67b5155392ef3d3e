"""The forms with which a case is moved, given an owner or a level, and written about."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.days import check_ahead, day_field
from incidents.forms.words import words_field
from incidents.statuses import Level, Outcome


class CloseForm(forms.Form):
    """How a case ended and why."""

    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[(outcome.value, outcome.label) for outcome in Outcome],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the case ended.", "invalid_choice": "Choose how the case ended."},
    )
    reason = words_field(
        "Why, and what was done",
        required="Write down the reason. It is kept with the case.",
        rows=4,
        hint="A decision not to act is a decision too: write down why.",
    )


class WatchForm(forms.Form):
    """When a case is looked at again, and why nothing more is done until then."""

    review_date = day_field(
        "Look at it again on", required="Choose the day on which the case is looked at again.", hint="When school ends."
    )
    reason = words_field(
        "Why it is only watched now", required="Write down the reason. It is kept with the case.", rows=3
    )

    def __init__(self, data: Any = None, *, at: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is over, or years away."""
        cleaned = super().clean() or {}
        check_ahead(self, "review_date", at=self.at)
        return cleaned


class DeclineForm(forms.Form):
    """Why a case is not closed yet."""

    reason = words_field(
        "What has to happen first", required="Write down the reason. It is kept with the case.", rows=3
    )


class ReasonForm(forms.Form):
    """Why a closed case is opened again."""

    reason = words_field("Why is it opened again?", required="Write down the reason. It is kept with the case.", rows=3)


class LevelForm(forms.Form):
    """How urgent a case is, and why that changes."""

    level = forms.ChoiceField(
        label="Level",
        choices=[(str(level.value), level.label) for level in Level],
        error_messages={"required": "Choose a level.", "invalid_choice": "Choose a level."},
    )
    reason = words_field("Why", required="Write down why the level changes. It is kept with the case.", rows=2)


class OwnerForm(forms.Form):
    """Who owns the case."""

    owner = forms.ChoiceField(
        label="Owner",
        error_messages={"required": "Choose an owner.", "invalid_choice": "Choose an owner from the list."},
    )

    def __init__(self, *args: Any, owners: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.pk): user for user in owners}
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose somebody"), *((pk, user.full_name) for pk, user in self.users.items())]

    def clean_owner(self) -> User:
        return self.users[self.cleaned_data["owner"]]


class NoteForm(forms.Form):
    """A note on the case."""

    text = words_field(
        "Add to the chronology",
        required="Write the note before you add it.",
        rows=4,
        hint="It can be added to later, never changed.",
    )


class QuestionForm(forms.Form):
    """A question to the reporter."""

    text = words_field(
        "Ask the person who logged it",
        required="Write the question before you send it.",
        rows=3,
        hint="They see the question, and nothing else of the case.",
    )


class AnswerForm(forms.Form):
    """The reporter's answer."""

    text = words_field("Your answer", required="Write the answer before you send it.", rows=4)
