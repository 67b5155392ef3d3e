"""The forms with which a case is tied to others, and named people are added."""

from typing import Any

from django import forms

from incidents.forms.words import words_field
from incidents.models import InvolvedPerson
from incidents.statuses import Identifying, Part
from policies.engine.taxonomy import Category


class LinkForm(forms.Form):
    """Another case, by its reference, and why."""

    reference = forms.CharField(
        label="Reference of the other case",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Write the reference of the other case, such as OAK-7K3F.",
            "max_length": "A reference has at most 12 characters, such as OAK-7K3F.",
        },
    )
    reason = words_field("Why", required="Write down why. It is kept with both cases.", rows=2)

    def clean_reference(self) -> str:
        return str(self.cleaned_data["reference"]).strip().upper()


class MergeForm(LinkForm):
    """The case that this one becomes part of, and why."""


class UndoForm(forms.Form):
    """Why two cases do not belong together after all."""

    reason = words_field("Why not", required="Write down why they do not belong together. It is kept.", rows=2)


class SplitForm(forms.Form):
    """What becomes a case of its own, and whom it is about."""

    people = forms.MultipleChoiceField(
        label="Who is the new case about?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one person whom the new case is about.",
            "invalid_choice": "Choose people of this case.",
        },
    )
    category = forms.ChoiceField(
        label="What kind of concern?",
        choices=[(category.value, category.label) for category in Category],
        error_messages={"required": "Choose what kind of concern it is.", "invalid_choice": "Choose from the list."},
    )
    words = words_field(
        "What is the new case about?",
        required="Write what the new case is about. What stands here already stays here.",
        rows=4,
    )

    def __init__(self, *args: Any, involved: list[InvolvedPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(row.pk), f"{row.name} ({row.part_label.lower()})") for row in involved]


class PersonForm(forms.Form):
    """Somebody more on a case: chosen from the school's list, or described; and their part."""

    query = forms.CharField(
        label="Name of a pupil or an adult",
        required=False,
        max_length=100,
        help_text="Type the beginning of a first or last name",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    description = words_field(
        "Or describe somebody who is not in the list",
        longest=1000,
        rows=1,
        hint="For example: an adult online, name not known",
    )
    part = forms.ChoiceField(
        label="Their part",
        choices=[(part.value, part.label) for part in Part],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose their part.", "invalid_choice": "Choose their part."},
        initial=Part.NAMED.value,
    )


class IdentifierForm(forms.Form):
    """An account, an address, an app, a device, a number or a place."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in Identifying],
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose what it is."},
    )
    value = words_field(
        "The user name, address, device or place",
        required="Write what it is: the user name, the address, the device.",
        longest=500,
        rows=1,
        hint="Exactly as it stands there. Do not open an address to check it.",
    )
