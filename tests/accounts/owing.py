"""Messages that are owed, for tests."""

from datetime import datetime

from accounts import outbox
from accounts.models import School
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
