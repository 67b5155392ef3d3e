"""Devices, searches and allowances for tests, made through the operations."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import PersonKind, School, User
from incidents.devices import AllowanceGround, AllowanceKind, Authority, DeviceKind, Giver
from incidents.models import Allowance, HeldDevice, Incident, SearchRecord
from incidents.operations import allowances, custody, searches, transfers
from incidents.operations.allowances import Given
from incidents.operations.custody import Taken
from incidents.operations.searches import Searched
from incidents.operations.transfers import Handing
from tests.factories import NOW, make_person

TODAY = date(2026, 11, 17)
WHAT, WHY, SAFE = "black, cracked corner", "It rang in assembly again.", "Safe in the office, shelf 2"
SEALED = Handing(place="Cupboard in the head's room", seal_intact=True, seal="A-4711")


def taken(by: User, **changes: Any) -> Taken:
    """Return what was taken this morning: a phone that lies in the office."""
    said: dict[str, Any] = {
        "kind": DeviceKind.PHONE,
        "description": WHAT,
        "why": WHY,
        "taken_at": NOW - timedelta(hours=1),
        "taken_by": by,
        "place": SAFE,
        "review_on": TODAY,
        "owner_words": "A boy in Year 9",
    }
    return Taken(**(said | changes))


def make_device(
    school: School, *, by: User, incident: Incident | None = None, at: Any = NOW, **changes: Any
) -> HeldDevice:
    """Enter a device that was taken."""
    said = taken(by, **({"review_on": TODAY + timedelta(days=7)} if incident else {}) | changes)
    return custody.take(school=school, device_id=uuid.uuid4(), taken=said, by=by, at=at, incident=incident)


def make_handed_over(school: School, *, by: User, to: User, **changes: Any) -> HeldDevice:
    """Enter a device, and let it wait for somebody to sign for it."""
    device = make_device(school, by=by, **changes)
    transfers.hand_over(device=device, to=to, handing=Handing(seal_intact=True), by=by, at=NOW)
    return device


def searched(by: User, witness: User, **changes: Any) -> Searched:
    """Return a search of a bag, in which nothing was found."""
    said: dict[str, Any] = {
        "authority": Authority.AUTHORISED,
        "authoriser": by,
        "searched_at": NOW - timedelta(hours=1),
        "searched_by": by,
        "witness": witness,
        "place": "Office of the head of year",
        "grounds": "Two pupils saw a vape in the bag.",
        "sought": "A vape",
        "is_explained": True,
        "is_agreed": True,
        "has_found": False,
        "is_parent_told": True,
        "pupil_words": "A girl in Year 9",
    }
    return Searched(**(said | changes))


def make_search(
    school: School, *, by: User, witness: User, incident: Incident | None = None, at: datetime = NOW, **changes: Any
) -> SearchRecord:
    """Record a search."""
    said = searched(by, witness, **changes)
    return searches.record(school=school, search_id=uuid.uuid4(), searched=said, by=by, at=at, incident=incident)


def given(school: School, kind: AllowanceKind = AllowanceKind.PHONE, **changes: Any) -> Given:
    """Return that a pupil of Year 5 may have a phone, walking home alone."""
    said: dict[str, Any] = {"kind": kind, "given_on": TODAY, "giver": Giver.PARENT}
    if "person" not in changes:
        who = PersonKind.STAFF if kind is AllowanceKind.IMAGES_OFF_SITE else PersonKind.PUPIL
        said["person"] = make_person(school=school, kind=who)
    if kind is AllowanceKind.PHONE:
        said["ground"] = AllowanceGround.WALKS_ALONE
    return Given(**(said | changes))


def make_allowance(school: School, *, by: User, at: Any = NOW, **changes: Any) -> Allowance:
    """Enter what somebody is allowed."""
    return allowances.give(given=given(school, **changes), by=by, at=at)
