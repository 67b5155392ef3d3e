"""What a school's own policy takes from roles, kept with the school in `accounts` whenever adoptions change."""

from datetime import datetime

from accounts.models import School, User
from accounts.operations.role_limits import Limit, Period, set_limits
from policies.models import PackAdoption
from policies.queries.packs import packs_of
from policies.queries.role_limits import limits_of


def follow(*, school: School, by: User | None, at: datetime) -> None:
    """Bring what is kept in step with the adoption in force and those that are planned.

    The product's default, which nobody adopted, takes nothing away.
    """
    rows = PackAdoption.objects.for_school(school).standing().exclude(ends_at__lte=at).select_related("edition")
    periods = []
    for row in rows.order_by("starts_at"):
        own = packs_of(row)[-1]
        named = {} if row.is_default else limits_of(own)
        limits = {role: Limit(given.may, given.clause) for role, given in named.items()}
        periods.append(Period(row.starts_at, own.title, limits))
    set_limits(school=school, periods=periods, by=by, at=at)
