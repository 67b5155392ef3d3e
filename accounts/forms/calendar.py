"""The forms for terms and closed days."""

from django import forms

_WRONG = "That is not a date. Write it like 12/11/2026."


def _day(label: str, required: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": required, "invalid": _WRONG},
    )


class TermForm(forms.Form):
    """A term from its first to its last day."""

    name = forms.CharField(
        label="Name of the term",
        max_length=60,
        help_text="For example Autumn term 2026",
        error_messages={"required": "Give the term a name."},
    )
    starts_on = _day("First day", "Say on which day the term begins.")
    ends_on = _day("Last day", "Say on which day the term ends.")


class ClosedDayForm(forms.Form):
    """A day within a term on which the school is closed."""

    day = _day("Day", "Say on which day the school is closed.")
    reason = forms.CharField(
        label="Why the school is closed",
        max_length=120,
        help_text="For example half-term",
        error_messages={"required": "Say why the school is closed."},
    )
