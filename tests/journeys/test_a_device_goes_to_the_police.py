"""A phone is taken on a corridor, goes to the safe of the network manager, and from there to the police."""

import re

from playwright.sync_api import Page, expect

from incidents.models import HeldDevice
from tests.conftest import Cast
from tests.factories import harmed, make_incident, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import PHONE
from tests.journeys.steps import answer, sign_in


def test_a_phone_is_taken_signed_for_and_handed_to_the_police(open_page: OpenPage, cast: Cast) -> None:
    owner = make_person(school=cast.school, name="Amira Hadley")
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(owner)])
    lead, keeper = open_page(viewport=PHONE, phone=True), open_page(viewport=PHONE, phone=True)

    sign_in(lead, cast.dsl)
    _take(lead, case.reference)
    _give_to_the_keeper(lead)
    sign_in(keeper, cast.ict)
    _sign(keeper, case.reference)
    _hand_to_the_police(keeper)

    lead.reload()
    hands = lead.get_by_role("region", name="Hands it went through")
    expect(hands).to_contain_text("Signed by Dora Safe and Ned Network")
    expect(hands).to_contain_text("PC Jones, Kent Police")
    expect(hands).to_contain_text("Their reference: Collar 4711")
    expect(lead.get_by_text("With PC Jones, Kent Police")).to_be_visible()
    assert HeldDevice.objects.get().police_reference == "Collar 4711"
    # The case knows all of it; who only had it in hand never saw the case.
    lead.goto(f"/s/oakfield/incidents/{case.reference}/chronology/")
    expect(lead.locator("main")).to_contain_text("Signed for a device")


def _take(page: Page, reference: str) -> None:
    page.goto(f"/s/oakfield/incidents/{reference}/")
    page.get_by_role("link", name="Devices", exact=True).last.click()
    expect(page.get_by_text("No device was taken.")).to_be_visible()
    page.get_by_role("button", name="Enter a device that was taken").click()
    page.get_by_label("What is it?").select_option("phone")
    page.get_by_label("Which one?").fill("black, cracked corner")
    page.get_by_label(re.compile("Amira Hadley")).check()
    page.get_by_label("Why was it taken?").fill("Messages on it frighten her.")
    page.get_by_label("Where is it now?").fill("Cupboard in my room, locked")
    page.get_by_label("Seal number").fill("OAK-1")
    page.get_by_label("It goes into quarantine").check()
    page.get_by_role("button", name="Enter it in the register").click()
    expect(page.get_by_text("It is in the register, in your hands.")).to_be_visible()


def _give_to_the_keeper(page: Page) -> None:
    answer(page, "Who takes it?", "Somebody of the school")
    page.get_by_label("Who?", exact=True).select_option(label="Ned Network")
    answer(page, "Is the seal whole", "Yes")
    page.get_by_role("button", name="Sign and hand it over").click()
    expect(page.get_by_role("heading", name="Waits for Ned Network to sign")).to_be_visible()


def _sign(page: Page, reference: str) -> None:
    page.get_by_role("link", name=re.compile("Phone: black, cracked corner")).click()
    shown = page.locator("main").inner_text()
    assert "Amira" not in shown
    assert reference not in shown
    answer(page, "Is the seal whole", "Yes")
    page.get_by_label("Where do you keep it?").fill("Server room, safe 2")
    page.get_by_role("button", name="I have it: sign").click()
    expect(page.get_by_text("You signed for it.")).to_be_visible()


def _hand_to_the_police(page: Page) -> None:
    answer(page, "Who takes it?", "The police")
    page.get_by_label("Name", exact=True).fill("PC Jones")
    page.get_by_label("Where they come from").fill("Kent Police")
    page.get_by_label("What they gave you").fill("Collar 4711")
    answer(page, "Is the seal whole", "Yes")
    page.get_by_role("button", name="Sign and hand it over").click()
    # It is in their hands no longer, and so no longer theirs to see.
    expect(page.get_by_text("It is handed over.")).to_be_visible()
