"""The period of an incident log that is printed."""

from datetime import timedelta
from typing import Any

from django import forms

from incidents.forms.days import day_field

_LONGEST = timedelta(days=400)


class LogForm(forms.Form):
    """From which day to which."""

    first = day_field("From", required="Say from which day.")
    last = day_field("To", required="Say up to which day.")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is longer than a school year."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "This is before the first day. Check both.")
        elif first and last and last - first > _LONGEST:
            self.add_error("last", "That is more than a school year. Print each year by itself.")
        return cleaned
