"""What the policies that a school adopted take from its roles: kept with the school, read with it, never asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.events import AccountEvent
from accounts.models import School, User
from accounts.permissions import Permission
from accounts.roles import Role


@dataclass(frozen=True)
class Limit:
    """What a policy lets one role do, and the clause that says so."""

    may: frozenset[str]
    clause: str


@dataclass(frozen=True)
class Period:
    """From when on which policy speaks, and what it says of roles; of a role it does not name, it says nothing."""

    starts_at: datetime
    policy: str
    limits: Mapping[Role, Limit]


@transaction.atomic
def set_limits(*, school: School, periods: Sequence[Period], by: User | None, at: datetime) -> None:
    """Keep what policies take from roles, each from its moment on; what was kept before is replaced.

    A policy takes away and never gives: a permission that a role does not have is not in what is kept.
    """
    row: School = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    kept = [_as_kept(period) for period in sorted(periods, key=lambda period: period.starts_at)]
    school.role_limits = kept
    if row.role_limits == kept:
        return
    row.role_limits = kept
    row.save(update_fields=["role_limits"])
    audit.record(
        school=school,
        actor=by,
        event=AccountEvent.ROLES_LIMITED,
        target=f"school:{school.pk}",
        summary="What roles may do here follows the adopted policy.",
        at=at,
        data={"limits": kept},
    )


def _as_kept(period: Period) -> dict[str, Any]:
    limits = {
        role.value: {"not": [one.value for one in Permission if one.value not in limit.may], "clause": limit.clause}
        for role, limit in period.limits.items()
    }
    return {"from": period.starts_at.isoformat(), "policy": period.policy, "limits": limits}
