"""What a policy asks to be told, and to whom: queued when it is asked for. `deliveries` settles what got through.

Whoever handles a concern is told that it came in; where the policy asks for just that, it is that message which settles
it. Everybody else whom the policy names is told by one of their own, which says nothing of the case.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from accounts import outbox
from accounts.models import User
from accounts.queries.recipients import present_holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents import notifications
from incidents.access import barred_from, named_people
from incidents.models import Incident, InvolvedPerson, Obligation
from incidents.routes import EXTERNAL_CONTACT, IN_PERSON, Route, may_learn, opens_to
from incidents.statuses import Part
from policies.engine.vocabulary import Kind, OwnerRole, Strength
from policies.ladders import rungs
from policies.queries.packs import packs_of
from policies.statuses import State

Settled = dict[uuid.UUID | None, list[uuid.UUID]]
_REACHED = tuple(role for role in Role if role is not Role.STAFF)


def tell_of_new(
    *, incident: Incident, route: Route, people: Sequence[InvolvedPerson], rows: Sequence[Obligation], at: datetime
) -> None:
    """Tell of a concern that is being logged: those who handle it, and whoever the policy says is told. One insert."""
    waiting = to_tell(rows=rows, among=rows)
    handled = SAFEGUARDING_TEAM if incident.handled_by in SAFEGUARDING_TEAM else {incident.handled_by}
    by_logging = [row for row in waiting if handled & {row.target, *row.any_of}]
    about: Settled = {}
    keys: list[uuid.UUID | None] = [user.pk for user in route.recipients]
    for key in keys or [None]:
        about[key] = [row.pk for row in by_logging]
    others = [row for row in waiting if row not in by_logging]
    alleged = {person.person_id for person in people if person.part == Part.ALLEGED and person.person_id}
    told, outside = _readers(incident, others, alleged, about, at) if others else ({}, False)
    called = {user.pk for user in route.called}
    messages = notifications.concern_logged(incident=incident, route=route, about=about, at=at)
    more = {pk: reader for pk, reader in told.items() if pk not in called}
    messages += _messages(incident, more, outside and bool(route.recipients), about, at)
    outbox.queue_many(messages, at=at)


def tell(*, incident: Incident, rows: Sequence[Obligation], at: datetime) -> None:
    """Tell whoever the policy says is told, for obligations that were stored, or whose clocks have begun, just now."""
    if not rows:
        return
    parts = InvolvedPerson.objects.filter(incident=incident, part=Part.ALLEGED, person__isnull=False)
    about: Settled = {}
    readers, outside = _readers(incident, rows, set(parts.values_list("person_id", flat=True)), about, at)
    outbox.queue_many(_messages(incident, readers, outside, about, at), at=at)


def to_tell(*, rows: Iterable[Obligation], among: Iterable[Obligation]) -> list[Obligation]:
    """Return those that are told by the system itself, now: nothing that a person weighs, or that waits for another."""
    owed = {row.key for row in among if row.is_outstanding}
    return [
        row
        for row in rows
        if row.kind == Kind.NOTIFY and row.strength == Strength.MUST and row.state == State.OPEN
        if not (row.until or row.unless or row.after_key in owed or row.target in IN_PERSON)
    ]


def _readers(
    incident: Incident, rows: Sequence[Obligation], alleged: Collection[uuid.UUID], about: Settled, at: datetime
) -> tuple[dict[uuid.UUID, tuple[User, bool]], bool]:
    """Return who is told of these, each with whether the case opens to them, and whether the contact outside is.

    Enter in `about` what is settled by telling each.
    """
    if incident.is_sealed:
        named = [user for user in named_people(incident, at=at) if user.pk not in barred_from(incident.pk, alleged)]
        about.update({user.pk: [row.pk for row in rows] for user in named})
        return {user.pk: (user, True) for user in named}, False
    packs = packs_of(incident.adoption)
    reached = present_holders([incident.school_id], _REACHED, at=at)
    barred = barred_from(incident.pk, alleged)
    readers: dict[uuid.UUID, tuple[User, bool]] = {}
    team = incident.school.safeguarding_team(at=at)
    outside = False
    for row in rows:
        for role in dict.fromkeys([row.target, *row.any_of, *rungs(packs, OwnerRole(row.target))]):
            if not may_learn(incident.handled_by, role):
                continue
            held = reached.get((incident.school_id, Role(role)), []) if role in _REACHED else []
            users: list[User] = [user for user in held if user.pk not in barred]
            if not users and role != EXTERNAL_CONTACT:
                continue
            outside |= not users
            for user in users:
                opens = opens_to(incident.handled_by, role, team=team)
                readers[user.pk] = user, opens or readers.get(user.pk, (user, False))[1]
            keys: list[uuid.UUID | None] = [user.pk for user in users]
            for key in keys or [None]:
                about.setdefault(key, []).append(row.pk)
            break
    return readers, outside


def _messages(
    incident: Incident, readers: dict[uuid.UUID, tuple[User, bool]], outside: bool, about: Settled, at: datetime
) -> list[outbox.Message]:
    return notifications.policy_told(
        incident=incident,
        opens=[user for user, opens in readers.values() if opens],
        others=[user for user, opens in readers.values() if not opens],
        outside=outside,
        about=about,
        at=at,
    )
