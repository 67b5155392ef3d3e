"""A case goes to somebody else: whoever it is about, or is too close to it, was found among those who handled it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import outbox
from accounts.models import Membership, School, User
from accounts.queries.members import holders
from accounts.queries.recipients import kept_away
from accounts.roles import Role
from incidents import notifications
from incidents.access import may_own, possible_owners, taken_off, unfinished_cases
from incidents.events import Event
from incidents.models import CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import chronology, obligations
from incidents.queries.people import involved_people
from incidents.routes import EXTERNAL_CONTACT, About, Route, choose_route, headteachers
from incidents.statuses import Part


@transaction.atomic
def reroute(*, incident: Incident, by: User | None, at: datetime, is_about_adult: bool | None = None) -> Route | None:
    """Hand a case to whoever may handle it now, as far up as it has to go; None where it stays where it is.

    It never comes back down by itself, and is never left with nobody. Whoever owned it and may not open it any more
    owns it no longer; those who handle it now are told, and their duties begin. A sealed case stays with the people
    named on it while one of them can work on it. `is_about_adult` says anew whether it is about an adult who works or
    helps here.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    if is_about_adult is not None and is_about_adult != case.is_about_adult:
        case.is_about_adult = is_about_adult
        case.save(update_fields=["is_about_adult"])
    before = {user.pk for user in possible_owners(case, involved_people(case), at=at)}
    route = _route(case, at)
    moves = route.handled_by != case.handled_by and not (case.is_sealed and _is_worked_on(case, at))
    if moves:
        _hand_over(case, route, by, at)
    _mind_owner(case, at)
    if not moves:
        return None
    gone = before - {user.pk for user in possible_owners(case, involved_people(case), at=at)}
    outbox.take_back(school=case.school, users=gone, path=case.get_absolute_url(), at=at)
    obligations.apply(incident=case, at=at)
    notifications.rerouted(incident=case, route=route, at=at)
    return route


def rehome(*, now: datetime) -> int:
    """Hand on every unfinished case that nobody can work on any more; return how many there were.

    Offices are left empty, people leave, become relatives or take the office of a case about them: none of this asks
    for the cases. That somebody is named on a case ends here too, once they left the school.
    """
    return sum(_rehome(school, now) for school in School.objects.order_by("slug"))


@transaction.atomic
def _rehome(school: School, now: datetime) -> int:
    _end_grants_of_leavers(school, now)
    moved = 0
    for case in _in_doubt(school, now):
        if not possible_owners(case, involved_people(case), at=now):
            moved += reroute(incident=case, by=None, at=now) is not None
    return moved


def _end_grants_of_leavers(school: School, now: datetime) -> None:
    here = Membership.objects.for_school(school).filter(user=OuterRef("user")).held_on(timezone.localtime(now).date())
    left = CaseGrant.objects.for_school(school).filter(~Exists(here)).select_related("user", "content_object")
    for grant in left:
        grant.content_object.school = school
        words = f"{grant.user.full_name} does not work or help here any more, and may not open it."
        chronology.append(incident=grant.content_object, event=Event.GRANT_ENDED, by=None, at=now, text=words)
    CaseGrant.objects.filter(pk__in=[grant.pk for grant in left]).delete()


def _in_doubt(school: School, now: datetime) -> Iterable[Incident]:
    """Return the cases whose readers may have changed: of empty offices, sealed, left by somebody, or about somebody
    who works here or is close to somebody who does. All others open to whoever holds their office.
    """
    held = {holder.role for holder in holders(school, frozenset(Role), at=now, even_absent=True)}
    offices = [role.value for role in held] + ([Role.DSL.value] if held & school.safeguarding_team(at=now) else [])
    parts = InvolvedPerson.objects.for_school(school).filter(part=Part.ALLEGED, person__isnull=False)
    cases = unfinished_cases(school).exclude(handled_by=EXTERNAL_CONTACT)
    alleged = set(parts.filter(incident__in=cases).values_list("person_id", flat=True))
    close = [person for person, users in kept_away(alleged).items() if users]
    left = Interest.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True)
    about = parts.filter(incident=OuterRef("pk"), person__in=close)
    doubtful = cases.filter(~Q(handled_by__in=offices) | Exists(left) | Exists(about))
    return doubtful.select_related("school", "adoption", "owner")


def _route(case: Incident, at: datetime) -> Route:
    alleged = {row.person_id for row in involved_people(case) if row.part == Part.ALLEGED and row.person_id}
    heads = frozenset(headteachers(case.school, at=at))
    if alleged & heads:
        about = About.HEADTEACHER
    else:
        about = About.ADULT if case.is_about_adult else About.NO_ADULT
    ids = frozenset(alleged) | (heads if about is About.HEADTEACHER else frozenset())
    off = taken_off([case.pk]).get(case.pk, frozenset())
    return choose_route(
        case.school, about=about, alleged_ids=ids, at=at, off=off, least=case.sealed_from or case.handled_by
    )


def _is_worked_on(case: Incident, at: datetime) -> bool:
    return bool(possible_owners(case, involved_people(case), at=at))


def _hand_over(case: Incident, route: Route, by: User | None, at: datetime) -> None:
    before = case.sealed_from or case.handled_by
    case.handled_by = route.handled_by
    fields = ["handled_by"]
    if case.sealed_at is not None:
        case.sealed_at, case.sealed_by, case.sealed_reason, case.sealed_from = None, None, None, ""
        fields += ["sealed_at", "sealed_by", "sealed_reason", "sealed_from"]
    case.save(update_fields=fields)
    words = f"{_office(case, before)} handled it until now. From now on {_office(case, route.handled_by)} does."
    chronology.append(incident=case, event=Event.REROUTED, by=by, at=at, text=words)


def _mind_owner(case: Incident, at: datetime) -> None:
    if case.owner is not None and not may_own(case.owner, case, at=at):
        case.owner = None
        case.save(update_fields=["owner"])


def _office(case: Incident, handled_by: str) -> str:
    if handled_by == EXTERNAL_CONTACT:
        return "The contact outside the school"
    return "The safeguarding team" if handled_by == Role.DSL else f"The {case.school.title_of(Role(handled_by))}"
