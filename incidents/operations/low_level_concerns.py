"""Concerns about adults that are below the harm threshold: entered, looked at together, decided.

They are kept as a case about an adult is: by the office that handles such cases, never by whoever it is about or a
relative, with a chain of their own in the audit.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import Membership, Person, School, User
from accounts.roles import Role
from incidents import notifications
from incidents.access import apart_from
from incidents.allegations import LowLevelDecision, LowLevelKind
from incidents.events import Event
from incidents.models import Incident, LowLevelConcern
from incidents.operations.incidents import Concern, Involved, Origin, report_concern
from incidents.routes import About, Route, choose_route, headteachers, highest
from incidents.statuses import Part, Place, Precision
from incidents.words import as_typed
from policies.engine.taxonomy import Category

_ABOVE_THE_HEAD = (Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD)


@dataclass(frozen=True)
class Told:
    """What an adult did, who they are as far as known, and who shared it."""

    kind: LowLevelKind
    what: str
    shared_by: str
    person: Person | None = None
    description: str = ""
    context: str = ""
    happened_on: date | None = None
    is_self_referral: bool = False


@transaction.atomic
def enter(*, school: School, told: Told, by: User, at: datetime, came_from: Incident | None = None) -> LowLevelConcern:
    """Enter a concern for the office that keeps such ones, which may be a higher one than that of whoever enters it;
    they are told then. It never falls below that office, nor below the one that handles the case it came from.
    """
    _check(told, at)
    least = highest(_own_office(school, by, at), came_from.handled_by if came_from else "")
    off = frozenset(apart_from(came_from)) if came_from else frozenset()
    route = _route(school, told.person, at, off=off, least=least)
    row = LowLevelConcern(
        school=school,
        person=told.person,
        description=None if told.person else told.description,
        handled_by=route.handled_by,
        kind=told.kind.value,
        what=told.what,
        context=as_typed(told.context),
        shared_by=told.shared_by,
        is_self_referral=told.is_self_referral,
        happened_on=told.happened_on,
        recorded_at=at,
        recorded_by=by,
        came_from=came_from,
    )
    row.save(force_insert=True)
    _record(row, Event.LOW_LEVEL_RECORDED, by, at)
    others = [user for user in route.recipients if user.pk != by.pk]
    if others:
        notifications.low_level_entered(concern=row, recipients=others, at=at)
    return row


@transaction.atomic
def decide(
    *, concern: LowLevelConcern, decision: LowLevelDecision, reason: str, by: User, at: datetime
) -> LowLevelConcern:
    """Keep what was decided about a concern, and why; what may meet the harm threshold becomes a case.

    Refused without a reason, and once it was decided: another concern about the same person is entered by itself.
    """
    held = LowLevelConcern.objects.select_for_update(of=("self",), no_key=True).select_related("school", "person")
    row: LowLevelConcern = held.get(pk=concern.pk)
    if row.decision:
        raise Refused("decided_already", f"This was decided already: {row.decision_label.lower()}.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept.")
    row.decision, row.decision_reason, row.decided_at, row.decided_by = decision.value, reason, at, by
    if decision is LowLevelDecision.ALLEGATION:
        row.became = _case_of(row, reason, by, at)
    row.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by", "became"])
    _record(row, Event.LOW_LEVEL_DECIDED, by, at)
    return row


@transaction.atomic
def note_read(*, concern: LowLevelConcern, by: User, at: datetime) -> None:
    """Record that somebody read a concern."""
    _record(concern, Event.LOW_LEVEL_READ, by, at)


def _check(told: Told, at: datetime) -> None:
    if told.person is None and not told.description.strip():
        raise Refused("nobody_named", "Choose somebody, or describe them.")
    if not told.what.strip():
        raise Refused("what_missing", "Write down what they did or said.")
    if not told.shared_by.strip():
        raise Refused("shared_by_missing", "Write down who shared it, or that they want no name here.")
    if told.happened_on is not None and told.happened_on > timezone.localtime(at).date():
        raise Refused("happened_in_future", "That is in the future. Check the date.")


def _own_office(school: School, by: User, at: datetime) -> str:
    """Return the office above the headteacher that somebody holds; nothing where they hold none."""
    held = Membership.objects.for_school(school).filter(user=by, role__in=_ABOVE_THE_HEAD)
    return highest("", *held.held_on(timezone.localtime(at).date()).values_list("role", flat=True))


def _route(school: School, person: Person | None, at: datetime, *, off: frozenset[uuid.UUID], least: str) -> Route:
    """Return who keeps it: as with an allegation, never whom it is about."""
    heads = headteachers(school, at=at)
    ids = frozenset({person.pk}) if person else frozenset()
    about = About.HEADTEACHER if ids & frozenset(heads) else About.ADULT
    alleged = ids | (frozenset(heads) if about is About.HEADTEACHER else frozenset())
    return choose_route(school, about=about, alleged_ids=alleged, at=at, off=off, least=least)


def _case_of(row: LowLevelConcern, reason: str, by: User, at: datetime) -> Incident:
    """Log the case that it becomes: it goes to whoever handles such concerns, and to no office below the one that kept
    it, with what the policy asks of it.
    """
    apart = apart_from(row.came_from) if row.came_from else {}
    happened = timezone.make_aware(datetime.combine(row.happened_on, datetime.min.time())) if row.happened_on else None
    concern = Concern(
        category=Category.CONDUCT,
        narrative=f"{row.what}\n\n{row.context}" if row.context else row.what,
        action_taken=f"It was in the register of low-level concerns. {reason}",
        place=Place.UNKNOWN,
        became_aware_at=row.recorded_at,
        happened_at=happened,
        happened_precision=Precision.DAY if happened else Precision.UNKNOWN,
        about=About.ADULT,
        people=[Involved(Part.ALLEGED, row.person, "" if row.person else row.name)],
    )
    origin = Origin(least=row.handled_by, apart=apart)
    return report_concern(school=row.school, by=by, at=at, draft_id=uuid.uuid4(), concern=concern, origin=origin)


def _record(row: LowLevelConcern, event: Event, by: User, at: datetime) -> None:
    audit.record(
        school=row.school,
        actor=by,
        event=event,
        target=f"low_level_concern:{row.pk}",
        summary=f"{event.label}.",
        at=at,
        chain=row.audit_chain,
    )
