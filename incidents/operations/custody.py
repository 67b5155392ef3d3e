"""Devices that the school holds: taken, quarantined, kept longer, given back. How they go from hand to hand: transfers.

On a case all of it stands in the chronology, and discharges what the policy asks.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import Person, School, User
from incidents import guards
from incidents.devices import DeviceKind, Ending
from incidents.events import Event
from incidents.models import CustodyStep, HeldDevice, Incident
from incidents.operations import actions, chronology, obligations
from incidents.queries.transfers import waiting_transfer
from incidents.statuses import Undertaking
from incidents.words import as_typed
from policies.calendars import day_in_words, end_of_school_day
from policies.engine.vocabulary import Deed


@dataclass(frozen=True)
class Taken:
    """What was taken, from whom as far as it is known, why, and where it is now."""

    kind: DeviceKind
    description: str
    why: str
    taken_at: datetime
    taken_by: User
    place: str
    review_on: date
    owner: Person | None = None
    owner_words: str = ""
    seal: str = ""
    police_reference: str = ""
    is_quarantined: bool = False


@transaction.atomic
def take(
    *, school: School, device_id: uuid.UUID, taken: Taken, by: User, at: datetime, incident: Incident | None = None
) -> HeldDevice:
    """Enter a device that was taken; it is in the hands of whoever enters it. Sent twice it is entered once.

    On a case it discharges that the device is kept securely, and that it is quarantined, and by a day somebody is asked
    whether it stays. Refused on a closed case, and without what it is, why it was taken and where it is.
    """
    case = _locked_case(incident) if incident else None
    made: HeldDevice | None = HeldDevice.objects.for_school(school).filter(pk=device_id).first()
    if made is not None:
        return made
    if case is not None and case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    _check(taken, at)
    row = _unsaved(school, case, device_id, taken, by, at)
    row.save(force_insert=True)
    tell(device=row, event=Event.DEVICE_TAKEN, by=by, at=at, words=_told(row))
    if case is not None:
        deeds = (Deed.STORE_DEVICE_SECURELY, *((Deed.QUARANTINE_DEVICE,) if taken.is_quarantined else ()))
        obligations.settle_deeds(incident=case, deeds=deeds, words=_told(row), by=by, at=at)
        _ask_again(row, case, taken.review_on, by, at)
    return row


@transaction.atomic
def quarantine(*, device: HeldDevice, words: str, police_reference: str, by: User, at: datetime) -> None:
    """Put a device into quarantine: nobody touches it, and it leaves the school with the police alone."""
    row = locked(device=device)
    if row.is_quarantined:
        raise Refused("in_quarantine", "This is in quarantine already.")
    row.quarantined_at, row.quarantined_by = at, by
    row.police_reference = as_typed(police_reference) or row.police_reference
    row.save(update_fields=["quarantined_at", "quarantined_by", "police_reference"])
    said = f"{row.name}. {words}" if words.strip() else f"{row.name}."
    _keep(row, Event.DEVICE_QUARANTINED, words, by, at)
    tell(device=row, event=Event.DEVICE_QUARANTINED, by=by, at=at, words=said)
    if row.incident is not None:
        obligations.settle_deeds(incident=row.incident, deeds=(Deed.QUARANTINE_DEVICE,), words=said, by=by, at=at)


@transaction.atomic
def end_quarantine(*, device: HeldDevice, words: str, by: User, at: datetime) -> None:
    """Let a device out of quarantine, with what the police advised. Refused as long as the policy waits for them."""
    row = locked(device=device)
    if not row.is_quarantined:
        raise Refused("not_in_quarantine", "This is not in quarantine.")
    if not words.strip():
        raise Refused("words_missing", "Write down who advised what. It is kept.")
    guards.out_of_quarantine(row.incident)
    row.quarantined_at, row.quarantined_by = None, None
    row.save(update_fields=["quarantined_at", "quarantined_by"])
    _keep(row, Event.DEVICE_RELEASED, words, by, at)
    tell(device=row, event=Event.DEVICE_RELEASED, by=by, at=at, words=f"{row.name}. {words}")


@transaction.atomic
def keep_longer(*, device: HeldDevice, review_on: date, reason: str, by: User, at: datetime) -> None:
    """Decide that it stays, why, and when that is decided again."""
    row = locked(device=device)
    if not reason.strip():
        raise Refused("reason_missing", "Write down why it stays. It is kept.")
    if review_on < timezone.localtime(at).date():
        raise Refused("due_passed", "That day is over. Choose a later one.")
    row.review_on = review_on
    row.save(update_fields=["review_on"])
    _keep(row, Event.DEVICE_KEPT, f"Until {review_on:%-d %B %Y}: {reason}", by, at)
    tell(
        device=row,
        event=Event.DEVICE_KEPT,
        by=by,
        at=at,
        words=f"{row.name}. Until {review_on:%-d %B %Y}: {reason}",
    )
    if row.incident is not None and not row.incident.is_closed:
        actions.settle_about(incident=row.incident, kind=Undertaking.ACTION, subject=row.pk, by=by, at=at)
        _ask_again(row, row.incident, review_on, by, at)


@transaction.atomic
def end(*, device: HeldDevice, ending: Ending, words: str, ended_at: datetime, by: User, at: datetime) -> None:
    """Record that the school holds it no longer: to whom it was given back, or with whom outside it stays.

    Refused out of quarantine, and while the policy keeps it there.
    """
    row = locked(device=device)
    if not words.strip():
        raise Refused("words_missing", "Write down who has it now.")
    if ended_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    if waiting_transfer(row) is not None:
        raise Refused("waits_already", "This waits for somebody to sign. Take that back first.")
    if ending is Ending.RETURNED:
        guards.out_of_quarantine(row.incident)
        if row.is_quarantined:
            raise Refused("in_quarantine", "This is in quarantine. Record what the police advised, and end it first.")
    elif not row.is_outside:
        raise Refused("not_outside", "It is in the school. Hand it over first.")
    row.ended_at, row.ended_by, row.ending, row.ended_words = ended_at, by, ending.value, words
    row.save(update_fields=["ended_at", "ended_by", "ending", "ended_words"])
    tell(device=row, event=Event.DEVICE_RETURNED, by=by, at=at, words=f"{row.name}. {ending.label}: {words}")
    if row.incident is not None:
        actions.settle_about(incident=row.incident, kind=Undertaking.ACTION, subject=row.pk, by=by, at=at)


def locked(*, device: HeldDevice) -> HeldDevice:
    """Return a device as it stands now, locked: its case first, as everybody locks it. Refused where it is no longer
    held.
    """
    case = _locked_case(device.incident) if device.incident is not None else None
    rows = HeldDevice.objects.select_for_update(of=("self",), no_key=True).select_related(
        "school", "holder", "owner", "taken_by"
    )
    row: HeldDevice = rows.get(pk=device.pk)
    row.incident = case
    if not row.is_held:
        raise Refused("not_held", f"The school holds this no longer: {row.ending_label.lower()}.")
    return row


def tell(*, device: HeldDevice, event: Event, by: User, at: datetime, words: str) -> None:
    """Tell of a device where it belongs: in the chronology of its case, or without words in the school's audit."""
    if device.incident is not None:
        data = {"device": str(device.pk)}
        chronology.append(incident=device.incident, event=event, by=by, at=at, text=words, data=data)
        return
    summary = f"{event.label}: {device.kind_label.lower()}."
    audit.record(school=device.school, actor=by, event=event, target=f"device:{device.pk}", summary=summary, at=at)


def _check(taken: Taken, at: datetime) -> None:
    if not taken.description.strip():
        raise Refused("description_missing", "Write down what it is: make, colour, what tells it from another.")
    if not taken.why.strip():
        raise Refused("why_missing", "Write down why it was taken.")
    if not taken.place.strip():
        raise Refused("place_missing", "Write down where it is kept.")
    if taken.owner is None and not taken.owner_words.strip():
        raise Refused("owner_missing", "Say whose it is, as far as it is known.")
    if taken.taken_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    if taken.review_on < timezone.localtime(at).date():
        raise Refused("due_passed", "That day is over. Choose a later one.")


def _unsaved(
    school: School, case: Incident | None, device_id: uuid.UUID, taken: Taken, by: User, at: datetime
) -> HeldDevice:
    return HeldDevice(
        pk=device_id,
        school=school,
        incident=case,
        kind=taken.kind.value,
        description=taken.description,
        owner=taken.owner,
        owner_words=as_typed(taken.owner_words),
        why=taken.why,
        taken_at=taken.taken_at,
        taken_by=taken.taken_by,
        recorded_at=at,
        recorded_by=by,
        holder=by,
        place=taken.place,
        seal=as_typed(taken.seal) or "",
        police_reference=as_typed(taken.police_reference),
        quarantined_at=at if taken.is_quarantined else None,
        quarantined_by=by if taken.is_quarantined else None,
        review_on=taken.review_on,
    )


def _told(row: HeldDevice) -> str:
    whose = row.owner.name if row.owner else row.owner_words
    seal = f" Seal {row.seal}." if row.seal else " Not sealed."
    rest = " In quarantine." if row.is_quarantined else ""
    return (
        f"{row.name}. Of: {whose}. Taken by {row.taken_by.full_name}, {day_in_words(row.taken_at)}: {row.why} "
        f"Kept: {row.place}.{seal}{rest}"
    )


def _ask_again(row: HeldDevice, case: Incident, review_on: date, by: User, at: datetime) -> None:
    actions.undertake(
        incident=case,
        kind=Undertaking.ACTION,
        words=f"{row.kind_label} held since {day_in_words(row.taken_at)}: decide whether it stays",
        due_at=end_of_school_day(row.school, review_on),
        by=by,
        at=at,
        subject=row.pk,
    )


def _keep(row: HeldDevice, event: Event, words: str, by: User, at: datetime) -> None:
    """Keep what was decided with the device itself, which may belong to no case."""
    step = CustodyStep(school=row.school, device=row, event=event.value, words=as_typed(words), at=at, by=by)
    step.save(force_insert=True)


def _locked_case(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school", "adoption")
    case: Incident = rows.get(pk=incident.pk)
    return case
