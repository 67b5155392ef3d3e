"""People who sign in: many at a time, and one who has left."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.access import schools_for
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import User
from accounts.operations.sessions import end_quietly


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
    # Two who name somebody at once: the later day stands, whichever is written last.
    shorter = Q(named_until__isnull=True) | Q(named_until__lt=last)
    User.objects.filter(shorter, pk=user.pk).update(named_until=last)
    user.refresh_from_db(fields=["named_until"])


def note_emergency(*, user: User, until: datetime) -> None:
    """Note that cases may be open to a user in an emergency until a moment: a hint too, which opens nothing."""
    if user.emergency_until is None or user.emergency_until < until:
        user.emergency_until = until
        user.save(update_fields=["emergency_until"])


@transaction.atomic
def close_account(*, user: User, at: datetime) -> int:
    """Switch an account off and sign it out wherever it is signed in; return how many sessions that ended.

    From the next request on nothing of it works: no session, no calendar address, no link that sets a password. What
    they did stays theirs in every record. Raise Refused where it is switched off already.
    """
    if not user.is_active:
        raise Refused("closed_already", "This account is switched off already.")
    _switch(user, AccountEvent.ACCOUNT_CLOSED, f"Switched the account of {user.full_name} off.", at, is_active=False)
    return end_quietly(user=user)


@transaction.atomic
def open_account(*, user: User, at: datetime) -> None:
    """Switch an account on again. What it opens, roles say. Raise Refused where it is on."""
    if user.is_active:
        raise Refused("open_already", "This account is in use.")
    _switch(user, AccountEvent.ACCOUNT_OPENED, f"Switched the account of {user.full_name} on.", at, is_active=True)


def _switch(user: User, event: AccountEvent, summary: str, at: datetime, *, is_active: bool) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    for school in schools_for(user, at=at):
        audit.record(school=school, actor=None, event=event, target=f"user:{user.pk}", summary=summary, at=at)
