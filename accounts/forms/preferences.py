"""The form in which somebody says how they want to hear of what can wait."""

from datetime import time
from typing import Any

from django import forms

from accounts.models import Mail, Preference

_WRONG = "That is not a time. Write it like 7:30."


def _time(label: str, hint: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=hint,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Say at which time.", "invalid": _WRONG},
        **options,
    )


class PreferenceForm(forms.Form):
    """When and how; everything has a sensible beginning, so that nobody has to come here."""

    mail = forms.ChoiceField(
        label="How do you want to hear of what can wait?",
        widget=forms.RadioSelect,
        choices=Mail.choices,
        error_messages={"required": "Choose how you want to hear of it."},
    )
    digest_time = _time("At which time each day", "For example 7:30.", required=False)
    quiet_from = _time("Quiet from", "For example 20:00. Leave both empty for no quiet hours.", required=False)
    quiet_until = _time("Quiet until", "For example 7:00.", required=False)
    is_quiet_at_weekends = forms.BooleanField(label="Quiet on Saturdays and Sundays", required=False)

    def __init__(self, *args: Any, choice: Preference, **kwargs: Any) -> None:
        names = ("mail", "digest_time", "quiet_from", "quiet_until", "is_quiet_at_weekends")
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(choice, name) for name in names}
        self.before = choice
        self.fields["mail"].choice_hints = {  # type: ignore[attr-defined]
            Mail.AT_ONCE: "As soon as it happens, outside your quiet hours.",
            Mail.DIGEST: "It says how many things need you. They stand on your day at once.",
            Mail.IN_APP: "You look yourself. No e-mail comes for what can wait.",
        }

    def clean_mail(self) -> Mail:
        return Mail(self.cleaned_data["mail"])

    def clean_digest_time(self) -> time:
        """Keep the time that was there where the box is left empty."""
        chosen: time | None = self.cleaned_data["digest_time"]
        return chosen or self.before.digest_time
