"""Who is next when something was missed: up the policy's own hierarchy, and never to nobody.

A role's deputies come first, then whom it answers to, as the nearest pack that names the role has it. Where no pack
goes further, the usual way goes on: lead, headteacher, chair of governors, trust, last the local authority's contact.
"""

from collections.abc import Sequence

from policies.engine.packs import Pack, PackRole
from policies.engine.vocabulary import OwnerRole

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
