"""Getting in: password, app, passkey, recovery code; and getting back in."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from playwright.sync_api import Page, expect

from tests.conftest import Cast
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import sign_in
from tests.journeys.walking import give_authenticator
from tests.journeys.worlds import PASSWORD, World

NEW_PASSWORD = "another long enough password"


def code_of(secret: str, step: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make it that step of half a minute, and return the app's code: each step's code opens once."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([step]))
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def prove_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Carry on").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()


def type_password(page: Page, cast: Cast) -> None:
    page.get_by_label("E-mail address at your school").fill(cast.dsl.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_stands_in(
    open_page: OpenPage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(cast.dsl)
    page.goto("/account/second-factor/totp/activate/")
    prove_password(page)
    secret = page.get_by_label("No camera? Type this key into the app").input_value()
    page.get_by_label("Six digits").fill(code_of(secret, 1, monkeypatch))
    page.locator("main form button").first.click()
    page.goto("/account/second-factor/recovery-codes/")
    recovery = page.locator(".sg-codes li").first.inner_text().strip()

    sign_out(page)
    type_password(page, cast)
    page.get_by_role("textbox").fill("000000")
    page.locator("main form button").first.click()
    expect(page.get_by_text("That code is not right.").first).to_be_visible()
    page.get_by_role("textbox").fill(code_of(secret, 2, monkeypatch))
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="My day")).to_be_visible()

    sign_out(page)
    type_password(page, cast)
    page.get_by_role("textbox").fill(recovery)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="My day")).to_be_visible()


def test_a_passkey_signs_in_on_its_own(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.dsl)
    give_authenticator(page)
    page.goto("/account/second-factor/webauthn/add/")
    prove_password(page)
    page.get_by_role("textbox").fill("Laptop at school")
    page.get_by_label("Sign in with this passkey alone, without the password").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(lambda address: not address.endswith("/add/"))

    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="My day")).to_be_visible()


def test_a_session_elsewhere_is_ended_from_here(open_page: OpenPage, cast: Cast) -> None:
    lost, here = open_page(cast.dsl), open_page(cast.dsl)
    lost.goto("/s/oakfield/")
    here.goto("/account/sessions/")
    here.locator("main form button").first.click()
    expect(here.get_by_text("You are signed in nowhere else.")).to_be_visible()

    lost.goto("/s/oakfield/incidents/")
    expect(lost.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    here.goto("/s/oakfield/incidents/")
    expect(here.get_by_role("heading", name="Cases")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_link_in_a_message(open_page: OpenPage, world: World) -> None:
    page = open_page()
    page.goto("/")
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_role("textbox").fill(world.cast.teacher.email)
    page.locator("main form button").first.click()
    page.wait_for_url("**/sent/")
    link = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert link
    page.goto(link[0])
    boxes = page.locator("main input[type=password]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.fill(NEW_PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/done/")
    sign_in(page, world.cast.teacher, password=NEW_PASSWORD)
