"""The form for a search."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import Person, User
from incidents.devices import Authority
from incidents.forms.custody import (
    line,
    offer_people,
    offer_users,
    query_field,
    user_field,
    who_field,
    who_was_meant,
    yes_no_field,
)
from incidents.forms.days import day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field


class SearchForm(forms.Form):
    """A search: by whose authority, of whom, why, how, with whom, what was sought and found."""

    search_id = forms.UUIDField(widget=forms.HiddenInput)
    whose = who_field("Who was searched?")
    whose_query = query_field()
    whose_words = line("If their name is not found: who it was")
    authority = forms.ChoiceField(
        label="Who authorised it?",
        choices=[(one.value, one.label) for one in Authority],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who authorised it.", "invalid_choice": "Choose one of these."},
    )
    authoriser = user_field("Their name", missing="Choose who authorised it.")
    searched_by = user_field("Who searched?", missing="Choose who searched.", hint="Of the same sex as the pupil.")
    witness = user_field("Who else was there?", missing="", required=False)
    witness_words = line(
        "If nobody of the school was there: who was, or why nobody",
        hint="Only where it could not wait, and serious harm was to be feared.",
    )
    searched_date = day_field("Day", required="Say on which day.")
    searched_time = time_field("Time", required="Say at what time. A rough time is fine.")
    place = line("Where?", required="Write down where it was.")
    grounds = words_field("On what grounds?", required="Write down on what grounds.", rows=3)
    urgency = words_field("Why could it not wait?", rows=2, hint="Leave it empty where it was not urgent.")
    is_explained = yes_no_field(
        "Was it explained to the pupil, with time for questions?", missing="Say whether it was explained."
    )
    is_agreed = yes_no_field("Did the pupil agree?", missing="Say whether the pupil agreed.")
    agreed_words = words_field("If not: what was said, and why it was searched all the same", rows=2)
    sought = line("What was sought?", required="Write down what was sought.")
    has_found = yes_no_field("Was anything found?", missing="Say whether anything was found.")
    found = words_field("What was found", rows=2, hint="Describe images in words. Copy and attach none.")
    is_parent_told = yes_no_field("Were the parents told?", missing="Say whether the parents were told.")
    parent_words = words_field("What they said; or why not yet, and who tells them", rows=2)
    follow_up = words_field("What follows", rows=2)

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Person],
        users: Sequence[User],
        me: User,
        at: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.at = at
        self.people = offer_people(self, people)
        self.users = offer_users(self, users, "authoriser", "searched_by", "witness")
        now_in_fields(self, "searched_date", "searched_time", at=at)
        self.fields["searched_by"].initial = str(me.pk)

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into people, a moment, and yes or no."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["searched_at"] = moment_of(self, "searched_date", "searched_time", at=self.at)
        cleaned["pupil"] = who_was_meant(self, self.people, missing="Say who was searched.")
        for name in ("is_agreed", "has_found", "is_parent_told"):
            self._wants_words(cleaned, name)
        if not cleaned.get("witness") and not str(cleaned.get("witness_words", "")).strip():
            self.add_error("witness", "Choose who was there, or say below why nobody was.")
        return cleaned

    def _wants_words(self, cleaned: dict[str, Any], name: str) -> None:
        wanted, at_answer, sentence = {
            "is_agreed": ("agreed_words", "no", "Write down what was said, and why it was searched all the same."),
            "has_found": ("found", "yes", "Write down what was found."),
            "is_parent_told": ("parent_words", "no", "Write down why they were not told yet, and who tells them."),
        }[name]
        if cleaned.get(name) == at_answer and not str(cleaned.get(wanted, "")).strip():
            self.add_error(wanted, sentence)
