"""The forms with which a second person is asked, and says no."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

_NULL = ProhibitNullCharactersValidator(
    message="There is an invisible character in this text that cannot be kept. Type it again as plain text."
)


def _words(label: str, *, required: str, hint: str = "") -> forms.CharField:
    field = forms.CharField(
        label=label,
        help_text=hint,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": required, "max_length": "Write it in 2,000 letters at most."},
    )
    field.validators.append(_NULL)
    return field


class EndForm(forms.Form):
    """Why a role that reads cases is to end."""

    reason = _words("Why?", required="Write down why.", hint="Whoever has to agree reads it. It is kept.")


class DeclineForm(forms.Form):
    """Why somebody does not agree."""

    reason = _words("Why not?", required="Write down why not.", hint="Whoever asked reads it. It is kept.")
