"""The form that adopts a policy offers the policies of schools, and not the layers under them."""

from policies.forms.adoptions import AdoptionForm


def test_only_policies_of_schools_are_offered() -> None:
    offered = [value for value, _ in AdoptionForm().fields["pack_id"].choices]

    assert "starter" in offered
    assert "shipbourne-2018" in offered
    assert {"england-statutory", "kent-partnership"}.isdisjoint(offered)
