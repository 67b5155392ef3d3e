"""The forms for what was told and not written down yet."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from incidents.forms.words import words_field

ME = "me"


class ToldForm(forms.Form):
    """Who has to write it up, and when they became aware. Only the safeguarding team may name somebody else."""

    writer = forms.ChoiceField(
        label="Who has to write it up?",
        error_messages={"required": "Choose who has to write it up.", "invalid_choice": "Choose somebody in the list."},
    )
    aware_date = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Say on which day they found out.",
            "invalid": "That is not a date. Write it like 12/11/2026.",
        },
    )
    aware_time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "Say at what time they found out. A rough time is fine.",
            "invalid": "That is not a time. Write it like 8:25.",
        },
    )
    memory = words_field(
        "A line for your own memory",
        longest=300,
        rows=1,
        hint="Nobody but you sees it. Leave names out: what happened belongs in the concern.",
    )

    def __init__(self, *args: Any, user: User, others: list[User], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.writers = {ME: user} | {str(other.pk): other for other in others if other.pk != user.pk}
        now = timezone.localtime(at)
        self.fields["aware_date"].initial, self.fields["aware_time"].initial = now.date(), f"{now:%H:%M}"
        field = self.fields["writer"]
        if not others:
            del self.fields["writer"]
        elif isinstance(field, forms.ChoiceField):
            named = ((pk, other.full_name) for pk, other in self.writers.items() if pk != ME)
            field.choices = [("", "Choose"), (ME, "I do"), *named]

    def clean(self) -> dict[str, Any]:
        """Turn what was chosen into what the operation takes."""
        cleaned = super().clean() or self.cleaned_data
        day: date | None = cleaned.pop("aware_date", None)
        clock: time | None = cleaned.pop("aware_time", None)
        chosen = cleaned.pop("writer", ME)
        cleaned["writer"] = self.writers.get(chosen)
        if day and clock:
            moment = timezone.make_aware(datetime.combine(day, clock))
            # A clock on a phone may run a little ahead of the server's.
            if moment > self.at + timedelta(minutes=5):
                self.add_error("aware_date", "That is in the future. Check the day and the time.")
            cleaned["became_aware_at"] = min(moment, self.at)
        return cleaned


class WithdrawForm(forms.Form):
    """Why it is not waited for any more."""

    reason = words_field(
        "Why is it not waited for any more?",
        required="Write down why it is not waited for any more. It is kept.",
        longest=4000,
        rows=2,
        hint="For example: it was written up in another concern. Leave names out.",
    )
