"""The queue: filtered, counted up to a limit, page by page. It always starts from `visible_incidents`."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef

from accounts.access import Access
from accounts.encryption import unseal
from accounts.models import User, searchable
from accounts.queries.members import holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import handled_by_user, visible_incidents
from incidents.models import Incident, IncidentQuerySet, InvolvedPerson
from incidents.queries.rows import CaseRow, case_rows

PAGE = 25
# Counting stops here: "more than 1,000" says as much as the number, and costs the same whatever the data.
COUNT_LIMIT = 1000
# Text is sealed, so searching it means opening it: this many of the newest cases are read at most.
SEARCH_LIMIT = 20_000
_SEARCHED = ("pk", "reference", "online_service", "narrative", "action_taken")
# Texts are fetched and forgotten in portions, so that a long search does not swell the process.
_PORTION = 500


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to; nothing chosen means every open case."""

    status: str = ""
    category: str = ""
    year_group: str = ""
    owner: str = ""
    text: str = ""

    @property
    def is_active(self) -> bool:
        """Say whether anything is narrowed."""
        return any((self.status, self.category, self.year_group, self.owner, self.text.strip()))


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue: its rows, how many there are in all (up to the limit), and where it stands."""

    rows: list[CaseRow]
    total: int
    is_total_exact: bool
    number: int
    pages: int
    # Whether there are more cases than a search reads.
    is_search_cut: bool = False

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def words(self) -> str:
        """Which rows these are, in words."""
        first = (self.number - 1) * PAGE + 1
        whole = f"{self.total:,}" if self.is_total_exact else f"more than {self.total:,}"
        return f"{first} to {first + len(self.rows) - 1} of {whole}"


def queue_page(access: Access, chosen: QueueFilter, *, number: int = 1) -> QueuePage:
    """Return one page of what the user may see, most urgent first; a page past the end is the last one."""
    if chosen.text.strip():
        return _searched_page(access, chosen, number)
    cases = _narrowed(access, chosen)
    counted = cases.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    total = min(counted, COUNT_LIMIT)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    shown = cases.in_queue_order()[(number - 1) * PAGE : number * PAGE]
    return QueuePage(case_rows(access.school, shown)[0], total, counted <= COUNT_LIMIT, number, pages)


def queue_mark(access: Access, chosen: QueueFilter) -> str:
    """Return a mark of what a filter finds, its words aside, that is another one when a case came, went or moved.

    One query, which opens no text.
    """
    cases = _narrowed(access, replace(chosen, text="")).order_by()
    found = cases.aggregate(
        number=Count("pk"), logged=Max("logged_at"), moved=Max("status_changed_at"), owners=Count("owner")
    )
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:16]


def queue_owners(access: Access, *, at: datetime) -> list[User]:
    """Return the users who own cases such as this user sees, for the filter."""
    handlers = (SAFEGUARDING_TEAM if key == Role.DSL else {Role(key)} for key in handled_by_user(access))
    roles = frozenset[Role]().union(*handlers)
    found = holders(access.school, roles, at=at, even_absent=True)
    return list({holder.user.pk: holder.user for holder in found}.values())


def _narrowed(access: Access, chosen: QueueFilter) -> IncidentQuerySet:
    cases = visible_incidents(access, in_emergency=True)
    cases = cases.filter(status=chosen.status) if chosen.status else cases.unfinished()
    if chosen.category:
        cases = cases.filter(category=chosen.category)
    if chosen.year_group:
        in_year = InvolvedPerson.objects.filter(incident=OuterRef("pk"), year_group_then=chosen.year_group)
        cases = cases.filter(Exists(in_year))
    if chosen.owner == "none":
        cases = cases.filter(owner__isnull=True)
    elif chosen.owner:
        cases = cases.filter(owner=uuid.UUID(chosen.owner))
    return cases


def _searched_page(access: Access, chosen: QueueFilter, number: int) -> QueuePage:
    read = _Read()
    matching = list(_matching_ids(access, chosen, read))
    pages = max(1, -(-len(matching) // PAGE))
    number = min(max(1, number), pages)
    wanted = matching[(number - 1) * PAGE : number * PAGE]
    found = visible_incidents(access, in_emergency=True).filter(pk__in=wanted)
    rows = {row.id: row for row in case_rows(access.school, found)[0]}
    shown = [rows[pk] for pk in wanted if pk in rows]
    return QueuePage(shown, len(matching), True, number, pages, is_search_cut=read.cases > SEARCH_LIMIT)


@dataclass
class _Read:
    """How many cases a search has come across."""

    cases: int = 0


def _matching_ids(access: Access, chosen: QueueFilter, read: _Read) -> Iterator[uuid.UUID]:
    """Yield the ids of the cases in whose text, reference or names every word stands, in the order of the queue."""
    words = searchable(chosen.text).split()
    cases = _narrowed(access, chosen).in_queue_order()
    school_id = access.school.pk
    # The server keeps a cursor only within a transaction.
    with transaction.atomic():
        named = _names(cases)
        for pk, reference, *sealed in cases.values_list(*_SEARCHED)[: SEARCH_LIMIT + 1].iterator(chunk_size=_PORTION):
            read.cases += 1
            if read.cases > SEARCH_LIMIT:
                return
            texts = [_opened(text, column, pk, school_id) for text, column in zip(sealed, _SEARCHED[2:], strict=True)]
            haystack = searchable(" ".join((reference, named.get(pk, ""), *texts)))
            if all(word in haystack for word in words):
                yield pk


def _opened(text: bytes | None, column: str, pk: uuid.UUID, school_id: uuid.UUID) -> str:
    if text is None:
        return ""
    return unseal(text, table=Incident._meta.db_table, column=column, row_id=pk, school_id=school_id)


def _names(cases: IncidentQuerySet) -> dict[uuid.UUID, str]:
    searched = cases.values("pk")[:SEARCH_LIMIT]
    pairs = InvolvedPerson.objects.filter(incident__in=searched, person__isnull=False)
    names: dict[uuid.UUID, str] = {}
    for incident_id, name in pairs.values_list("incident_id", "person__search_name"):
        names[incident_id] = f"{names.get(incident_id, '')} {name}"
    return names
