"""Trusts: a name over several schools."""

import pytest

from accounts.models import Trust
from accounts.operations.trusts import create_trust
from tests.factories import make_school


@pytest.mark.django_db
def test_schools_join_a_trust_and_keep_ledgers_of_their_own() -> None:
    trust = create_trust(name="Sample Learning Trust")

    one = make_school(slug="one", reference_prefix="ONE", trust=trust)
    two = make_school(slug="two", reference_prefix="TWO", trust=trust)

    assert Trust.objects.get() == trust
    assert set(trust.schools.all()) == {one, two}
