"""The forms with which a round of a recurring duty is settled."""

from django import forms


class DoneForm(forms.Form):
    """On which day it was done, and what shows it."""

    done_on = forms.DateField(
        label="Day on which it was done",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Say on which day it was done.",
            "invalid": "That is not a date. Write it like 12/11/2026.",
        },
    )
    evidence = forms.CharField(
        label="What shows that it was done",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What came of it, and where it is kept. Name no child.",
        error_messages={
            "required": "Write down what shows that it was done, and where it is kept.",
            "max_length": "Keep this to 4,000 characters.",
        },
    )


class WaiveForm(forms.Form):
    """Why it is not done this time."""

    reason = forms.CharField(
        label="Why it is not needed this time",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The policy asks for it, so this is a decision. It is kept with your name.",
        error_messages={
            "required": "Write down why this is not done this time. It is kept.",
            "max_length": "Keep this to 4,000 characters.",
        },
    )
