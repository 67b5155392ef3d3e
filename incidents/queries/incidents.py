"""The queue: filtered, counted up to a limit, page by page. It always starts from `visible_incidents`."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch

from accounts.access import Access
from accounts.models import User, searchable
from accounts.queries.members import holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import handled_by_user, visible_incidents
from incidents.models import Incident, IncidentQuerySet, InvolvedPerson

PAGE = 25
# Counting stops here: "more than 1,000" says as much as the number, and costs the same whatever the data.
COUNT_LIMIT = 1000
# Text is sealed, so searching it means opening it: this many of the newest cases are read at most.
SEARCH_LIMIT = 20_000
_UNREAD = ("narrative", "action_taken", "late_reason", "place_detail")


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

    rows: list[Incident]
    total: int
    is_total_exact: bool
    number: int
    pages: int

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
    rows = with_people(cases.in_queue_order().defer(*_UNREAD))[(number - 1) * PAGE : number * PAGE]
    return QueuePage(list(rows), total, counted <= COUNT_LIMIT, number, pages)


def queue_owners(access: Access, *, at: datetime) -> list[User]:
    """Return the users who own cases such as this user sees, for the filter."""
    handlers = (SAFEGUARDING_TEAM if key == Role.DSL else {Role(key)} for key in handled_by_user(access))
    roles = frozenset[Role]().union(*handlers)
    return list({holder.user.pk: holder.user for holder in holders(access.school, roles, at=at)}.values())


def _narrowed(access: Access, chosen: QueueFilter) -> IncidentQuerySet:
    cases = visible_incidents(access)
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


def with_people(cases: IncidentQuerySet) -> IncidentQuerySet:
    people = InvolvedPerson.objects.select_related("person").order_by("added_at", "id")
    return cases.select_related("owner").prefetch_related(Prefetch("people", queryset=people))


def _searched_page(access: Access, chosen: QueueFilter, number: int) -> QueuePage:
    matching = list(_matching_ids(access, chosen))
    pages = max(1, -(-len(matching) // PAGE))
    number = min(max(1, number), pages)
    wanted = matching[(number - 1) * PAGE : number * PAGE]
    rows = {row.pk: row for row in with_people(visible_incidents(access).filter(pk__in=wanted).defer(*_UNREAD))}
    return QueuePage([rows[pk] for pk in wanted if pk in rows], len(matching), True, number, pages)


def _matching_ids(access: Access, chosen: QueueFilter) -> Iterator[uuid.UUID]:
    """Yield the ids of the cases in whose text, reference or names every word stands, in the order of the queue."""
    words = searchable(chosen.text).split()
    cases = (
        _narrowed(access, chosen)
        .in_queue_order()
        .only("pk", "school_id", "reference", "narrative", "action_taken", "online_service")[:SEARCH_LIMIT]
    )
    named = _names(cases)
    for case in cases:
        text = f"{case.reference} {case.online_service} {named.get(case.pk, '')} {case.narrative} {case.action_taken}"
        haystack = searchable(text)
        if all(word in haystack for word in words):
            yield case.pk


def _names(cases: IncidentQuerySet) -> dict[uuid.UUID, str]:
    pairs = InvolvedPerson.objects.filter(incident__in=cases.values("pk"), person__isnull=False)
    names: dict[uuid.UUID, str] = {}
    for incident_id, name in pairs.values_list("incident_id", "person__search_name"):
        names[incident_id] = f"{names.get(incident_id, '')} {name}"
    return names
