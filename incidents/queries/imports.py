"""Files of past incidents: what is waiting, and the account of one."""

import uuid
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import School
from incidents.models import Import, ImportLine
from incidents.statuses import LineState

MOST = 20
# On the page; the whole account is a file to keep.
SHOWN = 100


@dataclass(frozen=True)
class Account:
    """What became of the lines of a file, or would become of them."""

    counts: dict[LineState, int]
    refused: list[ImportLine]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return sum(self.counts.values())

    @property
    def ready(self) -> int:
        """How many wait to be taken over."""
        return self.counts.get(LineState.READY, 0)

    @property
    def taken(self) -> int:
        """How many were taken over."""
        return self.counts.get(LineState.TAKEN, 0)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What became of how many, in words; what is not there is left out."""
        return [(state.label, self.counts[state]) for state in LineState if state in self.counts]


def imports_of(school: School) -> list[Import]:
    """Return the files of a school, the newest first."""
    found = Import.objects.for_school(school).select_related("read_by").defer("content")
    return list(found.order_by("-read_at", "pk")[:MOST])


def import_of(school: School, import_id: uuid.UUID) -> Import | None:
    """Return one file of a school, by its id."""
    rows = Import.objects.for_school(school).select_related("read_by", "wanted_by").defer("content")
    found: Import | None = rows.filter(pk=import_id).first()
    return found


def account_of(found: Import) -> Account:
    """Return how many lines became what, and the first of those that could not be read. Two queries."""
    counted = found.lines.order_by().values_list("state").annotate(number=Count("pk"))
    refused = found.lines.filter(state=LineState.REFUSED).order_by("number")[:SHOWN]
    return Account({LineState(state): number for state, number in counted}, list(refused))


def whole_account(found: Import) -> list[tuple[int, str, str, str]]:
    """Return of every line its number, what became of it, why, and the case's reference; no word of the line itself."""
    lines = found.lines.order_by("number").values_list("number", "state", "why", "incident__reference")
    return [(number, LineState(state).label, why, reference or "") for number, state, why, reference in lines]
