"""The log of changes to the filtering, who may consent to one, and where the policy asks for the log."""

from dataclasses import dataclass
from datetime import datetime

from accounts.access import Access
from accounts.roles import Role
from incidents.models import FilteringChange
from policies.queries.packs import layers_in_force

# Leadership: a change to the filtering is agreed by one of these.
_CONSENT = (Role.HEADTEACHER, Role.SLT)
_LOG = "register:filtering_changes"
MOST = 100


@dataclass(frozen=True)
class Cited:
    """Where a policy asks for something: its title and the numbers of its clauses."""

    title: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class ChangeLog:
    """The changes that wait for consent, and the latest of those that were answered."""

    waiting: list[FilteringChange]
    answered: list[FilteringChange]


def change_log(access: Access) -> ChangeLog:
    """Return the log, the newest first, in two statements."""
    rows = FilteringChange.objects.for_school(access.school).select_related("changed_by", "answered_by")
    return ChangeLog(
        waiting=list(rows.filter(answered_at__isnull=True).order_by("changed_at")[:MOST]),
        answered=list(rows.filter(answered_at__isnull=False).order_by("-changed_at")[:MOST]),
    )


def may_consent(access: Access) -> bool:
    """Say whether this user speaks for leadership about a change of the filtering."""
    return bool(access.roles & set(_CONSENT))


def consenting_role(access: Access) -> Role:
    """Return the role in which this user consents; only for whoever may."""
    return next(role for role in _CONSENT if role in access.roles)


def where_asked(access: Access, *, at: datetime) -> Cited | None:
    """Return where the policy in force asks for the log: the school's own before the layers under it."""
    layers = layers_in_force(access.school, at=at)[1]
    for layer in reversed(layers):
        found = tuple(clause.id for clause in layer.pack.clauses if _LOG in clause.by)
        if found:
            return Cited(layer.pack.title, found)
    return None
