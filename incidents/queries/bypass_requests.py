"""Requests to let a website through for a while, as far as a reader may know of them."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from accounts.access import Access
from accounts.permissions import Permission
from incidents.models import BypassRequest
from incidents.statuses import BypassState

MOST = 100
_PEOPLE = ("asked_by", "decided_by", "switched_on_by", "taken_off_by")
_ENDED = (BypassState.DECLINED, BypassState.WITHDRAWN, BypassState.LAPSED, BypassState.OFF)


@dataclass(frozen=True)
class BypassList:
    """What is asked for, agreed, open or to be taken off; and what is over."""

    current: list[BypassRequest]
    ended: list[BypassRequest]


def visible_bypasses(access: Access) -> QuerySet[BypassRequest]:
    """Return the requests this user may know of: all of them for readers of the filtering, for others their own."""
    rows: QuerySet[BypassRequest] = BypassRequest.objects.for_school(access.school)
    return rows if access.has(Permission.FILTERING_READ) else rows.filter(asked_by=access.user)


def access_bypass(access: Access, bypass_id: uuid.UUID) -> BypassRequest:
    """Return a request this user may know of; otherwise it does not exist."""
    row = visible_bypasses(access).select_related(*_PEOPLE).filter(pk=bypass_id).first()
    if row is None:
        raise Http404
    row.school = access.school
    return row


def bypass_list(access: Access) -> BypassList:
    """Return the requests, what ends first comes first; two statements."""
    rows = visible_bypasses(access).select_related("asked_by")
    return BypassList(
        current=list(rows.exclude(state__in=_ENDED).order_by("ends_at")[:MOST]),
        ended=list(rows.filter(state__in=_ENDED).order_by("-asked_at")[:MOST]),
    )
