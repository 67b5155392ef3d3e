"""The ledger's filters, and what it is taken away for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.operations.audits import Purpose
from accounts.queries.audits import KINDS, AuditFilter

_NO_DATE = "That is not a date. Write it like 12/11/2026."
FILTERS = ("who", "what", "about", "from_date", "to_date")


class AuditForm(forms.Form):
    """What the ledger is narrowed to. Sent by POST, as every search is."""

    who = forms.CharField(label="Who", required=False, max_length=100)
    what = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *((kind.key, kind.label) for kind in KINDS)]
    )
    about = forms.CharField(label="Words or a reference", required=False, max_length=100)
    from_date = forms.DateField(
        label="From",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DATE},
    )
    to_date = forms.DateField(
        label="To",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DATE},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days the wrong way round."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("from_date"), cleaned.get("to_date")
        if begins and ends and ends < begins:
            raise ValidationError("The last day lies before the first. Check the dates.")
        return cleaned

    def chosen(self) -> AuditFilter:
        """Return the filter; what does not make sense is left out, and the form says so."""
        self.is_valid()
        return AuditFilter(**{name: self.cleaned_data.get(name) or AuditFilter.__dict__[name] for name in FILTERS})


class ExportForm(forms.Form):
    """In which form the ledger is taken away, and what for."""

    form = forms.ChoiceField(
        label="What do you need?",
        widget=forms.RadioSelect,
        choices=[("proof", "The proof: every row sealed, with what checks it"), ("list", "A list for a spreadsheet")],
        error_messages={"required": "Say what you need.", "invalid_choice": "Say what you need."},
    )
    purpose = forms.ChoiceField(
        label="What is it for?",
        widget=forms.RadioSelect,
        choices=[(purpose.value, purpose.label) for purpose in Purpose],
        error_messages={"required": "Say what it is for. It is recorded.", "invalid_choice": "Say what it is for."},
    )
