"""The address by which somebody's calendar program fetches when their duties are due: made, renewed, switched off."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import School, User
from policies.events import PolicyEvent
from policies.models import CalendarFeed
from policies.queries.feeds import token_hash_of

# 256 bits: nobody comes upon an address by trying.
_OCTETS = 32


@transaction.atomic
def make_feed(*, school: School, user: User, at: datetime) -> str:
    """Return the secret part of a new address. An address made before stops working; this one is shown only once."""
    token = secrets.token_urlsafe(_OCTETS)
    found = {"token_hash": token_hash_of(token), "made_at": at}
    CalendarFeed.objects.update_or_create(school=school, user=user, defaults=found)
    _record(school, user, PolicyEvent.FEED_MADE, "Made an address for their calendar.", at)
    return token


@transaction.atomic
def end_feed(*, school: School, user: User, at: datetime) -> None:
    """Switch the address off; without one, do nothing."""
    deleted, _ = CalendarFeed.objects.for_school(school).filter(user=user).delete()
    if deleted:
        _record(school, user, PolicyEvent.FEED_ENDED, "Switched the address for their calendar off.", at)


def _record(school: School, user: User, event: PolicyEvent, summary: str, at: datetime) -> None:
    target = f"user:{user.pk}"
    audit.record(school=school, actor=user, event=event, target=target, summary=summary, at=at)
