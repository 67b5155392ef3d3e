"""Who receives a concern: the first rung of the ladder on which somebody is present whom it is not about.

A concern about a child goes to the safeguarding team; about an adult who works or helps here, to the headteacher; about
the headteacher, to the chair of governors (KCSIE part four). Nobody receives a concern about themselves or a relative,
and the ladder never ends in nobody: its last rung is the local authority's contact card.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from accounts.models import WORKS_OR_HELPS, Membership, Person, School, User
from accounts.queries.members import Holder, conflicted, holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.models import NAMED_PEOPLE
from policies.engine.vocabulary import OwnerRole

EXTERNAL_CONTACT = "external_contact"
# A person tells these, in their own words; no message of the system's does.
IN_PERSON = (OwnerRole.REPORTER, OwnerRole.STAFF, OwnerRole.EVERYONE)

_LADDER: tuple[tuple[str, frozenset[Role]], ...] = (
    # Those of the team whom the school's policy lets handle cases: `School.safeguarding_team`.
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
    # Where all of those are away: the next rung on which somebody is here. They are told that something came in for
    # an office of which nobody is here; it opens nothing to them.
    stand_ins: list[User] = field(default_factory=list)

    @property
    def called(self) -> list[User]:
        """Everybody who is told."""
        return [*self.recipients, *self.stand_ins]


def choose_route(
    school: School,
    *,
    about: About,
    alleged_ids: frozenset[uuid.UUID],
    at: datetime,
    off: frozenset[uuid.UUID] = frozenset(),
    least: str = "",
) -> Route:
    """Return who handles a concern about these people; the recipients are empty only on the last rung.

    Being away moves no case: it is still theirs when they are back. Of those who handle it the ones who are here are
    told; where all are away, all of them, and those who are here on the next rung besides.

    Where it is about the headteacher, named or not, `alleged_ids` holds whoever heads the school: they may stand on the
    ladder in another role too. `off` holds users who were taken off the case or are too close to it; `least` is the
    office that handles it now, below which it does not fall back.
    """
    keys = [key for key, _ in _LADDER]
    first = max(_first_rung(about), keys.index(least) if least in keys else 0)
    ladder = _LADDER[len(_LADDER) if least == EXTERNAL_CONTACT else first :]
    wanted = frozenset[Role]().union(*(roles for _, roles in ladder))
    unable = SAFEGUARDING_TEAM - school.safeguarding_team(at=at)
    held = holders(school, wanted - unable, at=at, even_absent=True)
    barred = conflicted([holder.user.pk for holder in held], alleged_ids) | off
    rungs = [(key, _free(key, [holder for holder in held if holder.role in roles], barred)) for key, roles in ladder]
    rungs = [(key, free) for key, free in rungs if free]
    if not rungs:
        return Route(handled_by=EXTERNAL_CONTACT, recipients=[])
    here = [(key, [holder.user for holder in free if holder.is_present]) for key, free in rungs]
    (key, handlers), (_, present) = rungs[0], here[0]
    if present:
        return Route(handled_by=key, recipients=present)
    stand_ins = next((users for _, users in here if users), [])
    return Route(handled_by=key, recipients=[holder.user for holder in handlers], stand_ins=stand_ins)


def highest(*offices: str) -> str:
    """Return the office that stands highest on the ladder; an empty one stands below all."""
    order = ["", *(key for key, _ in _LADDER), EXTERNAL_CONTACT]
    return max(offices, key=lambda key: order.index(key) if key in order else 0)


def may_learn(handled_by: str, role: str) -> bool:
    """Say whether a role may learn that there is a case at all: of one that few may know of, no office below the one
    that handles it, and nobody beside those offices. Of a sealed one no role learns, only people by name.
    """
    offices = [*(key for key, _ in _LADDER[1:]), EXTERNAL_CONTACT]
    if handled_by == NAMED_PEOPLE:
        return False
    return handled_by in SAFEGUARDING_TEAM or role in offices[offices.index(handled_by) :]


def opens_to(handled_by: str, role: str, *, team: frozenset[Role]) -> bool:
    """Say whether a case opens to whoever holds a role, unless it is about them; `team` handles cases at the school."""
    return role in team if handled_by in SAFEGUARDING_TEAM else role == handled_by != EXTERNAL_CONTACT


def concerns_an_adult(alleged: list[Person]) -> bool:
    """Say whether any of the people said to have caused harm works or helps at the school."""
    if any(person.kind in WORKS_OR_HELPS for person in alleged):
        return True
    return Membership.objects.filter(person__in=alleged).exists() if alleged else False


def headteachers(school: School, *, at: datetime) -> dict[uuid.UUID, Person]:
    """Return the people who head the school now, by id."""
    held = Membership.objects.for_school(school).filter(role=Role.HEADTEACHER).select_related("person")
    return {row.person_id: row.person for row in held.held_on(timezone.localtime(at).date())}


def _free(key: str, on_rung: list[Holder], barred: frozenset[uuid.UUID]) -> list[Holder]:
    """Return those on a rung whom it is not about, each once; nobody where the whole rung is passed over."""
    each = {holder.user.pk: holder for holder in on_rung}
    free = [holder for pk, holder in each.items() if pk not in barred]
    # A role above the team is one office: where one who holds it is concerned, the whole office is passed over.
    return free if key == Role.DSL or len(free) == len(each) else []


def _first_rung(about: About) -> int:
    return {About.NO_ADULT: 0, About.ADULT: 1, About.HEADTEACHER: 2}[about]
