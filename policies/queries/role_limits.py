"""What a school's own policy takes from the roles that it names."""

from accounts.roles import ROLES, Role, may_be_withheld
from policies.engine.packs import Pack, PackRole


def limits_of(pack: Pack) -> dict[Role, PackRole]:
    """Return what a policy says of each role that it names, where it lets it do less than the product gives it.

    The law and the partnership under it say what a role must be able to do at the least: they take nothing away.
    """
    known = {role.value for role in Role}
    named = {Role(one.key.value): one for one in pack.roles if one.key.value in known}
    return {role: one for role, one in named.items() if may_be_withheld(role) & (ROLES[role].permissions - one.may)}
