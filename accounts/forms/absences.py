"""The form with which somebody is marked as away."""

from datetime import date

from django import forms

_WRONG = "That is not a date. Write it like 12/11/2026."


class AbsenceForm(forms.Form):
    """From which day to which; without a last day, until they are back."""

    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Today, or a day to come. Today means from now on.",
        error_messages={"required": "Say from which day on.", "invalid": _WRONG},
    )
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Leave it empty if you do not know yet.",
        error_messages={"invalid": _WRONG},
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["starts_on"].initial = today
