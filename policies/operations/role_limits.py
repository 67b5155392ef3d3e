"""What a school's own policy takes from roles, kept with the school in `accounts` whenever adoptions change."""

from datetime import datetime

from accounts.models import School, User
from accounts.operations.role_limits import Limit, Period, set_limits
from accounts.roles import ROLES, Role, may_be_withheld
from policies.engine.packs import Pack
from policies.models import PackAdoption
from policies.queries.packs import packs_of


def follow(*, school: School, by: User | None, at: datetime) -> None:
    """Bring what is kept in step with the adoption in force and those that are planned.

    The product's default, which nobody adopted, takes nothing away.
    """
    rows = PackAdoption.objects.for_school(school).standing().exclude(ends_at__lte=at).select_related("edition")
    periods = []
    for row in rows.order_by("starts_at"):
        own = packs_of(row)[-1]
        periods.append(Period(row.starts_at, own.title, {} if row.is_default else limits_of(own)))
    set_limits(school=school, periods=periods, by=by, at=at)


def limits_of(pack: Pack) -> dict[Role, Limit]:
    """Return what a school's own policy lets each role do that it names, where that is less than the product gives.

    The law and the partnership under it say what a role must be able to do at the least: they take nothing away.
    """
    known = {role.value for role in Role}
    named = {Role(one.key.value): Limit(one.may, one.clause) for one in pack.roles if one.key.value in known}
    return {
        role: limit for role, limit in named.items() if may_be_withheld(role) & (ROLES[role].permissions - limit.may)
    }
