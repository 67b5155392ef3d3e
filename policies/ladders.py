"""Who is next when something was missed: up the policy's own hierarchy, and never to nobody.

A role's deputies come first, then whom it answers to, as the nearest pack that names the role has it. Where no pack
goes further, the usual way goes on: lead, headteacher, chair of governors, trust, last the local authority's contact.

When is next: the steps of the nearest pack that has any, counted from the moment at which it was due; after them
another rung every day.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from policies.engine.durations import Calendar, Unit, due_at
from policies.engine.packs import EscalationStep, Pack, PackRole
from policies.engine.vocabulary import OwnerRole

EVERY = timedelta(hours=24)
# Whoever is told has some time to act before the next is told, also where a sweep comes late.
AT_LEAST = timedelta(hours=1)
_HOURS = (Unit.IMMEDIATELY, Unit.HOUR)

_USUAL: dict[OwnerRole, OwnerRole] = {
    OwnerRole.DEPUTY_DSL: OwnerRole.DSL,
    OwnerRole.ONLINE_SAFETY_LEAD: OwnerRole.DSL,
    OwnerRole.ICT_TECHNICIAN: OwnerRole.NETWORK_MANAGER,
    OwnerRole.NETWORK_MANAGER: OwnerRole.HEADTEACHER,
    OwnerRole.DSL: OwnerRole.HEADTEACHER,
    OwnerRole.HEADTEACHER: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.SAFEGUARDING_GOVERNOR: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.GOVERNORS: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.CHAIR_OF_GOVERNORS: OwnerRole.TRUST_SAFEGUARDING_LEAD,
    OwnerRole.TRUST_SAFEGUARDING_LEAD: OwnerRole.EXTERNAL_CONTACT,
}
# Bodies and words for somebody, whom no single person stands for; who answers for them instead.
_STANDS_FOR: dict[OwnerRole, OwnerRole] = {
    OwnerRole.GOVERNORS: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.EVERYONE: OwnerRole.DSL,
    OwnerRole.STAFF: OwnerRole.DSL,
}


def rungs(packs: Sequence[Pack], role: OwnerRole) -> tuple[OwnerRole, ...]:
    """Return the role, its deputies, then everybody up to the last rung, each once; `external_contact` is the last."""
    named = _named(packs)
    found: list[OwnerRole] = []
    here: OwnerRole | None = _STANDS_FOR.get(role, role)
    while here is not None and here not in found:
        found.append(here)
        found += [deputy for deputy in _deputies(named, here) if deputy not in found]
        here = _above(named, here, found)
    if OwnerRole.EXTERNAL_CONTACT not in found:
        found.append(OwnerRole.EXTERNAL_CONTACT)
    return tuple(found)


def rung_at(packs: Sequence[Pack], number: int, due: datetime, calendar: Callable[[], Calendar]) -> datetime:
    """Return when a rung is climbed, the first being 0. The calendar is asked for where a step is counted in days."""
    steps = steps_of(tuple(packs))
    known = steps[: number + 1]
    after = known[-1].after if known else None
    moment = due
    if after is not None:
        moment = due + timedelta(hours=after.number) if after.unit in _HOURS else due_at(after, due, calendar())
    return moment + EVERY * (number + 1 - len(known)) if known else due + EVERY * number


def to_try(packs: Sequence[Pack], owner: OwnerRole, number: int, told: Collection[str]) -> tuple[OwnerRole, ...]:
    """Return the roles to try on a rung, in order: the first of them that somebody holds is told.

    Always further up than whoever was told before; nobody once the contact outside the school was.
    """
    ladder = _rungs(tuple(packs), owner)
    passed = max((ladder.index(role) for role in ladder if role in told), default=-1) + 1
    steps = steps_of(tuple(packs))
    if number >= len(steps):
        return ladder[max(passed, 1) :]
    notify = steps[number].notify
    if notify == "owner":
        return ladder[passed:]
    if notify in ("owner_deputy", "answers_to"):
        deputies = len(_deputies(_named(packs), ladder[0])) if notify == "answers_to" else 0
        return ladder[max(passed, 1 + deputies) :]
    role = OwnerRole(notify)
    if role in ladder:
        return ladder[max(passed, ladder.index(role)) :]
    return (role, *ladder[passed:]) if role not in told else ladder[max(passed, 1) :]


@lru_cache(maxsize=256)
def steps_of(packs: tuple[Pack, ...]) -> tuple[EscalationStep, ...]:
    """Return who is told of what was missed, and how long after, as the nearest pack that says so has it, in order."""
    found = next((pack.escalation for pack in sorted(packs, key=lambda one: -one.layer) if pack.escalation), ())
    return tuple(sorted(found, key=lambda step: step.after.rank if step.after else (0, 0)))


@lru_cache(maxsize=1024)
def _rungs(packs: tuple[Pack, ...], role: OwnerRole) -> tuple[OwnerRole, ...]:
    return rungs(packs, role)


def _named(packs: Sequence[Pack]) -> dict[OwnerRole, list[PackRole]]:
    """Return what packs say of each role, the nearest to the school first."""
    named: dict[OwnerRole, list[PackRole]] = {}
    for pack in sorted(packs, key=lambda one: -one.layer):
        for role in pack.roles:
            named.setdefault(role.key, []).append(role)
    return named


def _deputies(named: dict[OwnerRole, list[PackRole]], role: OwnerRole) -> tuple[OwnerRole, ...]:
    return next((one.deputies for one in named.get(role, []) if one.deputies), ())


def _above(named: dict[OwnerRole, list[PackRole]], role: OwnerRole, found: list[OwnerRole]) -> OwnerRole | None:
    above = next((one.answers_to for one in named.get(role, []) if one.answers_to), None)
    # A body is told by way of its chair; a ring in what packs say is left by the usual way.
    above = _STANDS_FOR.get(above, above) if above else None
    if above is None or above in found:
        above = _USUAL.get(role, OwnerRole.DSL if role is not OwnerRole.EXTERNAL_CONTACT else None)
    if above is not None and above in found:
        above = next((one for one in _LAST if one not in found), None)
    return above


_LAST = (
    OwnerRole.HEADTEACHER,
    OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.TRUST_SAFEGUARDING_LEAD,
    OwnerRole.EXTERNAL_CONTACT,
)
