"""The form that adopts a policy offers the policies of schools, and not the layers under them."""

from django.forms import ChoiceField

from policies.forms.adoptions import AdoptionForm


def test_only_policies_of_schools_are_offered() -> None:
    field = AdoptionForm().fields["pack_id"]
    assert isinstance(field, ChoiceField)
    offered = [value for value, _ in field.choices]  # type: ignore[misc]

    assert "starter" in offered
    assert "shipbourne-2018" in offered
    assert {"england-statutory", "kent-partnership"}.isdisjoint(offered)
