"""The register of low-level concerns: who may read which, and what comes again."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404

from accounts.access import Access
from accounts.permissions import Permission
from incidents.access import handled_by_user
from incidents.allegations import LowLevelKind
from incidents.models import LowLevelConcern

# Within so long the same person, or the same kind of conduct, is a pattern to look at.
AGAIN = timedelta(days=2 * 365)
_MOST = 500


@dataclass(frozen=True)
class Line:
    """One concern in the register: how many others there are about the same person, and of the same kind."""

    row: LowLevelConcern
    others: int
    alike: int


@dataclass(frozen=True)
class LowLevelRegister:
    """Every concern that its reader keeps, the newest first, those still to be decided before the others."""

    waiting: list[Line]
    decided: list[Line]
    # Who stands there twice or more within two years, in words.
    patterns: list[str]


def visible_low_level(access: Access) -> QuerySet[LowLevelConcern]:
    """Return the concerns that this user keeps: those of their office, never one about themselves or a relative."""
    rows: QuerySet[LowLevelConcern] = LowLevelConcern.objects.for_school(access.school)
    if not access.has(Permission.LOW_LEVEL_MANAGE):
        return rows.none()
    kept = rows.filter(handled_by__in=handled_by_user(access))
    if access.conflicts:
        kept = kept.exclude(person__in=access.conflicts)
    return kept.select_related("person", "recorded_by", "decided_by", "became", "came_from")


def access_low_level(access: Access, concern_id: uuid.UUID) -> LowLevelConcern:
    """Return a concern that this user keeps; otherwise it does not exist."""
    row: LowLevelConcern | None = visible_low_level(access).filter(pk=concern_id).first()
    if row is None:
        raise Http404
    row.school = access.school
    return row


def register_of(access: Access, *, at: datetime) -> LowLevelRegister:
    """Return the register, with what comes again. One query."""
    rows = list(visible_low_level(access).order_by("-recorded_at", "pk")[:_MOST])
    lately = [row for row in rows if row.recorded_at >= at - AGAIN]
    people = Counter(row.person_id for row in lately if row.person_id)
    kinds = Counter((row.person_id, row.kind) for row in lately if row.person_id)
    names = {row.person_id: row.name for row in lately}
    lines = [_line(row, people, kinds, row in lately) for row in rows]
    return LowLevelRegister(
        waiting=[line for line in lines if not line.row.decision],
        decided=[line for line in lines if line.row.decision],
        patterns=[_pattern(names[pk], times, pk, kinds) for pk, times in people.most_common() if times > 1],
    )


def about_the_same(access: Access, concern: LowLevelConcern) -> list[LowLevelConcern]:
    """Return what else stands in the register about the same person, the newest first."""
    if concern.person_id is None:
        return []
    rows = visible_low_level(access).filter(person=concern.person_id).exclude(pk=concern.pk)
    return list(rows.order_by("-recorded_at", "pk")[:_MOST])


def _line(
    row: LowLevelConcern, people: Counter[uuid.UUID], kinds: Counter[tuple[uuid.UUID, str]], is_late: bool
) -> Line:
    if not row.person_id or not is_late:
        return Line(row, 0, 0)
    return Line(row, people[row.person_id] - 1, kinds[row.person_id, row.kind] - 1)


def _pattern(name: str, times: int, person_id: uuid.UUID, kinds: Counter[tuple[uuid.UUID, str]]) -> str:
    again = [
        f"{LowLevelKind(kind).label[0].lower()}{LowLevelKind(kind).label[1:]} ({number} times)"
        for (pk, kind), number in kinds.items()
        if pk == person_id and number > 1
    ]
    same = f" Of the same kind: {', '.join(again)}." if again else ""
    return f"{name}: {times} concerns within two years.{same}"
