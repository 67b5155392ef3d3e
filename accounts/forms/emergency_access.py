"""The form with which somebody asks to read cases in an emergency."""

from typing import Any

from django import forms

_DANGER = {"yes": True, "no": False}


class EmergencyForm(forms.Form):
    """Why, whether somebody is in danger, and for how long."""

    reason = forms.CharField(
        label="Why do you have to read cases now?",
        max_length=2000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Write it without a name. Whoever can agree reads it.",
        error_messages={
            "required": "Write down why you have to read cases now. It is kept.",
            "max_length": "That is too long. Shorten it to 2,000 letters.",
        },
    )
    danger = forms.ChoiceField(
        label="Is somebody in danger?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        help_text="Then they open without a second person where nobody answers within 15 minutes.",
        error_messages={"required": "Say whether somebody is in danger."},
    )
    hours = forms.ChoiceField(
        label="For how long?",
        choices=[("1", "1 hour"), ("2", "2 hours"), ("4", "4 hours")],
        widget=forms.RadioSelect,
        initial="1",
        error_messages={"required": "Say for how long."},
    )

    def clean(self) -> dict[str, Any]:
        """Turn the answers into what the operation takes."""
        cleaned = super().clean() or self.cleaned_data
        if "danger" in cleaned:
            cleaned["is_danger"] = _DANGER[cleaned.pop("danger")]
        if "hours" in cleaned:
            cleaned["hours"] = int(cleaned["hours"])
        return cleaned
