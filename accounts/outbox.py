"""Messages: queued in the caller's transaction, delivered by a sweep.

Delivery is at least once. A claim pushes the row's next try into the future before anything is sent, so a sender that
dies leaves a row that the next sweep takes up; the retry carries the same `Message-ID`. After the last try the row is
dead and shows on the first page of whoever runs the school. A message says only that something needs its reader.
"""

import hashlib
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import F
from django.template import Context, Template
from django.template.loader import get_template

from accounts.models.outbox import OutboxMessage
from accounts.models.schools import School
from accounts.models.users import User

log = logging.getLogger(__name__)

# Longer than one sending can take: each message is claimed by itself, just before it is sent.
LEASE = timedelta(minutes=5)
# A sweep ends before it is late for the health check; what is left waits for the next one.
LONGEST_SWEEP_SECONDS = 90.0
# About a day in all: short steps while a hiccup may pass, long ones while a mail server is down.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480))


def queue(
    *,
    school: School,
    kind: str,
    path: str,
    dedupe_key: str,
    at: datetime,
    recipients: Sequence[User] = (),
    address: str = "",
) -> None:
    """Owe one message to each user (or to a bare address). The same `dedupe_key` and recipient twice is one message.

    `kind` names the templates `emails/<kind>.subject.txt` and `emails/<kind>.txt`; `path` is the page to open.
    """
    to: list[tuple[User | None, str, str]] = [(user, user.email, f"{dedupe_key}:{user.pk}") for user in recipients]
    if address:
        # A digest: an address may be longer than the column, and a key is no place for one.
        digest = hashlib.sha256(address.encode()).hexdigest()[:32]
        to.append((None, address, f"{dedupe_key}:{digest}"))
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                school=school,
                kind=kind,
                recipient=user,
                address=email,
                path=path,
                dedupe_key=key,
                queued_at=at,
                next_try_at=at,
            )
            for user, email, key in to
        ],
        ignore_conflicts=True,
    )


def deliver_due(now: datetime, *, limit: int = 500) -> int:
    """Send what is due, oldest first; return how many were sent. Any number may run at once."""
    ends = time.monotonic() + LONGEST_SWEEP_SECONDS
    sent = 0
    for _ in range(limit):
        message = _claim(now) if time.monotonic() < ends else None
        if message is None:
            break
        sent += _deliver(message, now)
    return sent


def settle_before(moment: datetime) -> int:
    """Take what was queued before a moment for sent at once; return how many. For histories that are made up."""
    owed = OutboxMessage.objects.filter(sent_at__isnull=True, dead_at__isnull=True, queued_at__lt=moment)
    return owed.update(sent_at=F("queued_at"))


def dead_count(school: School) -> int:
    """Return how many of the school's messages could not be delivered."""
    return OutboxMessage.objects.for_school(school).dead().count()


def _claim(now: datetime) -> OutboxMessage | None:
    table = OutboxMessage._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table} SET next_try_at = %s, tries = tries + 1
            WHERE id = (
                SELECT id FROM {table}
                WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= %s
                ORDER BY next_try_at, queued_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,  # noqa: S608 - the table's name is ours
            [now + LEASE, now],
        )
        claimed = cursor.fetchone()
    return OutboxMessage.objects.select_related("school").get(pk=claimed[0]) if claimed else None


def _deliver(message: OutboxMessage, now: datetime) -> int:
    try:
        _send(message)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with one message, the others must not wait for it
        _put_off(message, now, problem)
        return 0
    message.sent_at = now
    message.last_problem = ""
    message.save(update_fields=["sent_at", "last_problem"])
    return 1


def _put_off(message: OutboxMessage, now: datetime, problem: Exception) -> None:
    # The kind of the problem only: a mail server's words may repeat the address.
    message.last_problem = type(problem).__name__
    if message.tries > len(BACK_OFF):
        message.dead_at = now
        log.error("outbox.dead message=%s kind=%s", message.pk, message.kind)
    else:
        message.next_try_at = now + BACK_OFF[message.tries - 1]
        log.warning("outbox.put_off message=%s tries=%s", message.pk, message.tries)
    message.save(update_fields=["last_problem", "dead_at", "next_try_at"])


def _send(message: OutboxMessage) -> None:
    context = {"school": message.school, "link": f"{settings.SITE_URL}{message.path}"}
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    EmailMessage(
        subject=_rendered(f"emails/{message.kind}.subject.txt", context).strip(),
        body=_rendered(f"emails/{message.kind}.txt", context),
        to=[message.address],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def _rendered(name: str, context: dict[str, Any]) -> str:
    # These are plain text: escaped for HTML, a school called St Mary's would not be.
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False))
