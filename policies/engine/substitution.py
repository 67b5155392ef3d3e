"""Routing: whoever is said to have caused harm owns nothing and receives nothing; it moves to the next along."""

from policies.engine.obligations import Obligation
from policies.engine.phrases import default_text
from policies.engine.vocabulary import Kind, OwnerRole, PartHolder, Strength

CASE_MANAGER = OwnerRole.HEADTEACHER
_REACHES_ROLES = frozenset({Kind.NOTIFY, Kind.ACKNOWLEDGE, Kind.RESTRICT})

_MAKE_EXCEPTIONS = frozenset({OwnerRole.DSL, OwnerRole.DEPUTY_DSL, OwnerRole.ONLINE_SAFETY_LEAD, OwnerRole.HEADTEACHER})
# Which roles an accused holder closes. The chair reads what is sent to the governing body.
_CLOSED_BY: dict[PartHolder, frozenset[OwnerRole]] = {
    PartHolder.HEADTEACHER: frozenset({OwnerRole.HEADTEACHER}),
    PartHolder.DSL: frozenset({OwnerRole.DSL}),
    PartHolder.DEPUTY_DSL: frozenset({OwnerRole.DEPUTY_DSL}),
    PartHolder.ONLINE_SAFETY_LEAD: frozenset({OwnerRole.ONLINE_SAFETY_LEAD}),
    PartHolder.CHAIR_OF_GOVERNORS: frozenset({OwnerRole.CHAIR_OF_GOVERNORS, OwnerRole.GOVERNORS}),
    PartHolder.GOVERNOR: frozenset({OwnerRole.SAFEGUARDING_GOVERNOR}),
    PartHolder.ICT: frozenset({OwnerRole.ICT_TECHNICIAN, OwnerRole.NETWORK_MANAGER}),
}
_NEXT: dict[OwnerRole, OwnerRole] = {
    OwnerRole.DEPUTY_DSL: OwnerRole.DSL,
    OwnerRole.ONLINE_SAFETY_LEAD: OwnerRole.DSL,
    OwnerRole.ICT_TECHNICIAN: OwnerRole.DSL,
    OwnerRole.NETWORK_MANAGER: OwnerRole.DSL,
    OwnerRole.DSL: OwnerRole.HEADTEACHER,
    OwnerRole.HEADTEACHER: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.SAFEGUARDING_GOVERNOR: OwnerRole.CHAIR_OF_GOVERNORS,
    OwnerRole.CHAIR_OF_GOVERNORS: OwnerRole.TRUST_SAFEGUARDING_LEAD,
    OwnerRole.GOVERNORS: OwnerRole.TRUST_SAFEGUARDING_LEAD,
    OwnerRole.TRUST_SAFEGUARDING_LEAD: OwnerRole.EXTERNAL_CONTACT,
}


def barred_roles(alleged: frozenset[PartHolder]) -> frozenset[OwnerRole]:
    """Return the roles that nothing about this incident may reach."""
    if not alleged:
        return frozenset()
    return frozenset[OwnerRole]().union(*(_CLOSED_BY.get(holder, frozenset()) for holder in alleged))


def next_free(role: OwnerRole, barred: frozenset[OwnerRole]) -> OwnerRole:
    """Return the role itself, or the first one along that is not barred. The last rung never is."""
    while role in barred:
        role = _NEXT[role]
    return role


def substituted(obligation: Obligation, barred: frozenset[OwnerRole]) -> Obligation:
    """Return the obligation with owner and recipients moved along; the same one where nothing moves.

    Whom a ban is about receives nothing, so that stays.
    """
    owner = next_free(obligation.owner, barred) if obligation.owner else None
    target, any_of = obligation.target, obligation.any_of
    if obligation.strength is not Strength.MUST_NOT:
        target = _moved(obligation.kind, target, barred)
        any_of = tuple(sorted({_moved(obligation.kind, one, barred) for one in any_of}))
    after = _moved_key(obligation.after, barred) if obligation.after else None
    # Who may make an exception is said in words; they may name whoever is accused, and without one it is stricter.
    exception = None if barred & _MAKE_EXCEPTIONS else obligation.exception
    same = (obligation.owner, obligation.target, obligation.any_of, obligation.after, obligation.exception)
    if (owner, target, any_of, after, exception) == same:
        return obligation
    text = obligation.text if target == obligation.target else default_text(obligation.kind, target)
    enough = any_of if len(any_of) > 1 else ()
    return obligation.but(owner=owner, target=target, any_of=enough, after=after, text=text, exception=exception)


def _moved(kind: Kind, target: str, barred: frozenset[OwnerRole]) -> str:
    """Return whom it reaches instead, where what is asked for reaches a role; else the target as it is."""
    if kind not in _REACHES_ROLES:
        return target
    return ",".join(sorted({next_free(OwnerRole(role), barred).value for role in target.split(",")}))


def _moved_key(key: str, barred: frozenset[OwnerRole]) -> str:
    kind, _, target = key.partition(":")
    return f"{kind}:{_moved(Kind(kind), target, barred)}"
