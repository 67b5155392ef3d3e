"""What was told and not written down yet: what this user has to write up, and what others have to."""

from dataclasses import dataclass

from accounts.access import Access
from incidents.access import visible_told_concerns
from incidents.models import ToldConcern
from policies.statuses import State


@dataclass(frozen=True)
class Told:
    """What waits to be written up, the next due first."""

    mine: list[ToldConcern]
    others: list[ToldConcern]


def waiting_to_be_written(access: Access, *, most: int | None = None) -> Told:
    """Return what waits to be written up by this user, and by others as far as this user may know; one query."""
    rows = visible_told_concerns(access).filter(state=State.OPEN).select_related("writer").defer("memory", "reason")
    waiting = list(rows.by_due())
    mine = [row for row in waiting if row.writer_id == access.user.pk]
    others = [row for row in waiting if row.writer_id != access.user.pk]
    return Told(mine[:most], others[:most])
