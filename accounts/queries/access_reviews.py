"""Who may read cases here and why, how they came in, and what there is to ask about it. It shows no case."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Max
from django.utils import timezone

from accounts.audit import SCHOOL_CHAIN
from accounts.models import AccessReview, AuditEvent, Membership, School, User
from accounts.permissions import Permission
from accounts.roles import CASE_READERS, Role

UNUSED_AFTER = timedelta(days=90)
# How the ledger calls it that somebody opened a case; the name is that of another app.
_OPENED = "incident.read"
_OPEN_CASES = frozenset({Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE})
_MANAGERS = frozenset({Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD})
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Held:
    """One role of one person that reads cases: since when, and whether the policy in force lets it."""

    membership: Membership
    title: str
    reads: bool


@dataclass
class Reader:
    """One person who may read cases here, and what there is to ask about them, in words."""

    user: User
    held: list[Held] = field(default_factory=list)
    # The last time they opened a case of the safeguarding team that the asker may know of.
    read_at: datetime | None = None
    questions: list[str] = field(default_factory=list)

    @property
    def is_counted(self) -> bool:
        """Say whether what they open stands in the school's ledger; a case manager's cases have their own."""
        return not any(one.membership.role in _MANAGERS for one in self.held)


@dataclass(frozen=True)
class Left:
    """One account whose roles here are all over, although it still opens."""

    user: User
    last_title: str
    ended_on: date


@dataclass(frozen=True)
class Review:
    """Everything there is to look at, and when somebody last did."""

    readers: list[Reader]
    left: list[Left]
    latest: AccessReview | None
    is_due: bool

    @property
    def in_question(self) -> int:
        """How many of those who may read cases there is something to ask about."""
        return sum(bool(reader.questions) for reader in self.readers)


def review_of(school: School, *, without: Collection[str], at: datetime) -> Review:
    """Return who may read cases and what there is to ask about it, by name. A fixed number of statements.

    `without` names what the asker must not learn of in the ledger: that somebody opened such a case tells of it.
    """
    today = timezone.localtime(at).date()
    readers = _readers(school, today, at)
    ids = [reader.user.pk for reader in readers]
    proved = set(Authenticator.objects.filter(user__in=ids, type__in=_FACTORS).values_list("user_id", flat=True))
    opened = _opened(school, ids, without)
    for reader in readers:
        reader.read_at = opened.get(str(reader.user.pk)) if reader.is_counted else None
        reader.questions = _questions(reader, today=today, has_factor=reader.user.pk in proved, at=at)
    latest = AccessReview.objects.for_school(school).select_related("reviewed_by").order_by("-reviewed_at").first()
    return Review(readers, _left(school, today), latest, is_due=latest is None or latest.next_on <= today)


def earlier_reviews(school: School) -> list[AccessReview]:
    """Return the last looks at it, the latest first."""
    rows = AccessReview.objects.for_school(school).select_related("reviewed_by")
    return list(rows.order_by("-reviewed_at")[:10])


def _readers(school: School, today: date, at: datetime) -> list[Reader]:
    rows = Membership.objects.for_school(school).held_on(today).filter(role__in=CASE_READERS, user__is_active=True)
    found: dict[uuid.UUID, Reader] = {}
    for row in rows.select_related("user", "person").order_by("user__full_name", "user_id", "starts_on"):
        role = Role(row.role)
        reads = bool(school.permissions_of(role, at=at) & _OPEN_CASES)
        reader = found.setdefault(row.user_id, Reader(row.user))
        reader.held.append(Held(row, school.title_of(role), reads))
    return list(found.values())


def _opened(school: School, ids: list[uuid.UUID], without: Collection[str]) -> dict[str, datetime]:
    """Return when each last opened a case, from the ledger of the school; those that few may know of have their own."""
    rows = AuditEvent.objects.filter(chain__school=school, chain__name=SCHOOL_CHAIN, event=_OPENED)
    rows = rows.filter(actor__in=[str(pk) for pk in ids]).exclude(target__in=list(without))
    return dict(rows.order_by().values_list("actor").annotate(last=Max("at")))


def _questions(reader: Reader, *, today: date, has_factor: bool, at: datetime) -> list[str]:
    found = []
    if any(one.membership.person.left_on and one.membership.person.left_on <= today for one in reader.held):
        found.append("Has left the school, and still holds the role.")
    if not has_factor:
        found.append("Has no second factor, and can open no case until they set one up.")
    begun = any(one.membership.starts_on <= today - UNUSED_AFTER for one in reader.held)
    last = reader.user.last_login
    if begun and (last is None or last < at - UNUSED_AFTER):
        found.append("Has not signed in for 90 days." if last else "Has never signed in.")
    elif begun and reader.is_counted and (reader.read_at is None or reader.read_at < at - UNUSED_AFTER):
        found.append("Has opened no case for 90 days.")
    if not any(one.reads for one in reader.held):
        found.append("The adopted policy lets this role open no case.")
    return found


def _left(school: School, today: date) -> list[Left]:
    """Return the accounts that still open although every role of theirs, at whatever school, is over."""
    running = Membership.objects.exclude(ends_on__lt=today).values("user")
    rows = Membership.objects.for_school(school).filter(user__is_active=True, ends_on__lt=today)
    ended: dict[uuid.UUID, Left] = {}
    for row in rows.exclude(user__in=running).select_related("user").order_by("ends_on"):
        if row.ends_on is not None:
            ended[row.user_id] = Left(row.user, school.title_of(Role(row.role)), row.ends_on)
    return sorted(ended.values(), key=lambda one: (one.user.full_name, str(one.user.pk)))
