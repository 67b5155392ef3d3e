"""How a device goes from hand to hand, each hand-over signed by both.

A device is always in one hand. Whoever gives it signs by recording it; whoever gets it signs with their own sign-in,
and until then it is still the giver's. Somebody outside the school gives a reference. What is written is never changed.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.queries.members import conflicted, reporters
from incidents import guards, notifications
from incidents.events import Event
from incidents.models import CustodyAnswer, CustodyTransfer, HeldDevice, InvolvedPerson
from incidents.operations import custody
from incidents.queries.transfers import waiting_transfer
from incidents.statuses import Part
from incidents.words import as_typed


@dataclass(frozen=True)
class Outside:
    """Somebody outside the school who takes a device, and what they gave to show that they did."""

    name: str
    agency: str
    reference: str
    is_police: bool = False

    @property
    def words(self) -> str:
        """Who it is, in a line."""
        return ", ".join(part for part in (self.name, self.agency) if part.strip())


@dataclass(frozen=True)
class Handing:
    """How it went from hand to hand: where it is kept then, what became of the seal, and words about it."""

    place: str = ""
    seal_intact: bool | None = None
    seal: str = ""
    words: str = ""


@transaction.atomic
def hand_over(*, device: HeldDevice, to: User | Outside, handing: Handing, by: User, at: datetime) -> CustodyTransfer:
    """Sign that a device goes to somebody else. To somebody of the school it waits until they sign for it.

    Refused: by anybody but whoever holds it; while another hand-over waits; to whom the case is about; out of
    quarantine to anybody but the police; out of the school while the police come first.
    """
    row = custody.locked(device=device)
    if waiting_transfer(row) is not None:
        raise Refused("waits_already", "This waits for somebody to sign already. Take that back first.")
    if row.holder_id != by.pk:
        raise Refused("not_in_your_hands", f"Only whoever holds it can hand it over: {row.hand}.")
    _check_seal(row, handing)
    if isinstance(to, Outside):
        return _out_of_school(row, to, handing, by, at)
    _check_receiver(row, to, by, at)
    transfer = _transfer(row, handing, by, at, from_user=by, to_user=to)
    notifications.device_waits(transfer=transfer, at=at)
    custody.tell(
        device=row,
        event=Event.CUSTODY_GIVEN,
        by=by,
        at=at,
        words=f"{row.name}. {_moved(transfer)} Waits for {to.full_name} to sign.",
    )
    return transfer


@transaction.atomic
def sign(*, transfer: CustodyTransfer, handing: Handing, by: User, at: datetime) -> CustodyAnswer:
    """Sign for a device that somebody hands over: from now on it is in one's own hands."""
    row = custody.locked(device=transfer.device)
    _still_waits(row, transfer)
    if transfer.to_user_id != by.pk:
        raise Refused("not_yours_to_sign", f"Only {transfer.receiver} can sign for this.")
    if not handing.place.strip():
        raise Refused("place_missing", "Write down where you keep it.")
    if transfer.seal and handing.seal_intact is None:
        raise Refused("seal_missing", "Say whether the seal is whole and has this number.")
    answer = _answer(transfer, True, handing, by, at)
    _put(row, holder=by, place=handing.place, seal=transfer.seal)
    seal = _seal_words(transfer.seal, handing.seal_intact)
    custody.tell(
        device=row,
        event=Event.CUSTODY_SIGNED,
        by=by,
        at=at,
        words=f"{row.name}. {by.full_name} has it: {handing.place}.{seal}",
    )
    return answer


@transaction.atomic
def decline(*, transfer: CustodyTransfer, words: str, by: User, at: datetime) -> CustodyAnswer:
    """Record that a device was not taken, or that the giver takes it back. It stays with whoever gave it."""
    row = custody.locked(device=transfer.device)
    _still_waits(row, transfer)
    if by.pk not in (transfer.to_user_id, transfer.given_by_id):
        raise Refused("not_yours_to_sign", f"Only {transfer.receiver} can answer this.")
    if not words.strip():
        raise Refused("words_missing", "Write down why it is not handed over.")
    answer = _answer(transfer, False, Handing(words=words), by, at)
    custody.tell(
        device=row,
        event=Event.CUSTODY_DECLINED,
        by=by,
        at=at,
        words=f"{row.name}. It stays with {row.hand}. {words}",
    )
    return answer


@transaction.atomic
def take_over(*, device: HeldDevice, handing: Handing, by: User, at: datetime) -> CustodyTransfer:
    """Take a device out of a hand that cannot sign here: back from somebody outside, or from a colleague who is gone.

    The reason stands in the chain, where the other signature would be.
    """
    row = custody.locked(device=device)
    waiting = waiting_transfer(row)
    if row.holder_id == by.pk:
        raise Refused("in_your_hands", "It is in your hands already.")
    if not handing.words.strip():
        raise Refused("words_missing", "Write down why whoever has it does not hand it over here themselves.")
    if not handing.place.strip():
        raise Refused("place_missing", "Write down where you keep it.")
    _check_seal(row, handing)
    _check_receiver(row, by, None, at)
    if waiting is not None:
        _answer(waiting, False, Handing(words="Somebody else took it over."), by, at)
    hands = {"from_user": row.holder, "from_words": row.holder_words}
    transfer = _transfer(row, handing, by, at, to_user=by, **hands)
    _answer(transfer, True, handing, by, at)
    _put(row, holder=by, place=handing.place, seal=handing.seal)
    custody.tell(
        device=row,
        event=Event.CUSTODY_SIGNED,
        by=by,
        at=at,
        words=f"{row.name}. {_moved(transfer)} {handing.words}",
    )
    return transfer


def _out_of_school(row: HeldDevice, to: Outside, handing: Handing, by: User, at: datetime) -> CustodyTransfer:
    if not to.name.strip():
        raise Refused("name_missing", "Write down the name of whoever takes it.")
    if not to.reference.strip():
        raise Refused(
            "reference_missing", "Write down what they gave you: a collar number, or the number of a receipt."
        )
    if not to.is_police:
        guards.out_of_quarantine(row.incident)
        if row.is_quarantined:
            raise Refused("in_quarantine", "This is in quarantine. Only the police may take it.")
        if row.incident is not None:
            guards.beyond_school(row.incident)
    hands = {"from_user": by, "to_words": to.words, "outside_reference": to.reference}
    transfer = _transfer(row, handing, by, at, **hands)
    row.holder, row.holder_words = None, to.words
    row.place, row.seal = as_typed(handing.place), as_typed(handing.seal) or ""
    if to.is_police and not row.police_reference:
        row.police_reference = to.reference
    row.save(update_fields=["holder", "holder_words", "place", "seal", "police_reference"])
    said = f"{row.name}. {_moved(transfer)} Their reference: {to.reference}. {handing.words}"
    custody.tell(device=row, event=Event.CUSTODY_GIVEN, by=by, at=at, words=said)
    return transfer


def _check_seal(row: HeldDevice, handing: Handing) -> None:
    if row.seal and handing.seal_intact is None:
        raise Refused("seal_missing", f"Say whether the seal is whole: {row.seal}.")
    if row.seal and not handing.seal_intact and not handing.words.strip():
        raise Refused("words_missing", "Write down what is wrong with the seal.")


def _check_receiver(row: HeldDevice, to: User, by: User | None, at: datetime) -> None:
    """Nobody of another school, and nobody whom the case or the device is about or who is close to them."""
    if by is not None and to.pk == by.pk:
        raise Refused("to_yourself", "It is in your hands already. Choose somebody else.")
    if to.pk not in {user.pk for user in reporters(row.school, at=at)}:
        raise Refused("not_of_school", "Choose somebody in the list.")
    if to.pk in conflicted([to.pk], _accused(row)):
        raise Refused("not_of_school", "Choose somebody in the list.")


def _accused(row: HeldDevice) -> frozenset[uuid.UUID]:
    if row.incident_id is None:
        return frozenset()
    people = InvolvedPerson.objects.filter(incident=row.incident_id, part=Part.ALLEGED, person__isnull=False)
    return frozenset(people.values_list("person_id", flat=True))


def _transfer(row: HeldDevice, handing: Handing, by: User, at: datetime, **hands: object) -> CustodyTransfer:
    transfer = CustodyTransfer(
        school=row.school,
        device=row,
        number=row.transfers.count() + 1,
        place=as_typed(handing.place),
        seal_intact=handing.seal_intact if row.seal else None,
        seal=as_typed(handing.seal) or "",
        words=as_typed(handing.words),
        given_at=at,
        given_by=by,
        **hands,
    )
    transfer.save(force_insert=True)
    return transfer


def _answer(transfer: CustodyTransfer, is_accepted: bool, handing: Handing, by: User, at: datetime) -> CustodyAnswer:
    answer = CustodyAnswer(
        school=transfer.school,
        transfer=transfer,
        is_accepted=is_accepted,
        seal_intact=handing.seal_intact if transfer.seal else None,
        place=as_typed(handing.place),
        words=as_typed(handing.words),
        answered_at=at,
        answered_by=by,
    )
    answer.save(force_insert=True)
    return answer


def _put(row: HeldDevice, *, holder: User, place: str, seal: str) -> None:
    row.holder, row.holder_words, row.place, row.seal = holder, None, place, seal
    row.save(update_fields=["holder", "holder_words", "place", "seal"])


def _still_waits(row: HeldDevice, transfer: CustodyTransfer) -> None:
    waiting = waiting_transfer(row)
    if waiting is None or waiting.pk != transfer.pk:
        raise Refused("answered_already", "This was answered already. Look at the chain of hands.")


def _moved(transfer: CustodyTransfer) -> str:
    return f"From {transfer.giver} to {transfer.receiver}.{_seal_words(transfer.seal, transfer.seal_intact)}"


def _seal_words(seal: str, is_intact: bool | None) -> str:
    broken = " The seal was broken." if is_intact is False else ""
    return f"{broken} Seal {seal}." if seal else broken
