"""The forms with which something that takes two people is asked for on a case, and answered."""

from typing import Any

from django import forms

from incidents.forms.words import words_field
from incidents.models import InvolvedPerson
from incidents.statuses import Part

_HINT = "Whoever has to agree reads it. It is kept with the case."


class ReasonForm(forms.Form):
    """Why the case is to be opened again, or somebody let back."""

    reason = words_field("Why?", required="Write down why.", longest=2000, rows=3, hint=_HINT)


class PartForm(forms.Form):
    """Whose part is to change, to what, and why."""

    row = forms.ChoiceField(
        label="Whose part?",
        error_messages={"required": "Choose somebody.", "invalid_choice": "Choose somebody in the list."},
    )
    part = forms.ChoiceField(
        label="What is their part?",
        choices=[(part.value, part.label) for part in Part],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose their part.", "invalid_choice": "Choose one of the parts."},
    )
    reason = words_field("Why?", required="Write down why.", longest=2000, rows=3, hint=_HINT)

    def __init__(self, *args: Any, people: list[InvolvedPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        field = self.fields["row"]
        if isinstance(field, forms.ChoiceField):
            listed = [(pk, f"{row.name}, {row.part_label.lower()}") for pk, row in self.people.items()]
            field.choices = [("", "Choose somebody"), *listed]

    def clean(self) -> dict[str, Any]:
        """Turn the choices into a row and a part."""
        cleaned = super().clean() or self.cleaned_data
        if "row" in cleaned:
            cleaned["row"] = self.people[cleaned["row"]]
        if "part" in cleaned:
            cleaned["part"] = Part(cleaned["part"])
        return cleaned


class DeclineForm(forms.Form):
    """Why somebody does not agree, or takes back what they asked for."""

    reason = words_field("Why not?", required="Write down why.", longest=2000, rows=3)
