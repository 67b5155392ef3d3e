"""People who sign in, many at a time."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User


@dataclass(frozen=True)
class NewUser:
    """Somebody who is to sign in: their address and their name."""

    email: str
    full_name: str


@transaction.atomic
def create_users(*, users: list[NewUser], password_hash: str) -> list[User]:
    """Create users who share one password, already hashed, and return them in the same order. For demonstrations only.

    Hashing is slow on purpose, so the caller hashes once. What each may do is said, and audited, by memberships.
    """
    rows = [
        User(email=new.email.strip().lower(), full_name=new.full_name, password=password_hash, is_active=True)
        for new in users
    ]
    return User.objects.bulk_create(rows)
