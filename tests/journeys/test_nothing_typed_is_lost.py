"""The network goes, the session ends, the page is closed, the button is pressed twice: not one word is lost."""

import re
from collections.abc import Callable

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from incidents.models import ConcernDraft, Incident
from tests.conftest import Cast
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import PHONE
from tests.journeys.steps import SAID, as_typed, choose_unknown, fill_in, open_and_settle, send
from tests.journeys.worlds import PASSWORD

FORM = "/s/oakfield/incidents/new/"
SAVED = re.compile(r"^Saved (today )?\d{1,2}:\d\d$")


def status(page: Page) -> Callable[[str | re.Pattern[str]], None]:
    return expect(page.locator("[data-autosave-status]")).to_have_text


def kept() -> str:
    """Return what happened, as the one draft has it."""
    words: str = ConcernDraft.objects.get().typed()["fields"]["narrative"]
    return as_typed(words)


def test_what_is_typed_is_saved_by_itself_and_offered_again(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher)
    open_and_settle(page, FORM)
    box = page.get_by_label("What happened?")
    box.fill(SAID)
    status(page)(SAVED)
    assert kept() == SAID

    # Closing the page sends what the pause before saving had not sent yet.
    box.press("End")
    box.press_sequentially(" And then?")
    page.close()
    again = page.context.new_page()
    again.goto("/s/oakfield/")
    again.get_by_role("link", name=re.compile("Continue the concern you saved today")).click()
    expect(again.get_by_label("What happened?")).to_have_value(re.compile("And then"))


def test_without_a_network_the_page_says_so_and_saves_when_it_is_back(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher, viewport=PHONE, phone=True)
    open_and_settle(page, FORM)
    page.context.set_offline(True)
    page.get_by_label("What happened?").fill(SAID)
    status(page)("Not saved yet: no connection. What you typed is still on this page.")
    expect(page.get_by_label("What happened?")).to_have_value(SAID)

    page.context.set_offline(False)
    status(page)(SAVED)
    assert kept() == SAID


def test_a_session_that_ends_while_typing_costs_no_word(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher)
    open_and_settle(page, FORM)
    Session.objects.all().delete()
    fill_in(page)
    status(page)(re.compile("^You have been signed out. Nothing is lost."))
    expect(page.get_by_role("link", name="Sign in (opens a new tab)")).to_be_visible()
    assert kept() == SAID

    page.get_by_label("What happened?").press("Control+End")
    page.get_by_label("What happened?").press_sequentially(" To the end.")
    send(page)
    expect(page.get_by_role("heading", name="Your session ended, and nothing is lost")).to_be_visible()
    page.get_by_role("button", name="Sign in and carry on").click()
    page.get_by_label("E-mail address at your school").fill(cast.teacher.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_label("What happened?")).to_have_value(f"{SAID} To the end.")
    expect(page.get_by_label(re.compile("^Contact:"))).to_be_checked()
    choose_unknown(page)
    send(page)
    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    assert as_typed(Incident.objects.get().narrative) == f"{SAID} To the end."


def test_signing_in_in_another_tab_lets_the_first_one_save_again(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher)
    open_and_settle(page, FORM)
    Session.objects.all().delete()
    page.get_by_label("What happened?").fill(SAID)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (opens a new tab)").click()
    other = opened.value
    other.get_by_label("E-mail address at your school").fill(cast.teacher.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    other.get_by_role("heading", name="My day").wait_for()
    other.close()

    page.bring_to_front()
    page.get_by_label("What happened?").fill(f"{SAID} More.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    status(page)(SAVED)
    assert kept() == f"{SAID} More."


def test_two_presses_are_one_concern(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher)
    open_and_settle(page, FORM)
    fill_in(page)
    choose_unknown(page)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Send the concern").dblclick()
    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()

    # The way back leads to the receipt, not to a form that could be sent once more.
    page.go_back()
    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    assert Incident.objects.count() == 1


def test_five_thousand_words_arrive_as_they_were_typed(open_page: OpenPage, cast: Cast) -> None:
    line = "“Nie mów nikomu” – ‏لا تخبر أحدا‏ – 👩‍👧 she said, <b>&amp;</b> then nothing else 100 %.\n"
    words = (line * (5000 // len(line.split()) + 1)).strip()
    assert len(words.split()) >= 5000
    page = open_page(cast.teacher)
    open_and_settle(page, FORM)
    fill_in(page, said=words)
    choose_unknown(page)
    expect(page.get_by_label("What happened?")).to_have_value(words)
    send(page)

    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    assert as_typed(Incident.objects.get().narrative).encode() == words.encode()
    page.get_by_role("button", name="See what you sent").click()
    assert page.locator("dd.sg-words").first.inner_text().split() == words.split()
