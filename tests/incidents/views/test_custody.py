"""The pages of devices: the register, a case's, one device; what each reader may know and do."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Relation
from accounts.operations import people as register
from accounts.roles import Role
from incidents.models import HeldDevice
from incidents.routes import About
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_member, make_person, person_of
from tests.incidents.conftest import Clock
from tests.incidents.devices import SAFE, TODAY, WHAT, WHY, make_device, make_handed_over
from tests.incidents.operations.test_custody import staff_images
from tests.incidents.operations.test_referrals import case_of
from tests.incidents.pages import address, browser, case_address, main, title, words
from tests.incidents.views.test_incidents_queries import count, settled

LIST, OF_CASE, DETAIL = 6, 16, 11


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    """Return the form as a browser sends it."""
    return {
        "device_id": str(uuid.uuid4()),
        "kind": "phone",
        "description": WHAT,
        "whose": "",
        "whose_query": "",
        "whose_words": "A boy in Year 9",
        "why": WHY,
        "taken_date": "2026-11-17",
        "taken_time": "08:00",
        "taken_by": str(cast.teacher.pk),
        "place": SAFE,
        "seal": "A-1",
        "police_reference": "",
        "review_on": "2026-11-17",
        **changes,
    }


def listed(cast: Cast, by: str = "dsl") -> str:
    return main(browser(cast[by]).get(address("custody-list", cast.school)))


def page_of(cast: Cast, device: HeldDevice, by: str = "dsl") -> Any:
    return browser(cast[by]).get(address("custody-detail", cast.school, device_id=device.pk))


def test_from_the_empty_register_to_the_device_given_back(cast: Cast) -> None:
    client = browser(cast.dsl)
    assert "The school holds no device." in listed(cast)
    page = client.post(address("custody-add", cast.school), typed(cast), follow=True)

    assert "It is in the register, in your hands." in words(page)
    device = HeldDevice.objects.get()
    for stands in (WHAT, WHY, SAFE, "A boy in Year 9", "Taken by <bdi>Tessa Teacher", "With Dora Safe", "A-1"):
        assert stands in main(page)
    assert WHAT in listed(cast)
    end = {"end-ending": "returned", "end-words": "His father", "end-ended_date": "2026-11-17"}
    target = address("custody-end", cast.school, device_id=device.pk)
    refused = client.post(target, end)
    assert "Say at what time" in words(refused)
    assert title(refused).startswith("Error: ")
    done = client.post(target, {**end, "end-ended_time": "08:20"}, follow=True)
    assert "Held no longer" in main(done)
    assert "His father" in main(done)
    assert "The school holds no device." in listed(cast)


def test_whose_it_is_is_looked_for_by_name_and_nothing_typed_is_lost(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Mia Marlow")
    target, client = address("custody-add", cast.school), browser(cast.dsl)
    found = client.post(target, typed(cast, whose_query="mar", action="find"))

    assert "Mia Marlow" in main(found)
    assert "Error" not in title(found)
    assert WHY in main(found)
    unsure = client.post(target, typed(cast, whose_query="mar", whose_words=""))
    assert "Press Find, and choose who it is." in words(unsure)
    client.post(target, typed(cast, whose_query="mar", whose=str(pupil.pk)))
    assert HeldDevice.objects.get().owner == pupil


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choose what it is"),
        ({"description": " "}, "make, colour"),
        ({"why": ""}, "Write down why it was taken"),
        ({"taken_date": "2026-11-18"}, "That is in the future"),
        ({"taken_by": str(uuid.uuid4())}, "Choose somebody in the list"),
        ({"place": ""}, "Write down where it is kept"),
        ({"whose_words": ""}, "Say whose it is"),
        ({"whose": str(uuid.uuid4())}, "Choose one of these"),
        ({"review_on": "2026-11-16"}, "That day is over"),
        ({"seal": "x" * 41}, "1 letters too long"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_entered(cast: Cast, changes: dict[str, str], sentence: str) -> None:
    page = browser(cast.dsl).post(address("custody-add", cast.school), typed(cast, **changes))

    assert sentence in words(page)
    assert title(page).startswith("Error: ")
    assert not HeldDevice.objects.exists()


def test_a_case_has_its_devices_and_says_what_the_policy_asks(cast: Cast) -> None:
    incident = staff_images(cast)
    page = main(browser(cast.dsl).get(case_address("custody-of-case", incident)))
    for stands in ("No device was taken.", "Quarantine the device", "11.4", "Do not"):
        assert stands in page

    client = browser(cast.dsl)
    sent = typed(cast, is_quarantined="on", review_on="2026-11-20")
    detail = client.post(case_address("custody-case-add", incident), sent, follow=True)
    assert "Nobody switches it on" in main(detail)
    assert "until the police have advised" in words(detail)
    target = address("custody-release", cast.school, device_id=HeldDevice.objects.get().pk)
    assert "Referrals what they advised" in words(client.post(target, {"release-words": "Fine."}))
    assert HeldDevice.objects.get().is_quarantined
    assert incident.reference in listed(cast)


def test_whoever_may_not_open_the_case_never_learns_of_its_device(cast: Cast) -> None:
    slt = make_member(school=cast.school, role=Role.SLT, name="Sally Senior")
    device = make_device(cast.school, by=cast.dsl, incident=case_of(cast))
    free = make_device(cast.school, by=cast.dsl, description="green tablet")
    target = address("custody-detail", cast.school, device_id=device.pk)

    for user in (slt, cast.head):
        page = main(browser(user).get(address("custody-list", cast.school)))
        assert WHAT not in page
        assert "green tablet" in page
        assert browser(user).get(target).status_code == 404
    for name in ("teacher", "ict", "governor", "administrator", "chair", "next_door_dsl"):
        assert page_of(cast, device, name).status_code == 404
        assert page_of(cast, free, name).status_code == 404
        assert browser(cast[name]).get(address("custody-list", cast.school)).status_code in (403, 404)


def test_whoever_a_case_is_about_never_learns_of_its_device_not_even_in_hand(cast: Cast) -> None:
    accused = make_person(school=cast.school)
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school))])
    device = make_handed_over(cast.school, by=cast.deputy, to=cast.ict, incident=incident)
    assert page_of(cast, device, "deputy").status_code == 200
    incident.people.create(school=cast.school, person=accused, part="alleged", added_at=NOW, added_by=cast.dsl)
    for name in ("deputy", "ict"):
        register.relate(person=person_of(cast[name], cast.school), related=accused, relation=Relation.SIBLING, at=NOW)

    for name in ("deputy", "ict"):
        assert page_of(cast, device, name).status_code == 404
        assert "Devices</h2>" not in main(browser(cast[name]).get(address("school-home", cast.school)))
    assert WHAT not in listed(cast, "deputy")
    assert browser(cast.deputy).get(case_address("custody-of-case", incident)).status_code == 404
    assert page_of(cast, device, "dsl").status_code == 200


def test_a_case_manager_has_the_devices_of_an_adults_case_and_the_team_does_not(cast: Cast) -> None:
    people = [alleged(person_of(cast.colleague, cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people, about=About.ADULT)
    device = make_device(cast.school, by=cast.head, incident=incident)

    assert page_of(cast, device, "head").status_code == 200
    for name in ("dsl", "deputy", "colleague", "chair"):
        assert page_of(cast, device, name).status_code == 404
    assert (
        "Colin Colleague"
        not in words(browser(cast.head).get(case_address("custody-case-add", incident))).split("Who took it?")[1]
    )


def test_my_day_calls_for_whoever_has_to_sign_and_for_what_is_held_too_long(cast: Cast, clock: Clock) -> None:
    make_handed_over(cast.school, by=cast.dsl, to=cast.ict, description="blue laptop", incident=case_of(cast))
    make_device(cast.school, by=cast.dsl, description="green tablet", review_on=TODAY)
    home = address("school-home", cast.school)
    assert "blue laptop" in main(browser(cast.ict).get(home))
    assert "green tablet" not in main(browser(cast.dsl).get(home))

    clock.forward(timedelta(days=1))

    for name in ("dsl", "head"):
        page = main(browser(cast[name]).get(home))
        assert "green tablet" in page
        assert "Held too long" in page
    assert "green tablet" not in main(browser(cast.teacher).get(home))


def test_it_stays_longer_and_goes_into_quarantine(cast: Cast) -> None:
    device, client = make_device(cast.school, by=cast.dsl), browser(cast.head)

    def post(name: str, **said: str) -> Any:
        return client.post(address(name, cast.school, device_id=device.pk), said, follow=True)

    assert "Say by which day" in words(post("custody-keep"))
    kept = post("custody-keep", **{"keep-review_on": "2026-11-20", "keep-reason": "Exams."})
    assert "Until 20 November 2026: Exams." in main(kept)
    assert "Write down why" in words(post("custody-quarantine"))
    held = post("custody-quarantine", **{"quarantine-words": "Threats.", "quarantine-police_reference": "CR/1"})
    assert "CR/1" in main(held)
    assert "Only the police" in words(held)
    assert "Threats." in main(held)
    freed = post("custody-release", **{"release-words": "PC Jones: fine."})
    assert "It is out of quarantine." in words(freed)
    assert "PC Jones: fine." in main(freed)


def test_the_pages_ask_as_often_for_many_as_for_one(cast: Cast) -> None:
    client, incident = settled(browser(cast.dsl), cast), case_of(cast)
    device = make_device(cast.school, by=cast.dsl, incident=incident, owner=make_person(school=cast.school))
    pages = [
        address("custody-list", cast.school),
        case_address("custody-of-case", incident),
        address("custody-detail", cast.school, device_id=device.pk),
    ]
    for page in pages:
        client.get(page)
    with_one = [count(lambda: client.get(page)) for page in pages]  # noqa: B023
    for number in range(6):
        of = incident if number % 2 else None
        make_device(cast.school, by=cast.dsl, incident=of, owner=make_person(school=cast.school))

    assert [count(lambda: client.get(page)) for page in pages] == with_one  # noqa: B023
    assert with_one == [LIST, OF_CASE, DETAIL]
