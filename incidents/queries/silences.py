"""Cases on which it has been quiet for too long: what nobody would notice because nothing happens.

Unread for hours, no entry for days, owned by somebody who is away or reads it no longer, and one pupil of several
low-level concerns with nobody looking at them together.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import Access
from accounts.models import Absence, Membership, PersonKind
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import handled_by_user, visible_incidents
from incidents.models import ChronologyEntry, IncidentQuerySet, InvolvedPerson
from incidents.statuses import Level, Outcome, Part, Status

# A concern that nobody has acknowledged for so long.
UNREAD_AFTER = timedelta(hours=4)
# A case without an entry for so long; the second is for danger and high.
STILL_AFTER = timedelta(days=10)
STILL_AFTER_URGENT = timedelta(days=3)
# So many low-level concerns about one pupil within so long.
PATTERN_OF, PATTERN_WITHIN = 3, timedelta(days=30)
MOST = 8

_AT_WORK = (Status.OPEN, Status.MONITORING)
_FOLLOWED_UP = (Outcome.RESOLVED, Outcome.REFERRED_ON, Outcome.TRANSFERRED)


class Quiet(StrEnum):
    """In which way it is quiet."""

    UNREAD = "unread"
    STILL = "still"
    OWNER_AWAY = "owner_away"
    PATTERN = "pattern"

    @property
    def sentence(self) -> str:
        """What is the matter."""
        return {
            "unread": "Nobody has acknowledged it",
            "still": "Nothing was written down about it",
            "owner_away": "Its owner is away, or reads it no longer",
            "pattern": "At least three low-level concerns about one pupil in 30 days, and none was followed up",
        }[self.value]


@dataclass(frozen=True)
class Silence:
    """One case on which it is quiet: in which way, and since when. Of a pattern, the latest case and all of them."""

    kind: Quiet
    case_id: uuid.UUID
    reference: str
    since: datetime
    case_ids: tuple[uuid.UUID, ...]


def silences(access: Access, *, at: datetime) -> list[Silence]:
    """Return what has been quiet too long among the cases this user may open, the most urgent first; two queries."""
    if not handled_by_user(access):
        return []
    cases = visible_incidents(access)
    return [*quiet_cases(cases, at=at, most=MOST), *patterns(cases, at=at, most=MOST)][:MOST]


def quiet_cases(cases: IncidentQuerySet, *, at: datetime, most: int | None = None) -> list[Silence]:
    """Return those of the cases that are unread, without an entry or without an owner who is here, each once."""
    # What the system writes by itself is no sign that anybody looked.
    entries = ChronologyEntry.objects.filter(incident=OuterRef("pk"), by__isnull=False).order_by("-at").values("at")
    last = Coalesce(Subquery(entries[:1]), F("logged_at"))
    known = cases.unfinished().annotate(last_entry_at=last, owner_is_here=_owner_is_here(at))
    urgent = Q(level__lte=Level.HIGH)
    unread = Q(status=Status.REPORTED, logged_at__lt=at - UNREAD_AFTER)
    still = Q(last_entry_at__lt=at - STILL_AFTER) | (urgent & Q(last_entry_at__lt=at - STILL_AFTER_URGENT))
    away = Q(owner__isnull=False, owner_is_here=False)
    quiet = known.filter(unread | (~Q(status=Status.REPORTED) & still) | away).in_queue_order()
    columns = ("pk", "reference", "status", "logged_at", "last_entry_at", "owner_id", "owner_is_here")
    return [_silence(values, at) for values in quiet.values_list(*columns)[:most]]


def patterns(cases: IncidentQuerySet, *, at: datetime, most: int | None = None) -> list[Silence]:
    """Return, for each pupil of several low-level concerns that nobody followed up, the latest of these cases.

    Somebody follows up who works on a case of that pupil, or has closed one of them with more than a word for it.
    """
    parts = InvolvedPerson.objects.filter(part__in=(Part.HARMED, Part.ALLEGED), person__kind=PersonKind.PUPIL)
    # The few who are named in several such concerns, by way of the concerns; only then all that is known of each.
    lately = cases.filter(level=Level.LOW, logged_at__gte=at - PATTERN_WITHIN)
    several = parts.filter(incident__in=lately).values("person").annotate(number=Count("incident", distinct=True))
    concerned = parts.filter(incident__in=cases, person__in=several.filter(number__gte=PATTERN_OF).values("person"))
    recent = Q(incident__level=Level.LOW, incident__logged_at__gte=at - PATTERN_WITHIN)
    followed_up = Q(incident__status__in=_AT_WORK) | (
        Q(incident__outcome__in=_FOLLOWED_UP) & Q(incident__closed_at__gte=at - PATTERN_WITHIN)
    )
    rows = (
        concerned.values("person")
        .annotate(
            number=Count("incident", filter=recent, distinct=True),
            followed=Count("incident", filter=followed_up),
            latest=Max("incident__logged_at", filter=recent),
            found=ArrayAgg("incident", filter=recent, order_by="-incident__logged_at"),
            references=ArrayAgg("incident__reference", filter=recent, order_by="-incident__logged_at"),
        )
        .filter(number__gte=PATTERN_OF, followed=0)
        .order_by("-latest")
    )
    return [
        Silence(Quiet.PATTERN, row["found"][0], row["references"][0], row["latest"], tuple(row["found"]))
        for row in rows[:most]
    ]


def _owner_is_here(at: datetime) -> Exists:
    """Return the condition that a case's owner still holds a role to which it opens, and is not away."""
    team = [role.value for role in SAFEGUARDING_TEAM]
    held = Membership.objects.filter(school=OuterRef("school"), user=OuterRef("owner"), user__is_active=True)
    held = held.annotate(handler=ExpressionWrapper(OuterRef("handled_by"), output_field=CharField()))
    held = held.filter(Q(role=F("handler")) | Q(role__in=team, handler=Role.DSL.value))
    away = Absence.objects.covering(at).filter(school=OuterRef("school"), user=OuterRef("user"))
    return Exists(held.held_on(timezone.localtime(at).date()).filter(~Exists(away)))


def _silence(values: tuple[Any, ...], at: datetime) -> Silence:
    pk, reference, status, logged_at, last_at, owner_id, owner_is_here = values
    if status == Status.REPORTED and logged_at < at - UNREAD_AFTER:
        kind, since = Quiet.UNREAD, logged_at
    elif owner_id is not None and not owner_is_here:
        kind, since = Quiet.OWNER_AWAY, last_at
    else:
        kind, since = Quiet.STILL, last_at
    return Silence(kind, pk, reference, since, (pk,))
