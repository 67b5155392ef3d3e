"""The queue's filters."""

import uuid
from typing import Any

from django import forms

from accounts.models import User
from incidents.queries.incidents import QueueFilter
from incidents.statuses import Status
from incidents.workflow import TRANSITIONS
from policies.engine.taxonomy import Category

YEAR_GROUPS = ["Nursery", "Reception", *(str(year) for year in range(1, 14))]


_REACHED = {move.source for move in TRANSITIONS} | {move.target for move in TRANSITIONS}


class QueueForm(forms.Form):
    """What the queue is narrowed to. Sent by POST: nothing that was searched for stands in an address."""

    text = forms.CharField(label="Name, reference or words", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    year_group = forms.ChoiceField(label="Year group", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)

    def __init__(self, *args: Any, owners: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.users = owners
        choices: dict[str, list[tuple[str, str]]] = {
            "status": [
                ("", "Every open case"),
                *((status.value, status.label) for status in Status if status in _REACHED),
            ],
            "category": [("", "Any category"), *((category.value, category.label) for category in Category)],
            "year_group": [
                ("", "Any year group"),
                *((year, f"Year {year}" if year.isdigit() else year) for year in YEAR_GROUPS),
            ],
            "owner": [("", "Anybody"), ("none", "Nobody yet"), *((str(user.pk), user.full_name) for user in owners)],
        }
        for name, options in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options

    def chosen(self) -> QueueFilter:
        """Return the filter; what does not make sense is left out rather than refused."""
        self.is_valid()
        said = self.cleaned_data
        owner = said.get("owner", "")
        return QueueFilter(
            status=said.get("status", ""),
            category=said.get("category", ""),
            year_group=said.get("year_group", ""),
            owner=owner if owner in ("", "none") else str(uuid.UUID(owner)),
            text=said.get("text", ""),
        )
