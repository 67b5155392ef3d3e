"""Devices that are held, as far as a reader may know of them; and what of them waits for somebody.

A device of a case is known to whoever may open the case, and, without the case and the child, to whoever has it in
hand or has to sign for it. Nobody learns of one of a case about them.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from accounts.access import Access
from accounts.models import School, User
from accounts.permissions import Permission
from accounts.queries.members import conflicted, reporters
from incidents.access import visible_incidents
from incidents.models import CustodyTransfer, HeldDevice, Incident, InvolvedPerson, Obligation
from incidents.queries.obligations import Duty, Words
from incidents.statuses import OPEN_STATUSES, Part
from policies.engine.vocabulary import Ban, Deed, Kind, Strength
from policies.queries.packs import packs_of

MOST_ENDED = 25
MOST_HELD = 200
_DEEDS = (
    *(Deed.STORE_DEVICE_SECURELY, Deed.QUARANTINE_DEVICE, Deed.SEARCH_RECORD, Deed.DOCUMENT_VIEWING),
    *(Deed.CONFIRM_DELETION_ALLOWED, Deed.DELETE_COPIES),
)
_BANS = (Ban.VIEW_IMAGERY, Ban.COPY_IMAGERY, Ban.SHARE_IMAGERY, Ban.STORE_IMAGERY, Ban.DELETE_EVIDENCE)


@dataclass(frozen=True)
class DeviceRow:
    """One device in a list, and what its reader may know and do."""

    device: HeldDevice
    # Whether whose it is, why it was taken and the case may be told; and whether the reader decides about it.
    opens: bool
    manages: bool
    waits_for: str
    is_late: bool

    @property
    def whose(self) -> str:
        """Whose it is, as far as the reader may know."""
        if not self.opens:
            return "Not shown"
        return self.device.owner.name if self.device.owner else self.device.owner_words or "Not known"

    @property
    def reference(self) -> str:
        """The case it belongs to, for whoever may open that."""
        return self.device.incident.reference if self.opens and self.device.incident else ""

    @property
    def standing(self) -> str:
        """Where it is, in words."""
        if not self.device.is_held:
            return self.device.ending_label
        if self.waits_for:
            return f"With {self.device.hand}; waits for {self.waits_for} to sign"
        return f"With {self.device.hand}"


@dataclass(frozen=True)
class Register:
    """The devices that the school holds, those to be decided about first, and those it held last."""

    held: list[DeviceRow]
    ended: list[DeviceRow]


@dataclass(frozen=True)
class OfCase:
    """What the policy asks and forbids where devices and images are concerned."""

    asked: tuple[Duty, ...]
    bans: tuple[Duty, ...]


def visible_devices(access: Access) -> QuerySet[HeldDevice]:
    """Return the devices this user may know of, each with `opens_it` and with `waits_for`: who has to sign."""
    waiting = CustodyTransfer.objects.filter(device=OuterRef("pk"), to_user__isnull=False, answer__isnull=True)
    case = visible_incidents(access).filter(pk=OuterRef("incident_id"))
    opens = Q(incident__isnull=False) & Q(Exists(case))
    if access.has(Permission.DEVICE_WORK):
        # Not those of somebody close to them: such a device may tell of what they must not know.
        opens |= Q(incident__isnull=True) & (Q(owner__isnull=True) | ~Q(owner__in=access.conflicts))
    in_hand = Q(holder=access.user) | Q(Exists(waiting.filter(to_user=access.user)))
    rows: QuerySet[HeldDevice] = HeldDevice.objects.for_school(access.school).filter(opens | in_hand)
    if access.conflicts:
        about = InvolvedPerson.objects.filter(
            incident=OuterRef("incident_id"), part=Part.ALLEGED, person__in=access.conflicts
        )
        rows = rows.filter(Q(incident__isnull=True) | ~Exists(about))
    signer = waiting.values("to_user__full_name")[:1]
    return rows.annotate(opens_it=Q(opens), waits_for=Subquery(signer)).select_related(
        "incident", "owner", "holder", "taken_by"
    )


def access_device(access: Access, device_id: uuid.UUID, *, at: datetime) -> DeviceRow:
    """Return a device this user may know of, and what they may do; otherwise it does not exist."""
    found = visible_devices(access).select_related("recorded_by", "ended_by", "quarantined_by", "incident__adoption")
    row = found.filter(pk=device_id).first()
    if row is None:
        raise Http404
    return _row(access, row, timezone.localtime(at).date())


def register(access: Access, *, at: datetime) -> Register:
    """Return the devices of the school that this user may know of; two queries, however many there are."""
    rows, today = visible_devices(access), timezone.localtime(at).date()
    held = rows.filter(ended_at__isnull=True).order_by("review_on", "taken_at", "pk")[:MOST_HELD]
    ended = rows.filter(ended_at__isnull=False).order_by("-ended_at", "pk")[:MOST_ENDED]
    return Register([_row(access, row, today) for row in held], [_row(access, row, today) for row in ended])


def devices_of_case(access: Access, incident: Incident, *, at: datetime) -> list[DeviceRow]:
    """Return the devices of a case that this user may open, those still held first; one query."""
    rows, today = visible_devices(access).filter(incident=incident), timezone.localtime(at).date()
    return [_row(access, row, today) for row in rows.order_by(F("ended_at").desc(nulls_first=True), "taken_at")]


def my_devices(access: Access, *, at: datetime) -> list[DeviceRow]:
    """Return what waits for this user's signature, and what no case reminds of and is held too long; one query."""
    today = timezone.localtime(at).date()
    waiting = CustodyTransfer.objects.filter(device=OuterRef("pk"), to_user=access.user, answer__isnull=True)
    mine = Q(Exists(waiting))
    # What is held for an open case is asked about by a duty of the case.
    unasked = Q(incident__isnull=True) | ~Q(incident__status__in=OPEN_STATUSES)
    mine |= unasked & Q(review_on__lt=today) & (Q(holder=access.user) | Q(opens_it=True))
    rows = visible_devices(access).filter(mine, ended_at__isnull=True).order_by("review_on", "pk")[:MOST_ENDED]
    return [_row(access, row, today) for row in rows]


def receivers(school: School, device: HeldDevice, *, at: datetime, without: User) -> list[User]:
    """Return who may have a device in hand: everybody here but whom its case is about, and their relatives."""
    everybody = {user.pk: user for user in reporters(school, at=at) if user.pk != without.pk}
    if device.incident_id is None:
        return list(everybody.values())
    barred = _barred(device.incident_id, everybody)
    return [user for pk, user in everybody.items() if pk not in barred]


def members_beside(incident: Incident | None, school: School, *, at: datetime) -> list[User]:
    """Return who may be named in a record of a case: everybody here but whom it is about, and their relatives."""
    everybody = {user.pk: user for user in reporters(school, at=at)}
    barred = _barred(incident.pk, everybody) if incident is not None else frozenset()
    return [user for pk, user in everybody.items() if pk not in barred]


def of_case(incident: Incident, *, at: datetime) -> OfCase:
    """Return what the policy asks and forbids of a case where devices and images are concerned; one query."""
    asked = Q(kind=Kind.DO, target__in=_DEEDS) | Q(kind=Kind.FORBID, target__in=_BANS)
    rows = Obligation.objects.filter(asked, incident=incident).outstanding().by_due()
    words = Words(incident.school, packs_of(incident.adoption), at=at)
    duties = [words.duty(row) for row in rows.select_related("assignee")]
    bans = tuple(duty for duty in duties if duty.row.strength == Strength.MUST_NOT)
    return OfCase(tuple(duty for duty in duties if duty.row.strength != Strength.MUST_NOT), bans)


def _row(access: Access, device: HeldDevice, today: date) -> DeviceRow:
    device.school = access.school
    if device.incident is not None:
        device.incident.school = access.school
    opens = bool(device.opens_it)  # type: ignore[attr-defined]
    needed = Permission.DEVICE_WORK if device.incident_id is None else Permission.INCIDENT_WORK
    return DeviceRow(
        device=device,
        opens=opens,
        manages=opens and access.has(needed),
        waits_for=device.waits_for or "",  # type: ignore[attr-defined]
        is_late=device.is_held and device.review_on < today,
    )


def _barred(incident_id: uuid.UUID, everybody: dict[uuid.UUID, User]) -> frozenset[uuid.UUID]:
    accused = InvolvedPerson.objects.filter(incident=incident_id, part=Part.ALLEGED, person__isnull=False)
    return conflicted(everybody, frozenset(accused.values_list("person_id", flat=True)))
