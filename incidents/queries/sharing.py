"""Who can open a case and why, who is kept away from it, and who has opened it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.queries.members import reporters
from accounts.roles import Role
from incidents.access import barred_from, named_people, possible_owners
from incidents.events import Event
from incidents.models import CaseGrant, Incident, Interest
from incidents.queries.people import involved_people
from incidents.routes import EXTERNAL_CONTACT
from incidents.statuses import Part

# What counts as having opened a case: the case itself, its paper, its files.
_SEEN = (Event.READ.value, Event.CHRONOLOGY_PRINTED.value, Event.FILE_READ.value)


@dataclass(frozen=True)
class Reader:
    """One person who can open the case now, why, and the grant that lets them where it is one."""

    user: User
    why: str
    grant: CaseGrant | None = None


@dataclass(frozen=True)
class Seen:
    """One person who opened the case: how often, the first and the last time."""

    name: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Panel:
    """Everything about who sees one case."""

    readers: list[Reader]
    kept_away: list[Interest]
    seen: list[Seen]
    # Who could be let in besides: everybody here who cannot open it and is not kept away.
    others: list[User]


def panel_of(incident: Incident, *, at: datetime) -> Panel:
    """Return who can open a case and why, who is kept away, who opened it. A fixed number of statements."""
    people = involved_people(incident)
    handling = possible_owners(incident, people, at=at)
    grants = {grant.user_id: grant for grant in _running(incident, timezone.localtime(at).date())}
    barred = barred_from(incident.pk, [row.person_id for row in people if row.part == Part.ALLEGED and row.person_id])
    named = [user for user in named_people(incident, at=at) if user.pk not in barred]
    readers = [Reader(user, _office(incident)) for user in handling if not incident.is_sealed]
    by_office = {reader.user.pk for reader in readers}
    readers += [Reader(user, _purpose(grants[user.pk]), grants[user.pk]) for user in named if user.pk not in by_office]
    inside = {reader.user.pk for reader in readers} | barred
    others = [user for user in reporters(incident.school, at=at) if user.pk not in inside]
    return Panel(readers, _kept_away(incident), _seen(incident), others)


def _running(incident: Incident, day: date) -> Iterable[CaseGrant]:
    grants: Iterable[CaseGrant] = CaseGrant.objects.filter(content_object=incident).running(day)
    return grants


def _office(incident: Incident) -> str:
    if incident.handled_by == EXTERNAL_CONTACT:
        return "Nobody at the school handles this case."
    if incident.handled_by == Role.DSL:
        return "In the safeguarding team, which handles this case."
    return f"{incident.school.title_of(Role(incident.handled_by))}, who handles this case."


def _purpose(grant: CaseGrant) -> str:
    return f"Named on this case. {grant.purpose}"


def _kept_away(incident: Incident) -> list[Interest]:
    rows = Interest.objects.filter(incident=incident, ended_at__isnull=True).select_related("user")
    return list(rows.order_by("declared_at", "pk"))


def _seen(incident: Incident) -> list[Seen]:
    """Return who opened it, the latest first: before and after it had a ledger of its own."""
    chains = ("school", f"case:{incident.pk}")
    rows = AuditEvent.objects.filter(
        school=incident.school_id, chain__name__in=chains, target=f"incident:{incident.pk}", event__in=_SEEN
    )
    found: dict[str, list[datetime]] = {}
    names: dict[str, str] = {}
    for actor, name, moment in rows.order_by("at").values_list("actor", "actor_name", "at"):
        found.setdefault(actor, []).append(moment)
        names[actor] = name
    seen = [Seen(names[actor], len(moments), moments[0], moments[-1]) for actor, moments in found.items()]
    return sorted(seen, key=lambda one: one.last_at, reverse=True)
