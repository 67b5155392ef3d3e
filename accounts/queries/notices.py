"""What was sent to somebody and not opened yet, for their first page."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import outbox
from accounts.access import Access
from accounts.models import OutboxMessage

MOST = 20
# Longer ago, it is the case itself that calls for somebody, and no message about it.
SHOWN_FOR = timedelta(days=30)
# What is no news once somebody is here.
_NOT_SHOWN = (outbox.DIGEST, outbox.END, "accounts/invited", "accounts/probe")


@dataclass(frozen=True)
class Notice:
    """One message: its id, what stood above it, and when it was owed."""

    pk: uuid.UUID
    words: str
    queued_at: datetime


def unread_notices(access: Access, *, at: datetime) -> list[Notice]:
    """Return what this user was sent at the school and has not opened, newest first."""
    unread = OutboxMessage.objects.for_school(access.school).unread_by(access.user).exclude(kind__in=_NOT_SHOWN)
    rows = unread.filter(queued_at__gt=at - SHOWN_FOR).order_by("-queued_at", "pk")
    found = rows.values_list("pk", "kind", "queued_at")[:MOST]
    return [Notice(pk, outbox.subject_of(kind), queued_at) for pk, kind, queued_at in found]
