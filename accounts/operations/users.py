"""People who sign in, many at a time."""

from dataclasses import dataclass
from datetime import date, datetime

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


def note_named(*, user: User, until: date | None) -> None:
    """Note that a user is named on a case until a day, the last day included; without one, for good.

    Only a hint that saves everybody else a question: it opens nothing, and is never shortened.
    """
    last = until or date.max
    if user.named_until is None or user.named_until < last:
        user.named_until = last
        user.save(update_fields=["named_until"])


def note_emergency(*, user: User, until: datetime) -> None:
    """Note that cases may be open to a user in an emergency until a moment: a hint too, which opens nothing."""
    if user.emergency_until is None or user.emergency_until < until:
        user.emergency_until = until
        user.save(update_fields=["emergency_until"])
