"""The main job from end to end: a teacher with a phone between two lessons, and the safeguarding lead at a desk."""

import re

from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.conftest import Cast
from tests.factories import make_incident, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import PHONE
from tests.journeys.steps import DONE, SAID, answer, send, sign_in


def test_a_concern_goes_from_the_phone_to_the_queue_and_back(open_page: OpenPage, cast: Cast) -> None:
    for name in ("Amira Hadley", "Amir Hadleigh", "Robin Ashdown"):
        make_person(school=cast.school, name=name)
    make_incident(school=cast.school, by=cast.colleague)
    phone, desk = open_page(viewport=PHONE, phone=True), open_page()

    reference = _log(phone, cast)
    _acknowledge_and_ask(desk, cast, reference)
    _answer(phone, reference)

    desk.reload()
    entries = desk.locator(".moj-timeline__item")
    expect(entries.first).to_contain_text("Answer from the reporter")
    expect(entries.first).to_contain_text("Nobody else was there.")
    assert Incident.objects.filter(logged_by=cast.teacher).count() == 1


def _log(phone: Page, cast: Cast) -> str:
    sign_in(phone, cast.teacher)
    phone.get_by_role("button", name="Log a concern").tap()
    answer(phone, "Is a child in immediate danger", "No")
    answer(phone, "Is it about something an adult", "No")
    box = phone.get_by_role("combobox", name="Name of a pupil or an adult")
    box.tap()
    box.press_sequentially("amir")
    expect(phone.get_by_role("option", name=re.compile("Amir Hadleigh"))).to_be_visible()
    phone.get_by_role("option", name=re.compile("Amira Hadley")).tap()
    expect(phone.get_by_role("listitem").filter(has_text="Amira Hadley")).to_be_visible()
    expect(phone.get_by_label("Their part of Amira Hadley")).to_have_value("harmed")
    phone.get_by_label("What happened?").fill(SAID)
    answer(phone, "Where did it happen", "Online")
    phone.get_by_label("Which app, game or website?").fill("Snapchat")
    phone.get_by_label("What have you done so far?").fill(DONE)
    answer(phone, "What kind of concern", "Contact:")
    phone.get_by_role("button", name="Send the concern").tap()

    expect(phone.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    receipt = phone.locator("main").inner_text()
    assert not any(word in receipt for word in ("Amira", "Snapchat", "shaking"))
    found = re.search(r"OAK-\w{4}", receipt)
    assert found
    return found[0]


def _acknowledge_and_ask(desk: Page, cast: Cast, reference: str) -> None:
    sign_in(desk, cast.dsl)
    new = desk.get_by_role("region", name="New: look at these first")
    # The colleague's concern is days old, so its clocks end first and it stands above this one.
    expect(new.locator("tbody tr")).to_have_count(2)
    expect(new.locator("tbody tr").last).to_contain_text(reference)
    desk.get_by_role("link", name="Cases", exact=True).click()
    expect(desk.locator("tbody tr").last).to_contain_text(reference)
    desk.locator("tbody tr").last.click(position={"x": 300, "y": 10})
    expect(desk.get_by_role("heading", name=f"Case {reference}")).to_be_visible()
    expect(desk.get_by_text("He keeps writing to me at night")).to_be_visible()
    desk.get_by_role("button", name="Acknowledge").click()
    expect(desk.get_by_role("heading", name="Next: decide what this is")).to_be_visible()
    desk.get_by_text("Ask a question").click()
    desk.get_by_label("Ask the person who logged it").fill("Did anybody else see it?")
    desk.get_by_role("button", name="Send the question").click()
    expect(desk.get_by_text("not answered yet")).to_be_visible()


def _answer(phone: Page, reference: str) -> None:
    phone.get_by_role("button", name="See what you sent").tap()
    expect(phone.get_by_text("Seen", exact=True)).to_be_visible()
    phone.get_by_role("link", name="Safeguarding").tap()
    phone.get_by_role("link", name=f"Answer a question about {reference}").tap()
    expect(phone.get_by_role("heading", name="Did anybody else see it?")).to_be_visible()
    phone.get_by_label("Your answer").fill("Nobody else was there.")
    phone.get_by_role("button", name="Send the answer").tap()
    expect(phone.get_by_text("Your answer is sent.")).to_be_visible()


def test_danger_shows_whom_to_call_and_one_tap_alerts_them(open_page: OpenPage, cast: Cast) -> None:
    phone, desk = open_page(cast.teacher, viewport=PHONE, phone=True), open_page(cast.dsl)
    phone.goto("/s/oakfield/incidents/new/")
    alert = phone.get_by_role("button", name="Alert the safeguarding team")
    expect(alert).to_be_hidden()

    answer(phone, "Is a child in immediate danger", "Yes")
    expect(phone.locator("#danger").get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    alert.tap()
    expect(phone.get_by_text(re.compile("Alerted today"))).to_be_visible()

    desk.goto("/s/oakfield/")
    expect(desk.get_by_role("heading", name="Somebody needs you now")).to_be_visible()
    expect(desk.get_by_text(re.compile("Tessa Teacher called for help today"))).to_be_visible()


def test_a_concern_about_a_colleague_goes_past_the_safeguarding_team(open_page: OpenPage, cast: Cast) -> None:
    phone, desk, head = open_page(cast.teacher, viewport=PHONE, phone=True), open_page(cast.dsl), open_page(cast.head)
    phone.goto("/s/oakfield/incidents/new/")
    answer(phone, "Is a child in immediate danger", "No")
    answer(phone, "Is it about something an adult", "Yes, an adult")
    phone.get_by_role("combobox").press_sequentially("Colin")
    phone.get_by_role("option", name=re.compile("Colin Colleague")).tap()
    phone.get_by_label("Their part of Colin Colleague").select_option("alleged")
    phone.get_by_label("What happened?").fill(SAID)
    answer(phone, "Where did it happen", "In school")
    phone.get_by_label("What have you done so far?").fill(DONE)
    answer(phone, "What kind of concern", "Conduct:")
    send(phone)

    expect(phone.get_by_role("heading", name="Sent to someone not involved")).to_be_visible()
    desk.goto("/s/oakfield/incidents/")
    expect(desk.get_by_text("No case is open.")).to_be_visible()
    head.goto("/s/oakfield/")
    expect(head.get_by_role("region", name="New: look at these first")).to_contain_text("Colin Colleague")
