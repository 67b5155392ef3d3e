"""What each role may do at a school, and what its adopted policy takes from it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import School
from accounts.models.schools import Withheld
from accounts.permissions import Permission
from accounts.roles import ROLES, TAKES_TWO, Role


@dataclass(frozen=True)
class RoleHere:
    """One role as it is at this school."""

    title: str
    description: str
    may: list[Permission]
    # In the order of the table of permissions; nothing where the policy takes nothing.
    taken: list[Permission]
    withheld: Withheld | None
    takes_two: bool


def roles_here(school: School, *, at: datetime) -> list[RoleHere]:
    """Return every role as the school's policy in force leaves it, in the order of the product's table. No query."""
    return [_role(school, role, at) for role in ROLES]


def next_change(school: School, *, at: datetime) -> datetime | None:
    """Return when another policy that was adopted already begins to say what roles may do."""
    starts = [datetime.fromisoformat(period["from"]) for period in school.role_limits]
    return min((start for start in starts if start > at), default=None)


def _role(school: School, role: Role, at: datetime) -> RoleHere:
    withheld = school.withheld_from(role, at=at)
    held, given = school.permissions_of(role, at=at), ROLES[role].permissions
    return RoleHere(
        title=school.title_of(role),
        description=ROLES[role].description,
        may=[one for one in Permission if one in held],
        taken=[one for one in Permission if one in given and one not in held],
        withheld=withheld,
        takes_two=role in TAKES_TWO,
    )
