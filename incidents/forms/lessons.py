"""The forms with which a school looks back at a case and says what it changes."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from incidents.care import LessonKind
from incidents.forms.actions import fill_choices
from incidents.forms.days import check_ahead, check_behind, day_field
from incidents.forms.words import words_field
from incidents.operations.lessons import Account


class _LookForm(forms.Form):
    """When it was and who took part."""

    look_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    held_on = day_field("On which day?", required="Say on which day it was.")
    took_part = words_field("Who took part?", required="Write down who took part.", longest=2000, rows=2)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["look_id"].initial = uuid.uuid4
        self.fields["held_on"].initial = timezone.localtime(at).date()

    def clean(self) -> dict[str, Any]:
        """Put the account together; it cannot be still to come."""
        cleaned = super().clean() or self.cleaned_data
        check_behind(self, "held_on", at=self.at)
        if not self.errors:
            cleaned["look_id"] = cleaned.get("look_id") or uuid.uuid4()
            words = ("held_on", "took_part", "came_of_it", "went_well", "was_late")
            cleaned["account"] = Account(**{name: cleaned[name] for name in words if name in cleaned})
        return cleaned


class HandlingForm(_LookForm):
    """A review of how a case was handled: three questions."""

    went_well = words_field("What went well?", required="Write down what went well, even if it is little.", rows=3)
    was_late = words_field(
        "What was late or was missed, and why?",
        required="Write down what was late or was missed. If nothing was, say so.",
        rows=3,
        hint="Nobody is blamed here. If nothing was late, say so.",
    )
    came_of_it = words_field("What do we change?", required="Write down what you change. If nothing, say why.", rows=3)


class DebriefForm(_LookForm):
    """A debrief of those who were part of it."""

    came_of_it = words_field(
        "What came of it?",
        required="Write down what came of it.",
        rows=4,
        hint="How people are, and what they want to be different next time.",
    )


class LessonForm(forms.Form):
    """One lesson: what it changes, and who follows it up by when."""

    lesson_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="What does it change?",
        choices=[(kind.value, kind.label) for kind in LessonKind],
        error_messages={"required": "Choose what it changes.", "invalid_choice": "Choose what it changes."},
    )
    words = words_field(
        "What will be different?",
        required="Write down what will be different.",
        longest=1000,
        rows=2,
        hint="Write no names. It stands in the school's list of lessons, beside those of other cases.",
    )
    assignee = forms.ChoiceField(
        label="Who follows it up?",
        error_messages={"required": "Choose who follows it up.", "invalid_choice": "Choose somebody in the list."},
    )
    due_date = day_field(
        "By when?", required="Say by which day.", hint="It stays in the list after the case is closed."
    )

    def __init__(self, *args: Any, owners: list[User], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.users = {str(user.pk): user for user in owners}
        self.fields["lesson_id"].initial = uuid.uuid4
        fill_choices(self, "assignee", self.users)

    def clean(self) -> dict[str, Any]:
        """Turn who was chosen into a user, or nobody in particular, and refuse a day that is over."""
        cleaned = super().clean() or self.cleaned_data
        check_ahead(self, "due_date", at=self.at)
        if not self.errors:
            cleaned["kind"] = LessonKind(cleaned["kind"])
            cleaned["assignee"] = self.users.get(cleaned["assignee"])
            cleaned["lesson_id"] = cleaned.get("lesson_id") or uuid.uuid4()
        return cleaned
