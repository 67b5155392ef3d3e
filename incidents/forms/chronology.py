"""What is added to a chronology, about now or about something earlier, and what puts an entry right."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from incidents.forms.words import words_field
from incidents.queries.chronology import HAPPENED, RECORDED, Entry
from incidents.statuses import Precision


class _MomentForm(forms.Form):
    """Words about something, and when it happened where that was earlier. A time without a day means nothing."""

    text = words_field("What happened or was done", required="Write down what happened or was done.", rows=4)
    happened_date = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "That is not a date. Write it like 12/11/2026."},
    )
    happened_time = forms.TimeField(
        label="Time, if known",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "That is not a time. Write it like 8:25."},
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        """Turn day and time into what the operations take."""
        cleaned = super().clean() or self.cleaned_data
        day: date | None = cleaned.pop("happened_date", None)
        clock: time | None = cleaned.pop("happened_time", None)
        if clock and not day and "happened_date" not in self.errors:
            self.add_error("happened_date", "Say on which day it was at that time.")
        if day:
            moment = timezone.make_aware(datetime.combine(day, clock or time()))
            # A clock on a phone may run a little ahead of the server's.
            if moment > self.at + timedelta(minutes=5):
                self.add_error("happened_date", "That is in the future. Check the day and the time.")
            cleaned["happened_at"] = min(moment, self.at)
            cleaned["happened_precision"] = Precision.TIME if clock else Precision.DAY
        return cleaned


class EntryForm(_MomentForm):
    """A note to be added."""


class CorrectionForm(_MomentForm):
    """What an entry should have said, and why it is corrected. It begins with what the entry says."""

    reason = words_field(
        "Why it is corrected",
        required="Write down why it is corrected. It is kept beside the entry.",
        longest=4000,
        rows=2,
        hint="For example: the wrong day was written down.",
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"text": entry.text}
        if entry.happened_at:
            local = timezone.localtime(entry.happened_at)
            initial["happened_date"] = local.date()
            initial["happened_time"] = None if entry.happened_precision == Precision.DAY else local.time()
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["text"].label = "What it should say"


def chosen_order(text: str) -> str:
    """Return the order that an address asks for; anything else is the order of writing."""
    return HAPPENED if text == HAPPENED else RECORDED
