"""The form with which a school adopts an edition of a policy."""

from django import forms

from policies.catalogue import adoptable_ids, shipped


class AdoptionForm(forms.Form):
    """Which policy, from which day, and on whose decision."""

    pack_id = forms.ChoiceField(
        label="Policy",
        choices=lambda: [("", "Choose a policy"), *((pack_id, _name(pack_id)) for pack_id in adoptable_ids())],
        error_messages={"required": "Choose a policy.", "invalid_choice": "Choose a policy from the list."},
    )
    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Today or later. Today means from this moment.",
        error_messages={
            "required": "Say from which day the policy applies.",
            "invalid": "That is not a date. Write it like 12/11/2026.",
        },
    )
    note = forms.CharField(
        label="Who decided it, and when",
        max_length=300,
        help_text="For example: approved by the governing body on 3 November 2026",
        error_messages={
            "required": "Say who decided that the school follows this policy.",
            "max_length": "Keep this to 300 characters.",
        },
    )


def _name(pack_id: str) -> str:
    pack = shipped(pack_id).pack
    return f"{pack.title}, edition {pack.edition} ({pack_id})"
