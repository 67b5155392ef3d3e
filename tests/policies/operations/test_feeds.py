"""The address for a calendar program: unguessable, kept only as a hash, renewed and switched off."""

import pytest
from django.http import Http404

from accounts.models import AuditEvent
from policies.events import PolicyEvent
from policies.models import CalendarFeed
from policies.operations import feeds
from policies.queries.feeds import access_by_token, feed_of
from tests.conftest import Cast
from tests.factories import NOW


def make(cast: Cast, who: str = "dsl") -> str:
    return feeds.make_feed(school=cast.school, user=cast[who], at=NOW)


def test_an_address_is_long_and_kept_only_as_a_hash(cast: Cast) -> None:
    token = make(cast)

    assert len(token) >= 43
    assert token not in str(CalendarFeed.objects.values())
    assert access_by_token(token, at=NOW).user == cast.dsl
    event = AuditEvent.objects.get(event=PolicyEvent.FEED_MADE)
    assert token not in f"{event.summary} {event.data} {event.target}"


def test_a_new_address_ends_the_old_one_and_nobody_elses(cast: Cast) -> None:
    old, other = make(cast), make(cast, "head")
    new = make(cast)

    assert CalendarFeed.objects.count() == 2
    assert access_by_token(new, at=NOW).user == cast.dsl
    assert access_by_token(other, at=NOW).user == cast.head
    with pytest.raises(Http404):
        access_by_token(old, at=NOW)


def test_switched_off_is_off_and_off_twice_is_nothing(cast: Cast) -> None:
    token, other = make(cast), make(cast, "head")
    for _ in range(2):
        feeds.end_feed(school=cast.school, user=cast.dsl, at=NOW)

    assert feed_of(cast.school, cast.dsl) is None
    assert AuditEvent.objects.filter(event=PolicyEvent.FEED_ENDED).count() == 1
    assert access_by_token(other, at=NOW).user == cast.head
    with pytest.raises(Http404):
        access_by_token(token, at=NOW)
