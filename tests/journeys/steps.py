"""What a person does on the pages, in words that several stories share."""

import re

from playwright.sync_api import Locator, Page

from accounts.models import User
from tests.journeys.worlds import PASSWORD

SAID = "She said: “He keeps writing to me at night.”\nShe was shaking."
DONE = "Stayed with her and told her I would pass it on."


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """Sign in as people do, from the site's first address."""
    page.goto("/")
    page.get_by_label("E-mail address at your school").fill(user.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="My day").wait_for()


def open_and_settle(page: Page, address: str) -> None:
    """Open a page and wait until its scripts have come and begun: a person needs longer than they do."""
    page.goto(address, wait_until="networkidle")


def question(page: Page, words: str) -> Locator:
    """Return the group of answers to a question."""
    return page.get_by_role("group", name=re.compile(re.escape(words)))


def answer(page: Page, words: str, choice: str) -> None:
    """Choose an answer to a question with the mouse or a finger: its words are pressed, not the circle."""
    question(page, words).get_by_text(choice, exact=choice in ("Yes", "No")).first.click()


def fill_in(page: Page, *, said: str = SAID) -> None:
    """Fill in everything that must be answered but the people."""
    answer(page, "Is a child in immediate danger", "No")
    answer(page, "Is it about something an adult", "No")
    page.get_by_label("What happened?").fill(said)
    answer(page, "Where did it happen", "In school")
    page.get_by_label("What have you done so far?").fill(DONE)
    answer(page, "What kind of concern", "Contact:")


def choose_unknown(page: Page, description: str = "A boy in Year 6") -> None:
    """Name somebody nobody knows."""
    page.get_by_role("button", name="I do not know who it is").click()
    page.get_by_label("Who is it, as far as you know?").fill(description)


def as_typed(text: str) -> str:
    """Return words as they were typed: a form sends the end of a line as two characters."""
    return text.replace("\r\n", "\n")


def send(page: Page) -> None:
    """Press the button that sends."""
    page.get_by_role("button", name="Send the concern").click()
