"""The form for why an image was viewed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.custody import line, offer_users, user_field
from incidents.forms.days import day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field


class ViewingForm(forms.Form):
    """Why it could not be avoided, who decided, who viewed, who was there, where and when."""

    viewing_id = forms.UUIDField(widget=forms.HiddenInput)
    why = words_field(
        "Why could it not be avoided?",
        required="Write down why it could not be avoided.",
        rows=3,
        hint="No other way to decide what to do for the child; or it was reported by looking at it.",
    )
    tried = words_field(
        "What was tried before?",
        required="Write down what was tried before.",
        rows=2,
        hint="For example: the child was asked to describe it.",
    )
    decider = user_field("Who decided?", missing="Choose who decided.")
    viewed_by = user_field("Who viewed it?", missing="Choose who viewed it.")
    present = user_field("Who else was there?", missing="", required=False, hint="Nobody views it alone.")
    present_words = line("If they are not of the school: who")
    viewed_date = day_field("Day", required="Say on which day.")
    viewed_time = time_field("Time", required="Say at what time. A rough time is fine.")
    place = line("Where?", hint="On school premises, ideally in the office of the headteacher.", required="Say where.")
    seen = words_field("What it showed", rows=2, hint="In words, and no more than is needed. Attach nothing.")

    def __init__(self, data: Any = None, *, users: Sequence[User], me: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.at = at
        self.users = offer_users(self, users, "decider", "viewed_by", "present")
        now_in_fields(self, "viewed_date", "viewed_time", at=at)
        self.fields["decider"].initial = str(me.pk)

    def clean(self) -> dict[str, Any]:
        """Turn day and time into a moment, and want two different people."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["viewed_at"] = moment_of(self, "viewed_date", "viewed_time", at=self.at)
        present = cleaned.get("present")
        if not present and not str(cleaned.get("present_words", "")).strip():
            self.add_error("present", "Name the second person who was there.")
        elif present and present == cleaned.get("viewed_by"):
            self.add_error("present", "The second person is somebody else than whoever viewed it.")
        return cleaned
