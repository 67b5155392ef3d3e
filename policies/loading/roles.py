"""Reads the roles of a pack: what each may do, whom it answers to, and that it is not more than the product gives."""

from policies.engine.capabilities import MOST, beyond_the_most
from policies.engine.packs import PackRole
from policies.engine.vocabulary import CAPABILITIES, OwnerRole
from policies.loading.citations import known
from policies.loading.faults import Faults, shown
from policies.loading.fields import PackSource, RoleSource
from policies.loading.words import role as read_role
from policies.loading.words import role_or_none, whole_number


def read_roles(source: PackSource, faults: Faults) -> tuple[PackRole, ...]:
    """Return the roles; what is wrong with them goes to `faults`."""
    roles = tuple(_role(source, given, faults) for given in source.roles)
    _no_ring(roles, faults)
    return roles


def _role(source: PackSource, given: RoleSource, faults: Faults) -> PackRole:
    path = f"roles[{given.key}]"
    known(source, given.clause, path, faults)
    whole_number(given.holders, f"{path}.holders", faults, least=1)
    key = read_role(given.key, f"{path}.key", faults)
    may = frozenset(given.may)
    for unknown in sorted(may - CAPABILITIES):
        faults.add(f"{path}.may", f"cannot hold {shown(unknown)}. Allowed: {', '.join(sorted(CAPABILITIES))}.", None)
    if key.value == given.key:
        _no_more_than_the_product(key, may, f"{path}.may", faults)
    return PackRole(
        key=key,
        title=given.title,
        answers_to=role_or_none(given.answers_to, f"{path}.answers_to", faults),
        deputies=tuple(read_role(one, f"{path}.deputies", faults) for one in given.deputies),
        may=may & CAPABILITIES,
        clause=given.clause,
    )


def _no_more_than_the_product(key: OwnerRole, may: frozenset[str], path: str, faults: Faults) -> None:
    beyond = beyond_the_most(key, may)
    if beyond:
        most = ", ".join(sorted(MOST[key])) or "nothing"
        sentence = f"gives {key.value} {', '.join(beyond)}. A pack narrows, never widens. At most: {most}."
        faults.add(path, sentence, None)


def _no_ring(roles: tuple[PackRole, ...], faults: Faults) -> None:
    above = {role.key: role.answers_to for role in roles}
    for role in roles:
        here, trail = role.answers_to, [role.key]
        while here is not None and here not in trail:
            trail.append(here)
            here = above.get(here)
        if here == role.key and role.key == min(trail):
            ring = " > ".join(key.value for key in [*trail, here])
            faults.add(f"roles[{role.key.value}].answers_to", f"goes round in a ring: {ring}.", None)
