"""Telling those who handle a case that it has been quiet for too long: once a day for each case and kind."""

import uuid
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.access import access_school
from accounts.models import OutboxMessage, School, User
from accounts.queries.members import holders
from accounts.roles import Role
from incidents import notifications
from incidents.access import visible_incidents
from incidents.events import Event
from incidents.models import Incident
from incidents.operations import chronology
from incidents.queries.silences import Quiet, patterns, quiet_cases

_Silent = tuple[uuid.UUID, Quiet]
_READERS = frozenset(Role) - {Role.STAFF}


def note_silences(*, now: datetime) -> int:
    """Tell those who are here of each case of theirs that has been quiet too long; return how many silences were new.

    Each reader is told of what they may open and of nothing else; of a pattern only where they may open every case that
    makes it one. Twice on one day is once.
    """
    return sum(_note(school, now) for school in School.objects.order_by("slug"))


@transaction.atomic
def _note(school: School, now: datetime) -> int:
    readers = _by_silence(school, now)
    if not readers:
        return 0
    day = timezone.localtime(now).date().isoformat()
    keys = {silent: f"quiet:{silent[1].value}:{silent[0]}:{day}" for silent in readers}
    owed = [f"{keys[silent]}:{user.pk}" for silent, users in readers.items() for user in users]
    known = set(OutboxMessage.objects.filter(dedupe_key__in=owed).values_list("dedupe_key", flat=True))
    found = Incident.objects.select_related("school").in_bulk({case_id for case_id, _ in readers})
    noted = 0
    for silent, users in readers.items():
        told = {f"{keys[silent]}:{user.pk}" for user in users}
        if told <= known:
            continue
        case = found[silent[0]]
        notifications.quiet_too_long(incident=case, dedupe_key=keys[silent], recipients=users, at=now)
        if not told & known:
            data = {"kind": silent[1].value}
            chronology.witness(incident=case, event=Event.QUIET_NOTED, by=None, at=now, data=data)
            noted += 1
    return noted


def _by_silence(school: School, now: datetime) -> dict[_Silent, list[User]]:
    """Return, by case and kind, who is here and may open it: each is asked for with what they themselves may see."""
    found: dict[_Silent, list[User]] = defaultdict(list)
    for user in {holder.user.pk: holder.user for holder in holders(school, _READERS, at=now)}.values():
        access = access_school(user, school.slug, at=now)
        cases = visible_incidents(access)
        for silence in (*quiet_cases(cases, at=now), *patterns(cases, at=now)):
            found[silence.case_id, silence.kind].append(user)
    return dict(found)
