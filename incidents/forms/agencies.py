"""The form for how an agency is reached."""

from typing import Any

from django import forms

from incidents.operations.agencies import Details


class AgencyForm(forms.Form):
    """How the school reaches one agency."""

    contact = forms.CharField(
        label="Whom to ask for",
        max_length=160,
        required=False,
        help_text="The office, the team or the person. For example: First response team.",
    )
    phone = forms.CharField(label="Telephone", max_length=80, required=False)
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        error_messages={"invalid": "That is not an e-mail address. Write it like name@example.org."},
    )
    website = forms.URLField(
        label="Web address or online form",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "That is not a web address. Write it like https://www.example.org."},
    )
    hours = forms.CharField(
        label="When they are there",
        max_length=200,
        required=False,
        help_text="For example: Monday to Friday 9:00 to 17:00; out of hours another number.",
    )
    notes = forms.CharField(
        label="Worth knowing",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: a telephone referral is confirmed on their form the same day. No names of children.",
    )
    is_checked = forms.BooleanField(
        label="I made sure today that this is right",
        required=False,
        help_text="By calling, or on the agency’s own website. It counts for a year.",
    )

    def clean_website(self) -> str:
        """Refuse an address that no browser should follow from here."""
        website: str = self.cleaned_data["website"]
        if website and not website.startswith(("https://", "http://")):
            raise forms.ValidationError("Write a web address that begins with https://.")
        return website

    def details(self) -> Details:
        """Return what was written, once the form is valid."""
        said: dict[str, Any] = self.cleaned_data
        return Details(**{name: said[name] for name in ("contact", "phone", "email", "website", "hours", "notes")})
