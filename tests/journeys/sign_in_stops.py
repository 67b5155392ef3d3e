"""Every page for whoever is not signed in yet, and how to get there."""

import re

from django.core import mail
from playwright.sync_api import Page

from tests.journeys.walking import Stop, press, press_first
from tests.journeys.worlds import PASSWORD, World


def _wrong_password(page: Page, world: World) -> None:
    page.get_by_label("E-mail address at your school").fill("somebody@school.example")
    page.get_by_label("Password", exact=True).fill("not the password")
    press("Sign in")(page, world)


def _ask_for_link(page: Page, world: World) -> None:
    page.get_by_role("textbox").first.fill(world.cast.colleague.email)
    press_first(page, world)


def _open_link(page: Page, world: World) -> None:
    _ask_for_link(page, world)
    page.wait_for_url("**/sent/")
    link = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert link, mail.outbox[-1].body
    page.goto(link[0])
    page.locator("main input[type=password]").first.wait_for()


def _set_password(page: Page, world: World) -> None:
    _open_link(page, world)
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD)
    press_first(page, world)
    page.wait_for_url("**/done/")


def _half_signed_in(page: Page, world: World) -> None:
    page.get_by_label("E-mail address at your school").fill(world.cast.deputy.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press("Sign in")(page, world)
    page.wait_for_url("**/authenticate/")


NOBODYS = [
    Stop("sign-in", "account_login", is_main=True),
    Stop("sign-in-wrong", "account_login", then=_wrong_password),
    Stop("sign-in-after-the-end", "account_login", path="/account/sign-in/?ended=1"),
    Stop("password-reset", "account_reset_password"),
    Stop("password-reset-empty", "account_reset_password", then=press_first),
    Stop("password-reset-sent", "account_reset_password_done", path="/account/password/reset/", then=_ask_for_link),
    Stop("password-link-too-old", "account_reset_password_from_key", path="/account/password/reset/key/1-no-such-key/"),
    Stop("by-invitation-only", "account_signup"),
    Stop("account-switched-off", "account_inactive"),
    Stop("second-step", "mfa_authenticate", path="/account/sign-in/", then=_half_signed_in),
]

FORGETFULS = [
    Stop("password-new", "account_reset_password_from_key", path="/account/password/reset/", then=_open_link),
    Stop("password-set", "account_reset_password_from_key_done", path="/account/password/reset/", then=_set_password),
]
