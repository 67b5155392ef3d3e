"""Every message as it was sent, for a demonstration in which no mail leaves the machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts import outbox
from accounts.models import Membership, OutboxMessage, School, Way
from accounts.roles import Role

MOST = 100


@dataclass(frozen=True)
class SentMessage:
    """One message: what it is, to which role, its words, and what became of it and when."""

    kind: str
    to: str
    subject: str
    body: str
    became: str
    at: datetime


def sent_messages(school: School, *, at: datetime) -> list[SentMessage]:
    """Return the school's latest messages, newest first; whom they went to is said by role, never by name."""
    rows = list(
        OutboxMessage.objects.for_school(school).select_related("recipient").order_by("-queued_at", "pk")[:MOST]
    )
    titles = _titles(school, {row.recipient_id for row in rows}, on=timezone.localtime(at).date())
    found = []
    for row in rows:
        row.school = school
        to = (
            titles.get(row.recipient_id, "Nobody here any more")
            if row.recipient_id
            else "The contact outside the school"
        )
        became, moment = _became(row)
        found.append(SentMessage(row.kind, to, outbox.subject_of(row.kind), outbox.body_of(row), became, moment))
    return found


def _titles(school: School, user_ids: Iterable[object], *, on: date) -> dict[object, str]:
    held = Membership.objects.for_school(school).filter(user__in=user_ids).held_on(on).order_by("role")
    roles: dict[object, list[str]] = {}
    for user_id, role in held.values_list("user_id", "role"):
        roles.setdefault(user_id, []).append(role)
    # Everybody is a member of staff; it says nothing beside another role.
    told = {user_id: [role for role in held if role != Role.STAFF] or held for user_id, held in roles.items()}
    return {user_id: ", ".join(school.title_of(Role(role)) for role in held) for user_id, held in told.items()}


def _became(row: OutboxMessage) -> tuple[str, datetime]:
    if row.dead_at:
        return "Given up", row.dead_at
    if row.sent_at:
        return Way(row.way or Way.EMAIL).label, row.sent_at
    return "Waits", row.next_try_at
