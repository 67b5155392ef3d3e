"""Who may see a case: the only place that decides it, and the only way a view gets one.

Deny comes first: whoever a case is about (and their declared relatives) never sees it, whatever their roles, nor does
who said that they are too close to it or was taken off it. Then the handling role decides: the safeguarding team reads
what it handles, a case manager what came to that office. A sealed case is handled by no role; it opens, as a shared one
does, to the people who are named on it. In an emergency the team's cases open for reading to somebody two people agreed
on, for a few hours. Being a superuser opens nothing. A case that is not there, not yours, or of
another school is the same 404.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, Case, Count, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404
from django.utils import timezone

from accounts.access import Access, NeedsProof, access_school
from accounts.models import Person, School, User, among, as_array
from accounts.permissions import Permission
from accounts.queries.approvals import kept_of_approvals
from accounts.queries.members import holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.models import (
    CaseGrant,
    ConcernDraft,
    HeldDevice,
    Incident,
    IncidentQuerySet,
    Interest,
    InvolvedPerson,
    Obligation,
    ToldConcern,
)
from incidents.routes import EXTERNAL_CONTACT
from incidents.statuses import Kept, Part
from policies.engine.vocabulary import Kind, OwnerRole, Strength
from policies.models import OwedQuerySet

_Row = TypeVar("_Row", bound=Model)
_CASE_MANAGERS = (Role.HEADTEACHER, Role.CHAIR_OF_GOVERNORS, Role.TRUST_SAFEGUARDING_LEAD)


def handled_by_user(access: Access) -> list[str]:
    """Return the handling roles whose cases this user's roles open."""
    handlers = [Role.DSL.value] if access.has(Permission.INCIDENT_READ) else []
    if access.has(Permission.ADULT_CASE_MANAGE):
        handlers += [role.value for role in _CASE_MANAGERS if role in access.roles]
    return handlers


def visible_incidents(access: Access, *, in_emergency: bool = False) -> IncidentQuerySet:
    """Return the cases this user may read, and not one that is about them or that they have nothing to do with.

    What is open to them in an emergency is among them only where it is asked for: on the pages that read cases.
    """
    cases = Incident.objects.for_school(access.school)
    handlers = handled_by_user(access)
    # One value is an equality, which lets the queue be read in order straight from its index.
    opened = Q(handled_by=handlers[0]) if len(handlers) == 1 else Q(handled_by__in=handlers)
    if access.may_be_named:
        opened |= Q(pk__in=_named_on(access))
    if in_emergency and access.emergency is not None:
        opened |= Q(handled_by=Role.DSL)
    barred = Interest.objects.filter(user=access.user, ended_at__isnull=True, incident=OuterRef("pk"))
    return cases.filter(opened).not_about(access.conflicts).filter(~Exists(barred))


def cases_by_name(access: Access) -> IncidentQuerySet:
    """Return the cases that this user may open because somebody named them, and not by a role of theirs."""
    if not access.may_be_named:
        return Incident.objects.none()
    handlers = handled_by_user(access)
    return visible_incidents(access).exclude(handled_by__in=handlers).filter(pk__in=_named_on(access))


def _named_on(access: Access) -> QuerySet[CaseGrant, Any]:
    grants = CaseGrant.objects.for_school(access.school).filter(user=access.user).running(access.day)
    named: QuerySet[CaseGrant, Any] = grants.values("content_object")
    return named


def access_incident(access: Access, reference: str, permission: Permission, *, lock: bool = False) -> Incident:
    """Return the case if this user may do this to it; otherwise it does not exist.

    Of a case that few may know of, the one who may is asked first whether it is still them at the keyboard.
    """
    if not _holds(access, permission):
        raise Http404
    cases = visible_incidents(access, in_emergency=permission is Permission.INCIDENT_READ).by_reference(reference)
    cases = cases.annotate(named_number=_number_named(access.day), was_left=Exists(_left_by_somebody()))
    cases = cases.select_for_update(of=("self",), no_key=True) if lock else cases
    found = list(cases.select_related("logged_by", "owner", "acknowledged_by", "adoption")[:1])
    if not found:
        raise Http404
    incident: Incident = found[0]
    if incident.is_restricted and not access.is_proved:
        raise NeedsProof
    incident.school = access.school
    if access.emergency is not None and incident.handled_by not in handled_by_user(access):
        incident.emergency_id = access.emergency.pk
    return incident


def _number_named(day: date) -> Subquery:
    """Count the people named on a case within the statement that reads it."""
    grants = CaseGrant.objects.filter(content_object=OuterRef("pk")).running(day).order_by()
    counted = grants.values("content_object").annotate(number=Count("pk")).values("number")
    return Subquery(counted)


def _left_by_somebody() -> QuerySet[Interest]:
    return Interest.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True)


def kept_from_ledger(access: Access) -> list[str]:
    """Return the targets of the ledger of which this user learns nothing in it: every case, and the concern and the
    devices it began with, that few may know of, that is about them, or that they have nothing to do with; and what two
    people were to agree on about them or a relative.
    """
    barred = Interest.objects.filter(user=access.user, ended_at__isnull=True, incident=OuterRef("pk"))
    cases = Incident.objects.for_school(access.school)
    known = cases.filter(handled_by=Role.DSL).not_about(access.conflicts).filter(~Exists(barred))
    kept = cases.exclude(pk__in=known.values("pk"))
    targets = kept_of_approvals(access)
    for pk, draft_id in kept.values_list("pk", "draft_id"):
        targets += [f"incident:{pk}", f"draft:{draft_id}"]
    devices = HeldDevice.objects.for_school(access.school).filter(incident__in=kept.values("pk"))
    return [*targets, *(f"device:{pk}" for pk in devices.values_list("pk", flat=True))]


def row_of_case(incident: Incident, model: type[_Row], row_id: uuid.UUID) -> _Row:
    """Return a row of a case that its reader was given; one of another case does not exist."""
    row: _Row | None = model._default_manager.filter(incident=incident, pk=row_id).first()
    if row is None:
        raise Http404
    return row


def row_of_grant(incident: Incident, grant_id: uuid.UUID) -> CaseGrant:
    """Return what lets somebody open a case that its reader was given; that of another case does not exist."""
    grant: CaseGrant | None = (
        CaseGrant.objects.filter(content_object=incident, pk=grant_id).select_related("user").first()
    )
    if grant is None:
        raise Http404
    return grant


def find_incident(access: Access, reference: str) -> Incident | None:
    """Return the case of a reference that somebody typed, if they may read it; None is all they learn otherwise."""
    incident: Incident | None = visible_incidents(access).by_reference(reference).first()
    if incident is not None:
        incident.school = access.school
    return incident


def access_person(access: Access, person_id: uuid.UUID) -> Person:
    """Return somebody of the school whose cases this user may look at together; otherwise they do not exist.

    The safeguarding team may look at anybody, a case manager at whoever has a part in a case of that office; nobody at
    themselves or a relative.
    """
    people = Person.objects.for_school(access.school).exclude(pk__in=access.conflicts)
    if not access.has(Permission.INCIDENT_READ):
        named = InvolvedPerson.objects.filter(person=OuterRef("pk"), incident__in=visible_incidents(access))
        people = people.filter(Exists(named))
    person: Person | None = people.filter(pk=person_id).first()
    if person is None:
        raise Http404
    person.school = access.school
    return person


@dataclass(frozen=True)
class DutyInReach:
    """One duty of a case, and whether its reader may open the case too; if not, the duty alone is theirs."""

    obligation: Obligation
    opens_case: bool


def duties_in_reach(access: Access) -> OwedQuerySet:
    """Return what is owed in the cases this user may read, and what their role owes in cases they may not.

    Each has `opens_case`. Of a case they may not read, they learn what their role has to do and nothing else: never of
    one that few may know of, never of one that is about them, and never what is told by itself or only forbidden.
    """
    handlers = handled_by_user(access)
    opened = Q(incident__handled_by__in=handlers)
    if access.may_be_named:
        opened |= Q(incident__in=_named_on(access))
    owed = Obligation.objects.for_school(access.school).filter(opened | owed_by_role(access))
    if access.conflicts:
        accused = InvolvedPerson.objects.filter(
            incident=OuterRef("incident_id"), part=Part.ALLEGED, person__in=access.conflicts
        )
        owed = owed.filter(~Exists(accused))
    off = Interest.objects.filter(user=access.user, ended_at__isnull=True, incident=OuterRef("incident_id"))
    owed = owed.filter(~Exists(off))
    no, yes = (Value(value, output_field=BooleanField()) for value in (False, True))
    found: OwedQuerySet = owed.annotate(
        opens_case=Case(When(opened, then=yes), default=no) if handlers or access.may_be_named else no
    )
    return found


def owed_by_role(access: Access) -> Q:
    """Return what a role of this user owes without the case being theirs; everybody is a member of staff, which is
    nobody's duty.
    """
    roles = [role.value for role in access.roles if role is not Role.STAFF]
    # Whoever logged a concern knows of it, also of one that few may know of.
    mine = Q(owner_role=OwnerRole.REPORTER, incident__logged_by=access.user)
    mine |= Q(owner_role__in=roles, incident__handled_by__in=SAFEGUARDING_TEAM)
    return mine & ~Q(kind=Kind.NOTIFY) & ~Q(strength=Strength.MUST_NOT)


def access_duty(access: Access, duty_id: uuid.UUID) -> DutyInReach:
    """Return a duty this user may discharge; otherwise it does not exist."""
    owed = duties_in_reach(access).filter(pk=duty_id)
    if not access.has(Permission.INCIDENT_WORK):
        owed = owed.filter(opens_case=False)
    found = list(owed.select_related("incident__adoption")[:1])
    if not found:
        raise Http404
    obligation: Obligation = found[0]
    if obligation.incident.is_restricted and obligation.opens_case and not access.is_proved:  # type: ignore[attr-defined]
        raise NeedsProof
    obligation.school = obligation.incident.school = access.school
    return DutyInReach(obligation, obligation.opens_case)  # type: ignore[attr-defined]


def unfinished_cases(school: School) -> IncidentQuerySet:
    """Return every case of a school that is not closed. For the system itself, which shows none of it to anybody."""
    cases: IncidentQuerySet = Incident.objects.for_school(school).unfinished()
    return cases


def may_own(user: User, incident: Incident, *, at: datetime) -> bool:
    """Say whether a user could read and work on the case, and so could own it."""
    try:
        access = access_school(user, incident.school.slug, at=at)
    except Http404:
        return False
    return access.has(Permission.INCIDENT_WORK) and visible_incidents(access).filter(pk=incident.pk).exists()


def possible_owners(incident: Incident, people: list[InvolvedPerson], *, at: datetime) -> list[User]:
    """Return the users who could own the case, by name: those who handle such cases and are not concerned in it."""
    if incident.handled_by == EXTERNAL_CONTACT:
        return []
    if incident.is_sealed:
        return [user for user in named_people(incident, at=at) if may_own(user, incident, at=at)]
    team = incident.school.safeguarding_team(at=at)
    roles = team if incident.handled_by == Role.DSL else frozenset({Role(incident.handled_by)})
    found = {holder.user.pk: holder.user for holder in holders(incident.school, roles, at=at, even_absent=True)}
    alleged = [person.person_id for person in people if person.part == Part.ALLEGED and person.person_id]
    # Most cases are about nobody who could own them, and nobody has left them: what `access_incident` read says so.
    is_for_all = not alleged and not getattr(incident, "was_left", True)
    barred = frozenset() if is_for_all else barred_from(incident.pk, alleged)
    return [user for pk, user in found.items() if pk not in barred]


def named_people(incident: Incident, *, at: datetime) -> list[User]:
    """Return the active users who are named on a case now, by name; whether each may still open it is asked apart."""
    day = timezone.localtime(at).date()
    named = CaseGrant.objects.filter(content_object=incident).running(day).values("user")
    return list(User.objects.filter(pk__in=named, is_active=True).order_by("full_name", "pk"))


# One statement, because it is asked for every page of a case.
_BARRED = """
    SELECT user_id FROM incidents_interest WHERE incident_id = %(case)s AND ended_at IS NULL
    UNION
    SELECT m.user_id FROM accounts_membership m
    WHERE m.person_id = ANY (%(people)s)
        OR m.person_id IN (SELECT related_id FROM accounts_relationship WHERE person_id = ANY (%(people)s))
        OR m.person_id IN (SELECT person_id FROM accounts_relationship WHERE related_id = ANY (%(people)s))
"""


def barred_from(incident_id: uuid.UUID, alleged_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return the users who never open a case: those it is about and their relatives, those who said that they are too
    close to it, and those who were taken off it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BARRED, {"case": incident_id, "people": as_array(alleged_ids)})
        return frozenset(row[0] for row in cursor.fetchall())


def taken_off(incident_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return, by case, the users who have nothing to do with it, whoever it is about. One statement."""
    rows = Interest.objects.filter(incident__in=among(incident_ids), ended_at__isnull=True)
    found: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
    for incident_id, user_id in rows.values_list("incident_id", "user_id"):
        found[incident_id] = found.get(incident_id, frozenset()) | {user_id}
    return found


def apart_from(incident: Incident) -> dict[uuid.UUID, Kept]:
    """Return the users who have nothing to do with a case, and why each was kept away."""
    rows = Interest.objects.filter(incident=incident, ended_at__isnull=True)
    return {user_id: Kept(kind) for user_id, kind in rows.values_list("user_id", "kind")}


def my_concerns(access: Access) -> IncidentQuerySet:
    """Return what this user logged; a reporter always keeps sight of their own words."""
    return Incident.objects.for_school(access.school).filter(logged_by=access.user, is_imported=False)


def sent_from_draft(access: Access, draft_id: uuid.UUID) -> Incident | None:
    """Return what this user sent from a draft, if it was sent."""
    return my_concerns(access).filter(draft_id=draft_id).first()


def access_my_concern(access: Access, reference: str) -> Incident:
    """Return a concern this user logged; otherwise it does not exist."""
    incident = my_concerns(access).by_reference(reference).first()
    if incident is None:
        raise Http404
    incident.school = access.school
    return incident


def access_draft(access: Access, draft_id: uuid.UUID) -> ConcernDraft | None:
    """Return this user's own draft, or nothing where none was saved yet; another's does not exist."""
    draft = ConcernDraft.objects.filter(pk=draft_id).first()
    if draft is None:
        return None
    if draft.school_id != access.school.pk or draft.author_id != access.user.pk:
        raise Http404
    draft.school = access.school
    return draft


def my_drafts(access: Access) -> list[ConcernDraft]:
    """Return this user's unfinished concerns at the school, newest first."""
    drafts = ConcernDraft.objects.for_school(access.school).filter(author=access.user)
    # A late save that crossed the sending leaves a draft of what was sent: nothing is unfinished about it.
    drafts = drafts.exclude(Exists(my_concerns(access).filter(draft_id=OuterRef("pk"))))
    return list(drafts.order_by("-saved_at")[:10])


def visible_told_concerns(access: Access) -> OwedQuerySet:
    """Return what was told and is to be written up, as far as this user may know: their own, what they noted, and for
    the safeguarding team all of it. It names no child.
    """
    told: OwedQuerySet = ToldConcern.objects.for_school(access.school)
    if access.has(Permission.INCIDENT_READ):
        return told
    return told.filter(Q(writer=access.user) | Q(opened_by=access.user))


def access_told_concern(access: Access, told_id: uuid.UUID, *, as_writer: bool = False) -> ToldConcern:
    """Return what was told, if this user may know of it (or has to write it up); otherwise it does not exist."""
    rows = visible_told_concerns(access).filter(pk=told_id).select_related("writer", "opened_by")
    told: ToldConcern | None = (rows.filter(writer=access.user) if as_writer else rows).first()
    if told is None:
        raise Http404
    told.school = access.school
    return told


def _holds(access: Access, permission: Permission) -> bool:
    if access.has(permission):
        return True
    # A case manager reads the cases of that office without holding the queue's permission; who is named reads, no more.
    # So does whoever it is open to in an emergency.
    return permission is Permission.INCIDENT_READ and (
        access.has(Permission.ADULT_CASE_MANAGE) or access.may_be_named or access.emergency is not None
    )
