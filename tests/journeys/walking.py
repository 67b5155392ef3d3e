"""How to get to a page and bring it into a state."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page

from incidents.models import ToldConcern
from tests.journeys.worlds import World

Act = Callable[[Page, World], None]
Values = Callable[[World], dict[str, object]]


@dataclass(frozen=True)
class Stop:
    """One page in one state. `then` brings it into that state once it is open."""

    name: str
    address: str
    values: Values | None = None
    then: Act | None = None
    path: str = ""
    is_main: bool = False

    def url(self, world: World) -> str:
        """Return where the page is."""
        if self.path:
            return self.path
        return reverse(self.address, kwargs=self.values(world) if self.values else {})


def visit(page: Page, stop: Stop, world: World) -> None:
    """Open the page and bring it into its state."""
    page.goto(stop.url(world))
    if stop.then:
        stop.then(page, world)


def school(world: World) -> dict[str, object]:
    """Return the part of an address that names the school."""
    return {"school": world.cast.school.slug}


def next_door(world: World) -> dict[str, object]:
    """Return the part of an address that names the school next door, where nothing has happened yet."""
    return {"school": world.cast.next_door.slug}


def case(name: str) -> Values:
    """Return what names one of the world's cases in an address."""
    return lambda world: {**school(world), "reference": world.reference(name)}


def duty(key: str) -> Values:
    """Return what names the open round of a duty of the school in an address."""
    return lambda world: {**school(world), "duty_id": world.duty(key).pk}


def press(name: str | re.Pattern[str]) -> Act:
    """Press a button of the page's own form."""
    is_whole = isinstance(name, str)

    def act(page: Page, world: World) -> None:
        # A click is over before the answer is there: what comes next must not look at the page that is going.
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=name, exact=is_whole).click()

    return act


def press_first(page: Page, world: World) -> None:
    """Press the first button of the page's own form, as Enter does."""
    with page.expect_navigation():
        page.locator("main form button").first.click()


def give_authenticator(page: Page) -> None:
    """Give the browser a device that holds passkeys, and a finger that is always on it."""
    abilities = ("hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation")
    device = {"protocol": "ctap2", "transport": "internal", **dict.fromkeys(abilities, True)}
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def open_details(page: Page, world: World) -> None:
    """Open everything that is folded."""
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")


def asked(key: str) -> Values:
    return lambda world: {**school(world), "obligation_id": world.obligation(key).pk}


def told(world: World) -> dict[str, object]:
    return {**school(world), "told_id": ToldConcern.objects.get(school=world.cast.school).pk}


def signed_out_and(words: str) -> Act:
    """Type into the page's first large box, lose the session, and press the button."""

    def act(page: Page, world: World) -> None:
        page.locator("main textarea:visible").first.fill("What was typed meanwhile.")
        Session.objects.all().delete()
        press(words)(page, world)
        page.get_by_role("heading", name="Your session ended").wait_for()

    return act
