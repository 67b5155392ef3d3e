"""The forms with which something to be done on a case is set, and given another day."""

import uuid
from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from incidents.forms.days import check_ahead, day_field
from incidents.forms.words import words_field

NOBODY = "team"
WHOEVER = "Whoever handles this case"


class ActionForm(forms.Form):
    """What is to be done, by whom, by when."""

    words = words_field(
        "What is to be done?",
        required="Write down what is to be done.",
        longest=4000,
        rows=2,
        hint="For example: ask the form tutor how the week went.",
    )
    assignee = forms.ChoiceField(
        label="Who does it?",
        error_messages={"required": "Choose who does it.", "invalid_choice": "Choose somebody in the list."},
    )
    due_date = day_field("By when?", required="Say by which day.", hint="It is due when school ends on that day.")

    def __init__(self, *args: Any, owners: list[User], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.users = {str(user.pk): user for user in owners}
        fill_choices(self, "assignee", self.users)

    def clean(self) -> dict[str, Any]:
        """Turn who was chosen into a user, or nobody in particular, and refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "due_date", at=self.at)
        if "assignee" in cleaned:
            cleaned["assignee"] = self.users.get(cleaned["assignee"])
        return cleaned


class MoveForm(forms.Form):
    """Another day, and why. One on the page for each action."""

    due_date = day_field("New day", required="Say by which day.", hint="It is due when school ends on that day.")
    reason = words_field(
        "Why", required="Write down why the date moves. It is kept with the case.", longest=4000, rows=2
    )

    def __init__(self, data: Any = None, *, action_id: uuid.UUID, at: datetime) -> None:
        super().__init__(data, prefix=f"move-{action_id}")
        self.at, self.action_id = at, action_id

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "due_date", at=self.at)
        return cleaned


def fill_choices(form: forms.Form, name: str, users: dict[str, User]) -> None:
    """Let somebody who may read the case be chosen, or whoever handles it."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(NOBODY, WHOEVER), *((pk, user.full_name) for pk, user in users.items())]
