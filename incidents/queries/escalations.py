"""What was missed, for those who are not shown the duty itself: what the sweep cannot act upon, and what other offices
missed of which this user was told.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.access import Access
from accounts.models import OutboxMessage, SchoolQuerySet
from accounts.roles import Role
from incidents.access import handled_by_user, visible_incidents
from incidents.models import Escalation, Interest, InvolvedPerson, Obligation, ToldConcern
from incidents.queries.obligations import Words
from incidents.routes import EXTERNAL_CONTACT, may_learn, opens_to
from incidents.statuses import Part
from policies.engine.vocabulary import OwnerRole
from policies.models import STUCK
from policies.queries.documents import Titles
from policies.queries.packs import packs_of
from policies.statuses import State

MOST = 8
# What was done since, or is no longer asked for, stands there so long: whoever was told yesterday finds it today.
SHOWN = timedelta(days=7)
_ELSEWHERE = "incidents/duty_missed_elsewhere"
_HANDLERS = (
    *(role.value for role in (Role.DSL, Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD)),
    EXTERNAL_CONTACT,
)
_SEALED = tuple(
    f"obligation__incident__{name}"
    for name in ("narrative", "action_taken", "place_detail", "online_service", "late_reason")
)


@dataclass(frozen=True)
class Stuck:
    """One duty at which the sweep fails again and again, so that nobody is told when it is missed."""

    text: str
    # The case, or nothing where what was told is not written up yet.
    reference: str
    path: str


@dataclass(frozen=True)
class MissedElsewhere:
    """That an office missed a duty, and when. There is nothing else here, so no page can say about whom."""

    who: str
    at: datetime


def stuck_duties(access: Access, *, told: Iterable[ToldConcern] = (), most: int = MOST) -> list[Stuck]:
    """Return what the sweep cannot act upon in the cases this user may open, and among what waits to be written up,
    which the caller has read already; one statement, and none for whoever handles no case.
    """
    if not handled_by_user(access):
        return []
    school = {"school": access.school.slug}
    rows = Obligation.objects.for_school(access.school).filter(
        failures__gte=STUCK, state=State.OPEN, incident__in=visible_incidents(access)
    )
    rows = rows.select_related("incident__adoption").defer("reason", *(name.partition("__")[2] for name in _SEALED))
    found = []
    for row in rows.order_by("severity", F("due_at").asc(nulls_last=True), "pk")[:most]:
        words = Words(access.school, packs_of(row.incident.adoption), at=row.starts_at)
        case = reverse("incident-detail", kwargs={**school, "reference": row.incident.reference})
        found.append(Stuck(words.text(row), row.incident.reference, f"{case}#duty-{row.pk}"))
    waiting = [row for row in told if row.failures >= STUCK]
    paths = [reverse("told-concern-detail", kwargs={**school, "told_id": row.pk}) for row in waiting]
    return found + [Stuck("Write up what was told", "", path) for path in paths]


def missed_elsewhere(access: Access, *, at: datetime, most: int = MOST) -> list[MissedElsewhere]:
    """Return the duties of other offices of which this user was told that they were missed, the latest first: while
    they are open, and a week after. One statement, and none for roles that are never told so.

    Only by a message that was for this user, told to a role they still hold, of a case of which that role may know as
    it stands now. Never of one that opens to them, and never of one in which they or somebody close to them are said
    to have caused harm.
    """
    may = _told_as(access)
    if not may:
        return []
    rungs = Escalation.objects.filter(may, school=access.school, is_reminder=False)
    rungs = rungs.filter(Q(obligation__state=State.OPEN) | Q(at__gt=at - SHOWN))
    rungs = rungs.filter(Exists(_message_to(access.user.pk)))
    off = Interest.objects.filter(user=access.user, ended_at__isnull=True, incident=OuterRef("obligation__incident_id"))
    rungs = rungs.filter(~Exists(off))
    if access.conflicts:
        accused = InvolvedPerson.objects.filter(
            incident=OuterRef("obligation__incident_id"), part=Part.ALLEGED, person__in=access.conflicts
        )
        rungs = rungs.filter(~Exists(accused))
    rungs = rungs.select_related("obligation__incident__adoption").defer("obligation__reason", *_SEALED)
    latest = {rung.obligation_id: rung for rung in reversed(list(rungs.order_by("-at", "pk")[: most * 2]))}
    found = [_missed(access, rung) for rung in sorted(latest.values(), key=lambda rung: rung.at, reverse=True)]
    return found[:most]


def _told_as(access: Access) -> Q:
    """Return, by role of this user, the cases of which it may be told without opening them; empty where none are."""
    told = Q()
    opened = handled_by_user(access)
    team = access.school.safeguarding_team(at=access.at)
    for role in sorted(access.roles - {Role.STAFF}):
        handlers = [
            handler
            for handler in _HANDLERS
            if may_learn(handler, role) and not opens_to(handler, role, team=team) and handler not in opened
        ]
        if handlers:
            told |= Q(told_role=role.value, obligation__incident__handled_by__in=handlers)
    return told


def _message_to(user_id: uuid.UUID) -> SchoolQuerySet:
    """Return the message by which this very user was told of a rung: its key names the duty, the step and the user."""
    words = [Value("missed:"), Cast(OuterRef("obligation_id"), TextField()), Value(":")]
    words += [Cast(OuterRef("step"), TextField()), Value(f":{user_id}")]
    key = Concat(*words, output_field=TextField())
    return OutboxMessage.objects.filter(dedupe_key=key, kind=_ELSEWHERE, recipient=user_id)


def _missed(access: Access, rung: Escalation) -> MissedElsewhere:
    row = rung.obligation
    titles = Titles(access.school, packs_of(row.incident.adoption))
    # A clock that began anew since is due later; what was told then was late then.
    due = row.due_at if row.due_at and row.due_at <= rung.at else rung.at
    return MissedElsewhere(titles.of(OwnerRole(row.owner_role)), due)
