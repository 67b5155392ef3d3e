"""Who may open a case besides those who handle it: sharing with one person for a time, and confining it to people by
name.

Nothing here ever lets in whom the case is about, or who has nothing to do with it: `access` denies before it asks.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import Permission as ObjectPermission
from django.db import transaction
from django.utils import timezone

from accounts import outbox
from accounts.errors import Refused
from accounts.models import Membership, User
from accounts.operations import users
from incidents import notifications
from incidents.access import barred_from, may_own, named_people, possible_owners
from incidents.events import Event
from incidents.models import NAMED_PEOPLE, CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import chronology, routing
from incidents.queries.people import involved_people
from incidents.routes import EXTERNAL_CONTACT
from incidents.statuses import Kept, Part
from policies.calendars import day_in_words

# A case is shared for as long as somebody needs it, and looked at again after that.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Naming:
    """One person who may open a case, what for, and until which day, the last day included; on a sealed case also
    without one.
    """

    user: User
    purpose: str
    ends_on: date | None


@transaction.atomic
def share(*, incident: Incident, naming: Naming, by: User, at: datetime) -> CaseGrant:
    """Let one person read a case until a day. They read it and add nothing, unless their role lets them.

    Refused: a day that is over or more than a year away, no purpose, and whoever may not be let in.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    today = timezone.localtime(at).date()
    last = naming.ends_on or (today if case.is_sealed else date.max)
    if not today <= last <= today + LONGEST:
        raise Refused("day_wrong", "Choose a day from today on, a year from now at the most.")
    if not naming.purpose.strip():
        raise Refused("purpose_missing", "Write down what they need it for. It is kept with the case.")
    _may_be_let_in(case, naming.user, at)
    if naming.user in possible_owners(case, involved_people(case), at=at):
        raise Refused("reads_already", f"{naming.user.full_name} can open this case already.")
    grant = _grant(case, naming.user, naming.purpose, naming.ends_on, by, at)
    until = f"until {day_in_words(naming.ends_on)}" if naming.ends_on else "as long as it is sealed"
    words = f"{naming.user.full_name} may open it, {until}. {naming.purpose}"
    chronology.append(incident=case, event=Event.GRANTED, by=by, at=at, text=words)
    notifications.named_on_case(incident=case, grant=grant, at=at)
    return grant


@transaction.atomic
def take_back(*, grant: CaseGrant, by: User, at: datetime) -> None:
    """Let somebody open a case no longer, from the next page on.

    Refused on a sealed case: for somebody else who works on it, whom one alone could shut out so; and where nobody
    would be left who works on it for as long as it is sealed.
    """
    case: Incident = Incident.objects.locked(grant.content_object_id)
    user = grant.user
    if case.is_sealed and user.pk != by.pk and may_own(user, case, at=at):
        raise Refused("works_on_it", "They work on this case. Two of you can open it again, and seal it anew.")
    CaseGrant.objects.filter(pk=grant.pk).delete()
    lasting = CaseGrant.objects.filter(content_object=case, ends_on__isnull=True).values_list("user", flat=True)
    left = {one.pk for one in possible_owners(case, involved_people(case), at=at)} if case.is_sealed else set()
    if case.is_sealed and not left & set(lasting):
        raise Refused("nobody_left", "Nobody could work on this case then. Name somebody else first.")
    _leave(case, user)
    if not may_own(user, case, at=at):
        _forget(case, {user.pk}, at)
    words = f"{user.full_name} may not open it any more."
    chronology.append(incident=case, event=Event.GRANT_ENDED, by=by, at=at, text=words)


@transaction.atomic
def seal(*, incident: Incident, named: Sequence[User], reason: str, by: User, at: datetime) -> None:
    """Confine a case to people by name; who does so is one of them. Everybody else learns nothing of it from now on.

    Refused: without a reason, twice, where the case is outside the school, for whoever may not be let in, by whoever
    only reads the case, and where fewer than two of the named could work on it: one alone could never open it again.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    if case.is_sealed:
        raise Refused("sealed_already", "This case is confined to people by name already.")
    if case.handled_by == EXTERNAL_CONTACT:
        raise Refused("outside", "Nobody at the school handles this case.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why only these people may see it. It is kept with the case.")
    wanted = {user.pk: user for user in (by, *named)}
    for user in wanted.values():
        _may_be_let_in(case, user, at)
    handling = possible_owners(case, involved_people(case), at=at)
    if by not in handling:
        raise Refused("not_handling", "Only somebody who handles this case can seal it. Ask one of them.")
    readers = [*handling, *named_people(case, at=at)]
    CaseGrant.objects.filter(content_object=case).exclude(user__in=wanted).delete()
    for user in wanted.values():
        _grant(case, user, reason, None, by, at)
    case.sealed_at, case.sealed_by, case.sealed_reason, case.sealed_from = at, by, reason, case.handled_by
    case.handled_by = NAMED_PEOPLE
    case.save(update_fields=["sealed_at", "sealed_by", "sealed_reason", "sealed_from", "handled_by"])
    if len(possible_owners(case, involved_people(case), at=at)) < 2:
        raise Refused("one_alone", "Choose one person more who can work on cases: only two together can open it again.")
    if case.owner is not None and not may_own(case.owner, case, at=at):
        _leave(case, case.owner)
    _forget(case, {user.pk for user in readers} - set(wanted), at)
    names = ", ".join(user.full_name for user in wanted.values())
    chronology.append(incident=case, event=Event.SEALED, by=by, at=at, text=f"{names}. {reason}")
    for grant in CaseGrant.objects.filter(content_object=case).exclude(user=by).select_related("user"):
        notifications.named_on_case(incident=case, grant=grant, at=at)


@transaction.atomic
def unseal(*, incident: Incident, reason: str, by: User, second: User, at: datetime) -> None:
    """Open a sealed case again to whoever handles such cases; two people who may open it decide that together.

    Refused: a second person who is the first or who may not open it, no reason, and a case that is not sealed.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    if not case.is_sealed:
        raise Refused("not_sealed", "This case is not confined to people by name.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why more people may see it. It is kept with the case.")
    if second.pk == by.pk or not may_own(second, case, at=at):
        raise Refused("second_missing", "A second person who may work on this case has to agree.")
    words = f"Agreed by {by.full_name} and {second.full_name}. {reason}"
    chronology.append(incident=case, event=Event.UNSEALED, by=second, at=at, text=words)
    case.handled_by = case.sealed_from
    case.sealed_at, case.sealed_by, case.sealed_reason, case.sealed_from = None, None, None, ""
    case.save(update_fields=["sealed_at", "sealed_by", "sealed_reason", "sealed_from", "handled_by"])
    CaseGrant.objects.filter(content_object=case, ends_on__isnull=True).delete()
    routing.reroute(incident=case, by=second, at=at)


@transaction.atomic
def step_back(*, incident: Incident, user: User, kind: Kept, reason: str, by: User, at: datetime) -> Interest:
    """Keep somebody away from a case from the next page on: they said that they are too close to it, or were taken off
    it. It goes to somebody else where nobody would be left.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    before: Interest | None = Interest.objects.filter(incident=case, user=user, ended_at__isnull=True).first()
    if before is not None:
        return before
    row = Interest(
        school=case.school,
        incident=case,
        user=user,
        kind=kind.value,
        reason=reason,
        declared_at=at,
        declared_by=by,
    )
    row.save(force_insert=True)
    words = f"{user.full_name}: {kind.label.lower()}. {reason}"
    chronology.append(incident=case, event=Event.INTEREST_DECLARED, by=by, at=at, text=words)
    _leave(case, user)
    _forget(case, {user.pk}, at)
    routing.reroute(incident=case, by=by, at=at)
    return row


@transaction.atomic
def let_back(*, interest: Interest, reason: str, by: User, second: User, at: datetime) -> None:
    """End that somebody is kept away from a case; two people who may open it decide that together, never themselves."""
    case: Incident = Incident.objects.locked(interest.incident_id)
    row: Interest = Interest.objects.select_for_update(no_key=True).select_related("user").get(pk=interest.pk)
    if row.ended_at is not None:
        raise Refused("ended_already", "This was ended already.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    if second.pk == by.pk or not may_own(second, case, at=at):
        raise Refused("second_missing", "A second person who may work on this case has to agree.")
    row.ended_at, row.ended_by, row.ended_reason = at, by, reason
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    words = f"{row.user.full_name}. Agreed by {by.full_name} and {second.full_name}. {reason}"
    chronology.append(incident=case, event=Event.INTEREST_ENDED, by=second, at=at, text=words)


def _grant(case: Incident, user: User, purpose: str, ends_on: date | None, by: User, at: datetime) -> CaseGrant:
    """Name somebody on a case, or say anew what for and until when."""
    view = ObjectPermission.objects.get_by_natural_key("view_incident", "incidents", "incident")
    grant: CaseGrant | None = CaseGrant.objects.filter(content_object=case, user=user).first()
    if grant is None:
        grant = CaseGrant(school=case.school, content_object=case, user=user, permission=view)
    grant.purpose, grant.ends_on, grant.given_at, grant.given_by = purpose, ends_on, at, by
    grant.save()
    users.note_named(user=user, until=ends_on)
    return grant


def _may_be_let_in(case: Incident, user: User, at: datetime) -> None:
    day = timezone.localtime(at).date()
    if not user.is_active or not Membership.objects.for_school(case.school).filter(user=user).held_on(day).exists():
        raise Refused("not_here", "Choose somebody who works or helps at this school.")
    alleged = InvolvedPerson.objects.filter(incident=case, part=Part.ALLEGED, person__isnull=False)
    if user.pk in barred_from(case.pk, list(alleged.values_list("person_id", flat=True))):
        raise Refused("kept_away", f"{user.full_name} may not be let into this case. Choose somebody else.")


def _forget(case: Incident, users: set[uuid.UUID], at: datetime) -> None:
    """Take back what leads people to a case that does not open to them any more."""
    outbox.take_back(school=case.school, users=users, path=case.get_absolute_url(), at=at)


def _leave(case: Incident, user: User) -> None:
    """Take a case from whoever owned it and may not open it any more."""
    if case.owner_id == user.pk:
        case.owner = None
        case.save(update_fields=["owner"])
