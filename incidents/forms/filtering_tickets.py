"""The forms with which something about the filtering is reported, put right and tested again."""

from datetime import datetime
from typing import Any

from django import forms

from incidents.forms.days import day_field, moment_of, now_in_fields, time_field
from incidents.forms.words import words_field
from incidents.models.filtering_tickets import LONGEST_ADDRESS, normal_address
from incidents.operations.filtering_tickets import Met
from incidents.statuses import TicketKind
from policies.statuses import UserGroup

_HINTS = {
    "breach": "A page came up that the filter should have stopped.",
    "over_blocking": "A page is needed for teaching or work, and the filter stops it.",
    "failure": "Pages that must be blocked come up everywhere, or the filter or the monitoring is off.",
}
WORKS, DOES_NOT = "works", "does_not"
_NO_ADDRESS = "That is not a web address. Copy it from the browser’s address line, like bbc.co.uk/news."


def address_field(label: str, *, required: str, hint: str = "") -> forms.CharField:
    """Return a field for a web address; `required` is the sentence shown where it is missing."""
    field = words_field(label, longest=LONGEST_ADDRESS, required=required, rows=1, hint=hint)
    field.widget.attrs |= {"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
    return field


def group_field(label: str, *, hint: str = "") -> forms.ChoiceField:
    """Return a field for the group of people that it is about: never a person."""
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choose"), *((group.value, group.label) for group in UserGroup)],
        help_text=hint,
        error_messages={"required": "Choose a group.", "invalid_choice": "Choose a group in the list."},
    )


class MetForm(forms.Form):
    """Where something was met, on which device, by which group, and when. No person is asked for."""

    url = address_field(
        "Address of the page",
        required="Give the address of the page.",
        hint="From the browser’s address line or the filter’s message. Do not open it again to copy it.",
    )
    device = words_field(
        "Device",
        longest=200,
        rows=1,
        hint="Its number, or the room it stands in, like “Library PC 4”. Never the name of a person.",
    )
    user_group = group_field("Which group uses it?")
    seen_date = day_field("Day", required="Say on which day it was seen.")
    seen_time = time_field("Time", required="Say at what time it was seen. A rough time is fine.")
    is_illegal = forms.BooleanField(
        label="It may be illegal",
        required=False,
        help_text="For example sexual images of a child, or material that calls for terror.",
    )
    kinds: tuple[TicketKind, ...] = (TicketKind.BREACH,)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        now_in_fields(self, "seen_date", "seen_time", at=at)

    def clean_url(self) -> str:
        """Refuse what is no web address."""
        url: str = self.cleaned_data["url"]
        if url.strip() and not normal_address(url):
            raise forms.ValidationError(_NO_ADDRESS)
        return url

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into what the operation takes, as `met`."""
        cleaned = super().clean() or self.cleaned_data
        seen_at = moment_of(self, "seen_date", "seen_time", at=self.at)
        if seen_at is not None and not self.errors:
            cleaned["met"] = Met(
                kind=TicketKind(cleaned.get("kind", self.kinds[0])),
                user_group=UserGroup(cleaned["user_group"]),
                seen_at=seen_at,
                url=cleaned["url"],
                device=cleaned["device"],
                said=cleaned.get("said", ""),
                is_illegal=cleaned["is_illegal"],
            )
        return cleaned


class TicketForm(MetForm):
    """What is wrong, and where it was met. A breach is reported here by those who need not write a concern for it."""

    kind = forms.ChoiceField(
        label="What is wrong?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is wrong.", "invalid_choice": "Choose one of these."},
    )
    said = words_field(
        "What did the filter say?",
        longest=2000,
        rows=2,
        hint="Its message or category, and for what you need the page. Name no child.",
    )
    field_order = ["kind", "url", "device", "user_group", "said", "seen_date", "seen_time", "is_illegal"]

    def __init__(self, *args: Any, kinds: tuple[TicketKind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(kind.value, kind.label) for kind in kinds]
            field.choice_hints = _HINTS  # type: ignore[attr-defined]
        self.fields["url"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for the address, except where the filtering fails as a whole."""
        kind, url = self.cleaned_data.get("kind"), self.cleaned_data.get("url", "")
        if kind and kind != TicketKind.FAILURE and not url.strip() and "url" not in self.errors:
            self.add_error("url", "Give the address of the page.")
        return super().clean()


class FixForm(forms.Form):
    """What was changed, and what it may do to others."""

    changed = words_field(
        "What did you change?",
        required="Write down what you changed.",
        longest=4000,
        rows=3,
        hint="It goes into the log of changes.",
    )
    risk = words_field(
        "What may this change do to others?",
        required="Write down what the change may do to others, or that it does nothing to them.",
        longest=4000,
        rows=2,
        hint="Whom it reaches, what else it may block or let through, and how you would notice.",
    )


class TestForm(forms.Form):
    """What a second look found."""

    found = forms.ChoiceField(
        label="What did you find?",
        choices=[(WORKS, "It works now"), (DOES_NOT, "It is not put right yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you found.", "invalid_choice": "Choose one of these."},
    )
    words = words_field(
        "How did you look?",
        longest=4000,
        rows=2,
        hint="On which device, as which group. Needed where it does not work.",
    )
