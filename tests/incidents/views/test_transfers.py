"""Hand-overs on the page: given by one sign-in, signed for by another, seen by nobody else."""

from typing import Any

from incidents.models import CustodyAnswer, CustodyTransfer, HeldDevice
from tests.conftest import Cast
from tests.factories import make_person
from tests.incidents.devices import WHY, make_device, make_handed_over
from tests.incidents.operations.test_referrals import case_of
from tests.incidents.pages import address, browser, main, words


def post(cast: Cast, name: str, device: HeldDevice, by: str, **said: str) -> Any:
    return browser(cast[by]).post(address(name, cast.school, device_id=device.pk), said, follow=True)


def test_ict_signs_for_a_device_without_seeing_child_or_case(cast: Cast) -> None:
    owner = make_person(school=cast.school, name="Mia Marlow")
    incident = case_of(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident, owner=owner, seal="A-1")
    given = {"hand-to": "member", "hand-receiver": str(cast.ict.pk), "hand-seal": "A-2"}
    refused = post(cast, "transfer-hand-over", device, "dsl", **given)
    assert "Say whether the seal is whole" in words(refused)
    page = post(cast, "transfer-hand-over", device, "dsl", **given, **{"hand-seal_intact": "yes"})
    assert "Ned Network is asked to sign." in words(page)
    assert "Nobody else can sign." in words(page)

    asked = browser(cast.ict).get(address("custody-detail", cast.school, device_id=device.pk))
    for hidden in ("Mia Marlow", WHY, incident.reference, "Give it back"):
        assert hidden not in main(asked)
    assert "Next: sign for it" in main(asked)
    assert "Write down where you keep it" in words(post(cast, "transfer-sign", device, "ict"))
    signed = post(cast, "transfer-sign", device, "ict", **{"sign-seal_intact": "yes", "sign-place": "Safe 2"})

    assert "You signed for it." in words(signed)
    assert "Signed by Dora Safe and Ned Network" in words(signed)
    assert "Mia Marlow" not in main(signed)
    assert HeldDevice.objects.get().holder == cast.ict
    assert CustodyAnswer.objects.get().answered_by == cast.ict


def test_others_have_nothing_to_sign_and_nothing_to_decide(cast: Cast) -> None:
    device = make_handed_over(cast.school, by=cast.dsl, to=cast.ict)
    said = {"sign-place": "Mine", "decline-words": "No"}

    for name in ("head", "deputy", "teacher", "governor", "next_door_dsl"):
        for page in ("transfer-sign", "transfer-decline"):
            assert post(cast, page, device, name, **said).status_code == 404
    assert post(cast, "transfer-take-over", device, "ict").status_code == 403
    assert post(cast, "custody-end", device, "ict").status_code == 403
    assert not CustodyAnswer.objects.exists()
    assert HeldDevice.objects.get().holder == cast.dsl


def test_the_giver_takes_it_back_and_the_other_hand_lets_go_of_it(cast: Cast) -> None:
    device = make_handed_over(cast.school, by=cast.dsl, to=cast.ict)
    assert "Write down why" in words(post(cast, "transfer-decline", device, "dsl"))
    back = post(cast, "transfer-decline", device, "dsl", **{"decline-words": "He is away."})

    assert "It stays with Dora Safe." in words(back)
    assert "Not handed over, says Dora Safe" in words(back)
    assert browser(cast.ict).get(address("custody-detail", cast.school, device_id=device.pk)).status_code == 404


def test_the_police_take_it_against_a_reference_and_it_comes_back(cast: Cast) -> None:
    device = make_device(cast.school, by=cast.dsl)
    refused = post(cast, "transfer-hand-over", device, "dsl", **{"hand-to": "police"})
    for sentence in ("Write down their name", "Write down what they gave you"):
        assert sentence in words(refused)
    assert "Choose who takes it" in words(post(cast, "transfer-hand-over", device, "dsl", **{"hand-to": "member"}))
    said = {"hand-to": "police", "hand-name": "PC Jones", "hand-reference": "Collar 4711"}
    page = post(cast, "transfer-hand-over", device, "dsl", **said)

    assert "With PC Jones, Police" in words(page)
    assert "taken against a reference" in words(page)
    assert "Collar 4711" in main(page)
    said = {"take-words": "PC Jones brought it back.", "take-place": "Safe"}
    back = post(cast, "transfer-take-over", device, "head", **said)
    assert "With Hetty Head" in words(back)
    assert "without the other signature" in words(back)
    assert CustodyTransfer.objects.count() == 2
