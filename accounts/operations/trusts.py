"""Trusts: bodies that run several schools."""

from django.db import transaction

from accounts.models import Trust


@transaction.atomic
def create_trust(*, name: str) -> Trust:
    """Create a trust and return it. It owns no rows of its own: each of its schools keeps its own ledger."""
    trust = Trust(name=name)
    trust.save(force_insert=True)
    return trust
