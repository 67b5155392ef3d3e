"""A real browser against a real server: strict about console errors, foreign requests and accessibility."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.conftest import Cast
from tests.journeys.looks import DESK
from tests.journeys.worlds import PASSWORD, World, make_world

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# Nothing but this machine can be found, whatever a page or the browser itself would like to fetch.
HOME_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", HOME_ONLY]

# Playwright runs an event loop in this thread; the database calls around it are ours and synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Two busy cores are slower than one idle one; what never comes fails all the same.
expect.set_options(timeout=10_000)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests, and skip them with the reason where no Chromium is installed."""
    for item in items:
        if "open_page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="There is no Chromium here: apt-get install chromium."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium, and keep it from calling home."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def complaints() -> list[str]:
    """What goes wrong in any page; a test that provokes something on purpose takes it away again."""
    return []


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, complaints: list[str]) -> Iterator[OpenPage]:
    """Return a function that opens a page for a user, or nobody; what goes wrong in any of them fails the test."""
    contexts: list[BrowserContext] = []

    def opened(
        user: User | None = None,
        *,
        viewport: ViewportSize = DESK,
        javascript: bool = True,
        phone: bool = False,
        password: str = PASSWORD,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=viewport,
            java_script_enabled=javascript,
            locale="en-GB",
            has_touch=phone,
            is_mobile=phone,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("request", lambda request: _only_home(request, live_server.url, complaints))
        context.on("response", lambda response: _all_there(response, complaints))
        context.on("console", lambda message: _note(message, complaints))
        context.on("weberror", lambda error: complaints.append(f"page error: {error.error}"))
        if user is not None:
            name, value = _session_of(user, password)
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def world(cast: Cast) -> World:
    """Return a school with cases in every status."""
    return make_world(cast)


def _only_home(request: Request, home: str, complaints: list[str]) -> None:
    if not request.url.startswith((home, "data:", "blob:", "about:")):
        complaints.append(f"request to elsewhere: {request.url}")


def _all_there(response: Response, complaints: list[str]) -> None:
    if response.status >= 400 and "/static/" in response.url:
        complaints.append(f"{response.status}: {response.url}")


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A refused form answers 403 on purpose, which the browser also writes to its console.
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(f"console: {message.text}")


def _session_of(user: User, password: str) -> tuple[str, str]:
    """Sign somebody in as the sign-in page does, with their second factor where they have one."""
    client = Client()
    if user.has_usable_password():
        client.post(reverse("account_login"), {"login": user.email, "password": password})
    else:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if "_auth_user_id" not in client.session:
        code = RecoveryCodes.activate(user).get_unused_codes()[-1]
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk), "the sign-in did not work"
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return cookie.key, cookie.value
