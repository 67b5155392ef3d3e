"""Messages that are owed, for tests."""

from datetime import datetime

from accounts import outbox
from accounts.models import OutboxMessage, School
from tests.factories import NOW


def owe(school: School, count: int = 1, *, at: datetime = NOW, kind: str = "incidents/new_concern") -> None:
    """Queue messages to different addresses."""
    for number in range(count):
        outbox.queue(
            school=school,
            kind=kind,
            path=f"/s/{school.slug}/",
            dedupe_key=f"test:{school.slug}:{kind}:{at.isoformat()}",
            at=at,
            address=f"reader{number}@school.example",
        )


def backlog(like: OutboxMessage, count: int, *, at: datetime) -> None:
    """Owe so many messages that differ in nothing but their readers, as the rows they are."""
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            school=like.school,
            kind=like.kind,
            path=like.path,
            address=f"{number}.{like.address}",
            dedupe_key=f"backlog:{like.kind}:{number}",
            queued_at=at,
            next_try_at=at,
        )
        for number in range(count)
    )
