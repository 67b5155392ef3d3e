"""Without a mouse: everything is reached by Tab, what has the focus can be seen, and a list has keys of its own."""

import re

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.conftest import Cast
from tests.factories import make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import shows_focus
from tests.journeys.steps import open_and_settle
from tests.journeys.worlds import World

FOCUSED = "document.activeElement && document.activeElement !== document.body"
# More than any page has; a trap for the focus is found by never getting to the end.
MOST_TABS = 120


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the control of that name has the focus, and see that it can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in _name(page):
            assert shows_focus(page.locator("*:focus")), f"{words}: the focus cannot be seen"
            return
    raise AssertionError(f"{words} is never reached")


def _name(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              const found = document.activeElement;
              const label = found.labels && found.labels[0];
              const group = found.closest('fieldset');
              return [group && group.querySelector('legend').innerText, label ? label.innerText : found.innerText]
                .filter(Boolean).join(' > ');
            }"""
        )
    )


def test_a_concern_is_logged_with_the_keyboard_alone(open_page: OpenPage, cast: Cast) -> None:
    for name in ("Amira Hadley", "Amir Hadleigh"):
        make_person(school=cast.school, name=name)
    page = open_page(cast.teacher)
    press = page.keyboard.press
    page.goto("/s/oakfield/")
    tab_to(page, "Log a concern")
    press("Enter")
    page.get_by_role("heading", name="Log a concern").wait_for()

    tab_to(page, "immediate danger? > No")
    press("Space")
    tab_to(page, "said or did?")
    press("Space")
    tab_to(page, "Name of a pupil or an adult")
    page.keyboard.type("amir")
    expect(page.get_by_role("option")).to_have_count(2)
    press("ArrowDown")
    press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true] bdi").inner_text()
    press("Enter")
    expect(page.get_by_role("listitem").filter(has_text=chosen)).to_be_visible()

    tab_to(page, "What happened?")
    page.keyboard.type("She told me.")
    tab_to(page, "Where did it happen")
    press("Space")
    press("ArrowDown")
    tab_to(page, "What have you done so far?")
    page.keyboard.type("Nothing yet.")
    tab_to(page, "What kind of concern")
    press("Space")
    press("ArrowDown")
    tab_to(page, "Send the concern")
    press("Enter")

    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    sent = Incident.objects.get(logged_by=cast.teacher)
    assert (sent.place, sent.category) == ("off_site", "contact")
    assert sent.people.get().person.name == chosen


def test_the_error_summary_takes_the_focus_and_leads_to_each_field(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher)
    page.goto("/s/oakfield/incidents/new/")
    page.get_by_role("button", name="Send the concern").press("Enter")

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    links = page.locator(".govuk-error-summary a")
    assert links.count() >= 6
    for number in range(links.count()):
        link = links.nth(number)
        target = page.locator(str(link.get_attribute("href")))
        assert target.count() == 1, link.inner_text()
        link.press("Enter")
        expect(target).to_be_in_viewport()
        # A list of people is no field; every other link puts the cursor where something is to be typed or chosen.
        if target.get_attribute("id") != "people":
            expect(target).to_be_focused()


def test_the_first_thing_reached_skips_to_the_content(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.dsl)
    page.goto("/s/oakfield/incidents/")
    page.keyboard.press("Tab")

    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_queue_has_keys(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl)
    press = page.keyboard.press
    open_and_settle(page, "/s/oakfield/incidents/")
    links = page.locator("tbody .sg-queue__link")

    press("j")
    expect(links.nth(0)).to_be_focused()
    assert shows_focus(links.nth(0))
    press("j")
    press("j")
    press("k")
    expect(links.nth(1)).to_be_focused()

    press("?")
    expect(page.get_by_role("dialog", name="Keys for this list")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(links.nth(1)).to_be_focused()

    press("/")
    box = page.get_by_label("Name, reference or words")
    expect(box).to_be_focused()
    page.keyboard.type("jk?/")
    expect(box).to_have_value("jk?/")
    box.fill("")
    links.nth(1).focus()
    reference = links.nth(1).inner_text()
    press("Enter")
    expect(page.get_by_role("heading", name=f"Case {reference}")).to_be_visible()


@pytest.mark.parametrize(("address", "what"), [("/s/oakfield/", "a"), ("/s/oakfield/incidents/new/", "textarea")])
def test_escape_twice_hides_the_screen_and_brings_it_back_as_it_was(
    open_page: OpenPage, world: World, address: str, what: str
) -> None:
    page = open_page(world.cast.dsl)
    open_and_settle(page, address)
    before = page.locator(f"main {what}").first
    before.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    cover = page.get_by_role("button", name="Click or press Enter to carry on")
    expect(cover).to_be_focused()
    assert page.evaluate("document.elementFromPoint(innerWidth / 2, innerHeight / 2).className") == "sg-cover"
    # Nothing below can be reached, and nothing of it is read out.
    page.keyboard.press("Tab")
    expect(cover).to_be_focused()
    assert page.locator("body > *:not([inert]):not(.sg-cover):not(script)").count() == 0
    page.keyboard.press("Enter")
    expect(cover).to_have_count(0)
    expect(before).to_be_focused()


def test_nothing_traps_the_focus_and_everything_shows_it(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl)
    for address in ("/s/oakfield/", "/s/oakfield/incidents/", f"/s/oakfield/incidents/{world.reference('open')}/"):
        page.goto(address)
        unseen = []
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            if not page.evaluate(FOCUSED):
                break
            if not shows_focus(page.locator("*:focus")):
                unseen.append(re.sub(r"\s+", " ", _name(page)))
        else:
            raise AssertionError(f"{address}: the focus never leaves the page")
        assert unseen == [], address
