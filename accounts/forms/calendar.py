"""The forms for terms and closed days."""

from django import forms


class TermForm(forms.Form):
    """A term from its first to its last day."""

    name = forms.CharField(label="Name of the term", max_length=60, help_text="For example Autumn term 2026")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))


class ClosedDayForm(forms.Form):
    """A day within a term on which the school is closed."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label="Why the school is closed", max_length=120, help_text="For example half-term")
