"""The forms for the three questions, and for what was deleted."""

from datetime import datetime
from typing import Any

from django import forms

from incidents.forms.custody import line, yes_no_field
from incidents.forms.days import day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field
from incidents.operations.deletions import Answers


class ChecksForm(forms.Form):
    """Three questions: does an agency need it, who holds it, is the child safe?"""

    is_needed = yes_no_field(
        "1. Does an agency need it?",
        yes="Yes, it has to be kept",
        no="No",
        missing="Say whether an agency needs it.",
        hint="The police, children’s social care, the IWF.",
    )
    needed_words = words_field(
        "Who said so, and when?", required="Write down who said whether it is needed, and when.", rows=2
    )
    held_words = words_field(
        "2. Who holds it, and which copies are there?",
        required="Write down who holds it, and which copies there are.",
        rows=2,
        hint="Phones, accounts, chats, clouds, those it was sent to.",
    )
    is_child_safe = yes_no_field(
        "3. Is the child safe if it is deleted?", missing="Say whether the child is safe if it is deleted."
    )
    safe_words = words_field("How do you know?", required="Write down how you know.", rows=2)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="check")

    @property
    def answers(self) -> Answers:
        """What was answered."""
        said = self.cleaned_data
        return Answers(
            is_needed=said["is_needed"] == "yes",
            needed_words=said["needed_words"],
            held_words=said["held_words"],
            is_child_safe=said["is_child_safe"] == "yes",
            safe_words=said["safe_words"],
        )


class DeletionForm(forms.Form):
    """Which copies were deleted, where, by whom, and who saw it."""

    deletion_id = forms.UUIDField(widget=forms.HiddenInput)
    what = words_field("What was deleted?", required="Write down what was deleted.", rows=2)
    where = line("Where?", hint="Which device, account or cloud.", required="Write down where.")
    doer = line("Who deleted it?", hint="Best whoever holds it, while a parent or you are there.", required="Say who.")
    witness = line("Who saw it done?")
    deleted_date = day_field("Day", required="Say on which day.")
    deleted_time = time_field("Time", required="Say at what time. A rough time is fine.")

    def __init__(self, data: Any = None, *, at: datetime, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix="deletion", initial=initial)
        self.at = at
        now_in_fields(self, "deleted_date", "deleted_time", at=at)

    def clean(self) -> dict[str, Any]:
        """Turn day and time into a moment."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["deleted_at"] = moment_of(self, "deleted_date", "deleted_time", at=self.at)
        return cleaned
