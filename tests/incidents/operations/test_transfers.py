"""Hand-overs: signed by both, refused to others, never changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.errors import Refused
from accounts.models import OutboxMessage, Relation
from accounts.operations import people as register
from incidents.events import Event
from incidents.models import ChronologyEntry, CustodyAnswer, CustodyTransfer, HeldDevice
from incidents.operations import custody, transfers
from incidents.operations.transfers import Handing, Outside
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, make_person, person_of
from tests.incidents.devices import SEALED, make_device, make_handed_over
from tests.incidents.operations.test_custody import advise, staff_images
from tests.incidents.operations.test_referrals import case_of, police_first

LATER = NOW + timedelta(minutes=20)
HERE = Handing(place="Server room, safe 2", seal_intact=True)
OFFICER = Outside(name="PC Jones", agency="Kent Police", reference="Collar 4711", is_police=True)
AUNT = Outside(name="Ms Aunt", agency="", reference="Signed in our book")


def give(device: HeldDevice, to: Any, by: Any, **changes: Any) -> CustodyTransfer:
    return transfers.hand_over(device=device, to=to, handing=changes.get("handing", SEALED), by=by, at=NOW)


def test_it_is_the_givers_until_the_receiver_has_signed(cast: Cast) -> None:
    incident = case_of(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident, seal="A-1")
    transfer = give(device, cast.ict, cast.dsl)

    device.refresh_from_db()
    assert (device.holder, transfer.number, transfer.from_user, transfer.seal) == (cast.dsl, 1, cast.dsl, "A-4711")
    assert {row.recipient for row in OutboxMessage.objects.filter(kind="incidents/device_waits")} == {cast.ict}
    transfers.sign(transfer=transfer, handing=HERE, by=cast.ict, at=LATER)

    device.refresh_from_db()
    assert (device.holder, device.place, device.seal) == (cast.ict, HERE.place, "A-4711")
    answer = CustodyAnswer.objects.get()
    assert (answer.is_accepted, answer.seal_intact, answer.answered_by) == (True, True, cast.ict)
    told = ChronologyEntry.objects.filter(incident=incident, event__startswith="custody").order_by("at")
    assert [entry.event for entry in told] == [Event.CUSTODY_GIVEN, Event.CUSTODY_SIGNED]
    assert "Dora Safe to Ned Network" in told[0].text


def test_only_the_holder_gives_and_only_the_receiver_signs(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl)
    for by, to, code in (
        (cast.head, cast.ict, "not_in_your_hands"),
        (cast.dsl, cast.dsl, "to_yourself"),
        (cast.dsl, cast.next_door_dsl, "not_of_school"),
    ):
        with pytest.raises(Refused) as refused:
            give(device, to, by)
        assert refused.value.code == code
    transfer = give(device, cast.ict, cast.dsl)
    for by in (cast.dsl, cast.head, cast.deputy, cast.next_door_dsl):
        with pytest.raises(Refused, match="Only Ned Network can sign"):
            transfers.sign(transfer=transfer, handing=HERE, by=by, at=LATER)
    with pytest.raises(Refused, match="waits for somebody"):
        give(device, cast.head, cast.dsl)
    with pytest.raises(Refused, match="Only Ned Network"):
        transfers.decline(transfer=transfer, words="Mine.", by=cast.head, at=LATER)

    assert not CustodyAnswer.objects.exists()


def test_whoever_the_case_is_about_and_who_is_close_to_them_never_has_it(cast: Cast) -> None:
    incident = case_of(cast, about=About.ADULT)
    device = make_device(cast.school, by=cast.head, incident=incident)
    close = person_of(cast.ict, cast.school)
    accused = person_of(cast.colleague, cast.school)
    register.relate(person=close, related=accused, relation=Relation.PARTNER, at=NOW)

    for user in (cast.colleague, cast.ict):
        with pytest.raises(Refused, match="Choose somebody in the list"):
            give(device, user, cast.head)
    assert not CustodyTransfer.objects.exists()


@pytest.mark.parametrize(
    ("handing", "code"),
    [
        (Handing(), "seal_missing"),
        (Handing(seal_intact=False), "words_missing"),
    ],
)
def test_a_seal_is_looked_at_by_both(cast: Cast, handing: Handing, code: str) -> None:
    device = make_device(cast.school, by=cast.dsl, seal="A-1")
    with pytest.raises(Refused) as refused:
        give(device, cast.ict, cast.dsl, handing=handing)
    assert refused.value.code == code
    transfer = give(device, cast.ict, cast.dsl)
    for said, wrong in ((Handing(seal_intact=True), "place_missing"), (Handing(place="Safe"), "seal_missing")):
        with pytest.raises(Refused) as refused:
            transfers.sign(transfer=transfer, handing=said, by=cast.ict, at=LATER)
        assert refused.value.code == wrong


def test_it_stays_with_the_giver_when_it_is_not_taken_or_taken_back(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl)
    for by in (cast.ict, cast.dsl):
        transfer = give(device, cast.ict, cast.dsl)
        with pytest.raises(Refused, match="Write down why"):
            transfers.decline(transfer=transfer, words=" ", by=by, at=LATER)
        transfers.decline(transfer=transfer, words="It never came.", by=by, at=LATER)
        with pytest.raises(Refused, match="answered already"):
            transfers.sign(transfer=transfer, handing=HERE, by=cast.ict, at=LATER)

    device.refresh_from_db()
    assert device.holder == cast.dsl
    assert [row.number for row in device.transfers.order_by("number")] == [1, 2]


def test_the_police_take_it_against_a_reference_also_out_of_quarantine(cast: Cast) -> None:
    incident = staff_images(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident, seal="A-1", is_quarantined=True)
    with pytest.raises(Refused, match="until the police have advised"):
        give(device, AUNT, cast.dsl)
    with pytest.raises(Refused, match="what they gave you"):
        give(device, Outside("PC Jones", "Kent Police", " ", is_police=True), cast.dsl)

    give(device, OFFICER, cast.dsl)

    device.refresh_from_db()
    assert (device.holder, device.holder_words) == (None, "PC Jones, Kent Police")
    assert device.police_reference == "Collar 4711"
    assert not OutboxMessage.objects.filter(kind="incidents/device_waits").exists()
    with pytest.raises(Refused, match="PC Jones"):
        give(device, cast.ict, cast.dsl)
    advise(cast, incident)
    custody.end_quarantine(device=device, words="PC Jones: it may go back.", by=cast.dsl, at=NOW)
    transfers.take_over(device=device, handing=Handing("Safe", True, "A-2", "Brought back."), by=cast.dsl, at=LATER)
    device.refresh_from_db()
    assert (device.holder, device.seal) == (cast.dsl, "A-2")
    assert "PC Jones, Kent Police to Dora Safe" in ChronologyEntry.objects.filter(event=Event.CUSTODY_SIGNED)[0].text


def test_out_of_the_school_only_after_the_police(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl, incident=police_first(cast))

    with pytest.raises(Refused, match="The police first"):
        give(device, AUNT, cast.dsl)
    give(device, OFFICER, cast.dsl)
    assert HeldDevice.objects.get().is_outside


def test_taking_over_says_why_and_ends_what_waits(cast: Cast) -> None:
    device = make_handed_over(cast.school, by=cast.teacher, to=cast.ict)
    for handing, code in ((Handing(place="Safe"), "words_missing"), (Handing(words="Away."), "place_missing")):
        with pytest.raises(Refused) as refused:
            transfers.take_over(device=device, handing=handing, by=cast.dsl, at=LATER)
        assert refused.value.code == code
    said = Handing(place="Safe", words="Both are away.")
    transfers.take_over(device=device, handing=said, by=cast.dsl, at=LATER)

    device.refresh_from_db()
    assert device.holder == cast.dsl
    assert [row.answer.is_accepted for row in device.transfers.order_by("number")] == [False, True]
    with pytest.raises(Refused, match="in your hands already"):
        transfers.take_over(device=device, handing=said, by=cast.dsl, at=LATER)


def test_nothing_in_the_chain_is_ever_changed(cast: Cast) -> None:
    device = make_handed_over(cast.school, by=cast.dsl, to=cast.ict, owner=make_person(school=cast.school))

    for statement in ("UPDATE incidents_custodytransfer SET number = 9", "DELETE FROM incidents_custodytransfer"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert device.transfers.get().number == 1
