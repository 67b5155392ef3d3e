"""The register of what people are allowed with phones and pictures."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from accounts.access import Access
from accounts.models import searchable
from incidents.devices import AllowanceKind
from incidents.models import Allowance

MOST = 300


@dataclass(frozen=True)
class Wanted:
    """Which of them are wanted: of one kind, of a name, and also those that hold no longer."""

    kind: AllowanceKind | None = None
    name: str = ""
    even_ended: bool = False


@dataclass(frozen=True)
class AllowanceRow:
    """One line of the register."""

    allowance: Allowance
    holds: bool
    standing: str


def allowance_rows(access: Access, wanted: Wanted, *, at: datetime) -> list[AllowanceRow]:
    """Return what is wanted of the register, by name; one query."""
    today = timezone.localtime(at).date()
    rows = Allowance.objects.for_school(access.school).select_related("person", "recorded_by", "withdrawn_by")
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind.value)
    for word in searchable(wanted.name.replace("\x00", " ")).split():
        rows = rows.filter(person__search_name__contains=word)
    if not wanted.even_ended:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=today), withdrawn_at__isnull=True)
    found = rows.order_by("person__search_name", "kind", "-given_on")[:MOST]
    return [AllowanceRow(row, row.holds(today), _standing(row, today)) for row in found]


def access_allowance(access: Access, allowance_id: uuid.UUID) -> Allowance:
    """Return a line of the school's register; otherwise it does not exist."""
    row: Allowance | None = (
        Allowance.objects.for_school(access.school).select_related("person").filter(pk=allowance_id).first()
    )
    if row is None:
        raise Http404
    row.school = access.school
    return row


def _standing(row: Allowance, today: date) -> str:
    if row.withdrawn_at is not None and row.withdrawn_on is not None:
        return f"Taken back on {row.withdrawn_on:%-d %B %Y}: {row.withdrawn_giver_label.lower()}"
    if row.until is not None and row.until < today:
        return f"Ended on {row.until:%-d %B %Y}"
    return f"Until {row.until:%-d %B %Y}" if row.until else "Holds until it is taken back"
