"""Fields for people's own words: kept exactly as typed, never cut off while typing."""

from collections.abc import Callable

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

LONGEST = 50_000

_NULL = ProhibitNullCharactersValidator(
    message="There is an invisible character in this text that cannot be kept. Paste the text again as plain text."
)


def words_field(
    label: str, *, longest: int = LONGEST, required: str = "", rows: int = 5, hint: str = ""
) -> forms.CharField:
    """Return a text field; `required` is the sentence shown when nothing was written, empty where that is allowed."""
    words = forms.CharField(
        label=label,
        required=bool(required),
        strip=False,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput(),
        error_messages={"required": required},
    )
    words.validators = [_length(longest), _NULL]
    if required:
        words.validators.append(_something(required))
    return words


def _length(longest: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if len(value) > longest:
            over = f"{len(value) - longest:,}"
            raise forms.ValidationError(f"This is {over} letters too long. Shorten it; nothing you typed is lost.")

    return check


def _something(sentence: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not value.strip():
            raise forms.ValidationError(sentence)

    return check
