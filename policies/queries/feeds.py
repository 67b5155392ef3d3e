"""Whose calendar an address belongs to."""

import hashlib
from datetime import datetime

from django.http import Http404

from accounts.access import Access, access_school
from accounts.models import School, User
from accounts.permissions import Permission
from policies.models import CalendarFeed

READERS = (Permission.REGISTER_MANAGE, Permission.REPORT_READ)


def token_hash_of(token: str) -> str:
    """Return what an address is recognised by. The token is random and long, so a plain hash says nothing of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(school: School, user: User) -> CalendarFeed | None:
    """Return the user's feed at a school, if there is one."""
    return CalendarFeed.objects.for_school(school).filter(user=user).first()


def access_by_token(token: str, *, at: datetime) -> Access:
    """Return what the owner of an address holds at its school now; an address that is unknown, old or whose owner may
    not see duties any more is a 404.
    """
    feed = CalendarFeed.objects.filter(token_hash=token_hash_of(token)).select_related("school", "user").first()
    if feed is None:
        raise Http404
    access = access_school(feed.user, feed.school.slug, at=at)
    if not any(access.has(permission) for permission in READERS):
        raise Http404
    return access
