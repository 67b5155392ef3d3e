"""The form with which an administrator gives somebody a role."""

from typing import Any

from django import forms

from accounts.models import School
from accounts.roles import ROLES, Role


class MemberForm(forms.Form):
    """Who, in which role, from which day."""

    given_name = forms.CharField(label="First name", max_length=80)
    family_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(
        label="Work e-mail address", help_text="They sign in with it, and get a message that leads them there."
    )
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}), help_text="Today, or a day to come."
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(role.value, school.title_of(role)) for role in ROLES]
        field.choice_hints = {role.value: ROLES[role].description for role in ROLES}  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])
