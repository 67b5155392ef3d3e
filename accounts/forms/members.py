"""The form with which an administrator gives somebody a role."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import Person, School
from accounts.roles import ROLES, Role

NOT_LISTED = "not_listed"


class MemberForm(forms.Form):
    """Who, in which role, from which day."""

    given_name = forms.CharField(
        label="First name", max_length=80, error_messages={"required": "Write their first name."}
    )
    family_name = forms.CharField(
        label="Last name", max_length=80, error_messages={"required": "Write their last name."}
    )
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="They sign in with it, and get a message that leads them there.",
        error_messages={
            "required": "Write their work e-mail address.",
            "invalid": "That is not an e-mail address. Check for a missing @ or a space.",
        },
    )
    person = forms.ChoiceField(
        label="Who they are in the school’s list",
        help_text="It keeps a case away from whoever it is about.",
        error_messages={"required": "Choose who they are in the list, or that they are not in it."},
    )
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role."})
    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Today, or a day to come.",
        error_messages={
            "required": "Say from which day they hold the role.",
            "invalid": "That is not a date. Write it like 12/11/2026.",
        },
    )

    def __init__(self, *args: Any, school: School, adults: list[Person], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.adults = {str(adult.pk): adult for adult in adults}
        listed = self.fields["person"]
        if isinstance(listed, forms.ChoiceField):
            listed.choices = [
                ("", "Choose"),
                (NOT_LISTED, "Not in the list"),
                *((pk, f"{adult.name}, {adult.detail.lower()}") for pk, adult in self.adults.items()),
            ]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(role.value, school.title_of(role)) for role in ROLES]
        field.choice_hints = {role.value: ROLES[role].description for role in ROLES}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Turn the choice of a person into what the operation takes."""
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.pop("person", "")
        return {**cleaned, "person": self.adults.get(chosen), "is_somebody_else": chosen == NOT_LISTED}

    def clean_starts_on(self) -> date:
        starts_on: date = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError("That day has passed. Choose today or a day to come.")
        return starts_on

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
