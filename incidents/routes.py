"""Who receives a concern: the first rung of the ladder on which somebody is present whom it is not about.

A concern about a child goes to the safeguarding team; about an adult who works or helps here, to the headteacher; about
the headteacher, to the chair of governors (KCSIE part four). Nobody receives a concern about themselves or a relative,
and the ladder never ends in nobody: its last rung is the local authority's contact card.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from accounts.models import Membership, Person, PersonKind, School, User
from accounts.queries.members import conflicted, holders
from accounts.roles import SAFEGUARDING_TEAM, Role

EXTERNAL_CONTACT = "external_contact"

_LADDER: tuple[tuple[str, frozenset[Role]], ...] = (
    (Role.DSL.value, SAFEGUARDING_TEAM),
    (Role.HEADTEACHER.value, frozenset({Role.HEADTEACHER})),
    (Role.CHAIR_OF_GOVERNORS.value, frozenset({Role.CHAIR_OF_GOVERNORS})),
    (Role.TRUST_SAFEGUARDING_LEAD.value, frozenset({Role.TRUST_SAFEGUARDING_LEAD})),
)


class About(StrEnum):
    """What the reporter says: is it about an adult who works or helps here?"""

    NO_ADULT = "no"
    ADULT = "adult"
    HEADTEACHER = "headteacher"


@dataclass(frozen=True)
class Route:
    """Who handles a concern (a role's key, `dsl` for the whole team) and the users who are told."""

    handled_by: str
    recipients: list[User]


def choose_route(school: School, *, about: About, alleged_ids: frozenset[uuid.UUID], at: datetime) -> Route:
    """Return who handles a concern about these people; the recipients are empty only on the last rung.

    Where it is about the headteacher, named or not, `alleged_ids` holds whoever heads the school: they may stand on the
    ladder in another role too.
    """
    ladder = _LADDER[_first_rung(about) :]
    wanted = frozenset[Role]().union(*(roles for _, roles in ladder))
    present = holders(school, wanted, at=at)
    barred = conflicted([holder.user.pk for holder in present], alleged_ids)
    for key, roles in ladder:
        on_rung = {holder.user.pk: holder.user for holder in present if holder.role in roles}
        free = [user for pk, user in on_rung.items() if pk not in barred]
        # A role above the team is one office: where one who holds it is concerned, the whole office is passed over.
        if free and (key == Role.DSL or len(free) == len(on_rung)):
            return Route(handled_by=key, recipients=free)
    return Route(handled_by=EXTERNAL_CONTACT, recipients=[])


def concerns_an_adult(alleged: list[Person]) -> bool:
    """Say whether any of the people said to have caused harm works or helps at the school."""
    if any(person.kind == PersonKind.STAFF for person in alleged):
        return True
    return Membership.objects.filter(person__in=alleged).exists() if alleged else False


def headteachers(school: School, *, at: datetime) -> dict[uuid.UUID, Person]:
    """Return the people who head the school now, by id."""
    held = Membership.objects.for_school(school).filter(role=Role.HEADTEACHER).select_related("person")
    return {row.person_id: row.person for row in held.held_on(timezone.localtime(at).date())}


def _first_rung(about: About) -> int:
    return {About.NO_ADULT: 0, About.ADULT: 1, About.HEADTEACHER: 2}[about]
