"""Messages: queued in the caller's transaction, delivered by a sweep.

Delivery is at least once. A claim pushes the row's next try into the future before anything is sent, so a sender that
dies leaves a row that the next sweep takes up; the retry carries the same `Message-ID`. After the last try the row is
dead and shows on the first page of whoever runs the school. A message says only that something needs its reader.

What can wait (`MAY_WAIT`) waits where its reader asked for it: until a quiet time is over, or for the one message of
the day, or it only stands on their first page. Everything else is sent at once, whatever anybody chose.
"""

import hashlib
import logging
import re
import smtplib
import time
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import F
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse

from accounts.models.audit import SignedEnd
from accounts.models.outbox import OutboxMessage, Way
from accounts.models.preferences import Mail, Preference
from accounts.models.schools import School
from accounts.models.users import User

log = logging.getLogger(__name__)

# Longer than one sending can take: each message is claimed by itself, just before it is sent.
LEASE = timedelta(minutes=5)
# A sweep ends before it is late for the health check; what is left waits for the next one.
LONGEST_SWEEP_SECONDS = 90.0
# Three days in all, as long as a weekend: short steps while a hiccup may pass, longer ones while a mail server is down.
# Four hours after it is back everything has been tried again.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, *[240] * 17))
# A second failure comes soon after the first, or the first says that there is no such address: somebody else is told.
FAILING_TRIES = 2
_NO_SUCH_ADDRESS = range(500, 600)
_UUID = re.compile(r"[0-9a-f-]{36}")

# The only kinds that may be held back. Danger, a new concern, a duty that is due or missed never stand here.
MAY_WAIT = frozenset(
    {
        "accounts/role_given",
        "incidents/concern_closed",
        "incidents/owner_set",
        "incidents/question_answered",
        "incidents/question_asked",
    }
)
DIGEST = "accounts/digest"
# The one kind that says something of its own: a signature, which proves and tells nothing.
END = "accounts/ledger_end"


@dataclass(frozen=True)
class Message:
    """One message that is to be owed, to users or to a bare address, in the words of `queue`."""

    school: School
    kind: str
    path: str
    dedupe_key: str
    recipients: Sequence[User] = ()
    address: str = ""
    # Ids of what is settled once it got through; whoever they belong to asks `delivered`.
    about: tuple[uuid.UUID, ...] = ()

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each reader, by the names of its columns."""
        said = {
            "school_id": self.school.pk,
            "kind": self.kind,
            "path": self.path,
            "about": self.about,
            "is_awaited": bool(self.about),
        }
        rows = [
            {**said, "recipient_id": user.pk, "address": user.email, "dedupe_key": f"{self.dedupe_key}:{user.pk}"}
            for user in self.recipients
        ]
        if self.address:
            # A digest: an address may be longer than the column, and a key is no place for one.
            digest = hashlib.sha256(self.address.encode()).hexdigest()[:32]
            key = f"{self.dedupe_key}:{digest}"
            rows.append({**said, "recipient_id": None, "address": self.address, "dedupe_key": key})
        return rows


def queue(
    *,
    school: School,
    kind: str,
    path: str,
    dedupe_key: str,
    at: datetime,
    recipients: Sequence[User] = (),
    address: str = "",
    about: tuple[uuid.UUID, ...] = (),
) -> None:
    """Owe one message to each user (or to a bare address). The same `dedupe_key` and recipient twice is one message.

    `kind` names the templates `emails/<kind>.subject.txt` and `emails/<kind>.txt`; `path` is the page to open.
    """
    queue_many([Message(school, kind, path, dedupe_key, recipients, address, about)], at=at)


def queue_many(messages: Iterable[Message], *, at: datetime) -> None:
    """Owe many messages in one statement, each as `queue` does."""
    rows = [row for message in messages for row in message.rows()]
    OutboxMessage.objects.insert_rows(rows, alike={"queued_at": at, "next_try_at": at}, skip_known=True)


def delivered(*, limit: int = 1000, lock: bool = False) -> list[OutboxMessage]:
    """Return what got through and settles something, the oldest first; locked, without what another sweep holds."""
    rows = OutboxMessage.objects.filter(is_awaited=True, sent_at__isnull=False).order_by("sent_at")
    rows = rows.select_for_update(skip_locked=True) if lock else rows
    return list(rows.only("id", "about", "sent_at")[:limit])


def stop_awaiting(messages: Iterable[OutboxMessage]) -> int:
    """Take what messages settle for settled; return how many."""
    return OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(is_awaited=False)


def deliver_due(now: datetime, *, limit: int = 500) -> int:
    """Send what is due, the most urgent first, then the oldest; return how many were sent. Any number may run at once.

    What is queued while this goes on takes its place too: a call for help never waits for a backlog. What failed is not
    tried again before the next time.
    """
    began = time.monotonic()
    sent = 0
    for _ in range(limit):
        passed = time.monotonic() - began
        message = _claim(now, due_by=now + timedelta(seconds=passed)) if passed < LONGEST_SWEEP_SECONDS else None
        if message is None:
            break
        sent += _deliver(message, now)
    return sent


def put_aside(*, message: OutboxMessage, at: datetime) -> None:
    """Look at a failing message again in a while: nobody else could be told of it now."""
    OutboxMessage.objects.filter(pk=message.pk, passed_on_at__isnull=True).update(failing_at=at + LEASE)


def settle_before(moment: datetime) -> int:
    """Take what was queued before a moment for sent and read at once; return how many. For made-up histories."""
    owed = OutboxMessage.objects.filter(sent_at__isnull=True, dead_at__isnull=True, queued_at__lt=moment)
    return owed.update(sent_at=F("queued_at"), read_at=F("queued_at"), way=Way.EMAIL)


def release(*, user: User, at: datetime) -> int:
    """Look anew at what is held back for a user, whose wishes have changed; return how many."""
    held = OutboxMessage.objects.unread_by(user).filter(sent_at__isnull=True, dead_at__isnull=True, tries=0)
    return held.filter(next_try_at__gt=at).update(way="", next_try_at=at)


def mark_read(*, school: School, user: User, at: datetime, message_id: uuid.UUID | None = None) -> int:
    """Take one of a user's messages, or all of them, for read; return how many. What waited is then not sent at all."""
    unread = OutboxMessage.objects.for_school(school).unread_by(user)
    return (unread.filter(pk=message_id) if message_id else unread).update(read_at=at)


def take_back(*, school: School, users: Collection[uuid.UUID], path: str, at: datetime) -> int:
    """Take for read what leads some users to a page, or below it, that is no longer theirs; return how many. What was
    not sent yet never is.
    """
    unread = OutboxMessage.objects.for_school(school).filter(
        recipient__in=users, read_at__isnull=True, path__startswith=path
    )
    unread.filter(sent_at__isnull=True, dead_at__isnull=True).update(sent_at=at, way=Way.IN_APP, is_awaited=False)
    return unread.update(read_at=at)


def failing(now: datetime, *, limit: int = 100) -> list[OutboxMessage]:
    """Return what bounced or failed a second time, itself or by the message of the day, and neither got through since
    nor was passed on; the longest waiting first.
    """
    rows = OutboxMessage.objects.filter(failing_at__lte=now, passed_on_at__isnull=True)
    return list(rows.select_related("school", "recipient").order_by("failing_at", "pk")[:limit])


def pass_on(*, message: OutboxMessage, at: datetime) -> bool:
    """Settle, inside the caller's transaction, that somebody else was told; True for one caller only, however many."""
    rows = OutboxMessage.objects.filter(pk=message.pk, passed_on_at__isnull=True)
    return rows.update(passed_on_at=at) == 1


def dead_count(school: School) -> int:
    """Return how many of the school's messages could not be delivered."""
    return OutboxMessage.objects.for_school(school).dead().count()


def _claim(now: datetime, *, due_by: datetime) -> OutboxMessage | None:
    table = OutboxMessage._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table} SET next_try_at = %s, tries = tries + 1
            WHERE id = (
                SELECT id FROM {table}
                WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= %s AND (tries = 0 OR next_try_at <= %s)
                ORDER BY urgency, next_try_at, queued_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,  # noqa: S608 - the table's name is ours
            [now + LEASE, due_by, now],
        )
        claimed = cursor.fetchone()
    if claimed is None:
        return None
    return OutboxMessage.objects.select_related("school", "recipient__preference").get(pk=claimed[0])


def _deliver(message: OutboxMessage, now: datetime) -> int:
    preference: Preference | None = getattr(message.recipient, "preference", None)
    if message.kind in MAY_WAIT and (message.read_at or preference):
        if message.read_at or (preference and preference.mail == Mail.IN_APP):
            return _settle(message, Way.IN_APP, now)
        if preference and preference.mail == Mail.DIGEST:
            return _count_for_the_day(message, preference, now)
        if preference and preference.after_quiet(now) > now:
            return _hold_back(message, "", preference.after_quiet(now))
    try:
        _send(message)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with one message, the others must not wait for it
        _put_off(message, now, problem)
        return 0
    _settle(message, Way.EMAIL, now)
    return 1


def _settle(message: OutboxMessage, way: Way, now: datetime) -> int:
    if message.kind == DIGEST and message.tries > 1:
        OutboxMessage.objects.filter(digest=message).update(failing_at=None)
    message.sent_at, message.way, message.last_problem, message.failing_at = now, way, "", None
    message.save(update_fields=["sent_at", "way", "last_problem", "failing_at"])
    return 0


def _hold_back(message: OutboxMessage, way: str, until: datetime) -> int:
    # Held back is not tried: the claim counted it.
    message.way, message.next_try_at, message.tries = way, until, message.tries - 1
    message.save(update_fields=["way", "next_try_at", "tries"])
    return 0


def _count_for_the_day(message: OutboxMessage, preference: Preference, now: datetime) -> int:
    """Hold a message back for the message of the day; when that one is due, owe it, and settle all it counts."""
    if message.way != Way.DIGEST:
        return _hold_back(message, Way.DIGEST, preference.next_digest(now))
    with transaction.atomic():
        # Also those that another sweep has claimed: it finds them settled when this one is done.
        held = (
            OutboxMessage.objects.select_for_update()
            .for_school(message.school)
            .filter(recipient=message.recipient, way=Way.DIGEST, sent_at__isnull=True, dead_at__isnull=True)
        )
        rows = {row.pk: row for row in held.order_by("pk")}
        unread = [pk for pk, row in rows.items() if row.read_at is None]
        digest = _digest(message, now) if unread else None
        OutboxMessage.objects.filter(pk__in=unread).update(sent_at=now, last_problem="", digest=digest)
        read = OutboxMessage.objects.filter(pk__in=rows.keys() - set(unread))
        read.update(sent_at=now, last_problem="", way=Way.IN_APP)
    return 0


def _digest(first: OutboxMessage, now: datetime) -> OutboxMessage:
    """Owe the message of the day to the reader of the first one it counts."""
    digest = OutboxMessage(
        school=first.school,
        kind=DIGEST,
        recipient=first.recipient,
        address=first.address,
        path=reverse("school-home", kwargs={"school": first.school.slug}),
        # A message is counted in one message of the day at most.
        dedupe_key=f"digest:{first.pk}",
        queued_at=now,
        next_try_at=now,
    )
    digest.save(force_insert=True)
    return digest


def _put_off(message: OutboxMessage, now: datetime, problem: Exception) -> None:
    # The kind of the problem only: a mail server's words may repeat the address.
    message.last_problem = type(problem).__name__
    if message.tries >= FAILING_TRIES or _has_bounced(problem):
        _call_failing(message, now)
    if message.tries > len(BACK_OFF):
        message.dead_at = now
        log.error("outbox.dead message=%s kind=%s", message.pk, message.kind)
    else:
        message.next_try_at = now + BACK_OFF[message.tries - 1]
        log.warning("outbox.put_off message=%s tries=%s", message.pk, message.tries)
    message.save(update_fields=["last_problem", "dead_at", "next_try_at", "failing_at"])


def _call_failing(message: OutboxMessage, now: datetime) -> None:
    if message.kind == DIGEST:
        # What it counts is what somebody else has to know of.
        OutboxMessage.objects.filter(digest=message, failing_at__isnull=True).update(failing_at=now)
    elif message.failing_at is None:
        message.failing_at = now


def _has_bounced(problem: Exception) -> bool:
    """Say whether the mail server refused the address for good, and not only for now."""
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return False
    return all(code in _NO_SUCH_ADDRESS for code, _ in problem.recipients.values())


def subject_of(kind: str) -> str:
    """Return what stands above every message of a kind."""
    return _rendered(f"emails/{kind}.subject.txt", {}).strip()


def body_of(message: OutboxMessage) -> str:
    """Return what a message says."""
    context: dict[str, Any] = {"school": message.school, "link": f"{settings.SITE_URL}{message.path}"}
    if message.kind == DIGEST:
        count = OutboxMessage.objects.filter(digest=message).count()
        context["things"] = "1 thing needs you" if count == 1 else f"{count} things need you"
    if message.kind == END:
        context["end"] = _signed_end(message)
    return _rendered(f"emails/{message.kind}.txt", context)


def _signed_end(message: OutboxMessage) -> str:
    """Return the signed end that a message brings: its key names it, and it can never change."""
    row_id = message.dedupe_key.removeprefix(f"{END}:")[:36]
    found = SignedEnd.objects.for_school(message.school).filter(pk=row_id) if _UUID.fullmatch(row_id) else ()
    return next((row.text for row in found), "")


def _send(message: OutboxMessage) -> None:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    EmailMessage(
        subject=subject_of(message.kind),
        body=body_of(message),
        to=[message.address],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def _rendered(name: str, context: dict[str, Any]) -> str:
    # These are plain text: escaped for HTML, a school called St Mary's would not be.
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False))
