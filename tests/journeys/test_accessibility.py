"""Every page in every state, at a desk and at 320 pixels: nothing for axe to find, nothing wider than the window,
nothing from elsewhere.
"""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from incidents.queries import workload
from tests.architecture.addresses import Address, addresses
from tests.conftest import Cast
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, NARROW, axe_violations, enlarge_text, foreign_things, overflows
from tests.journeys.stops import NOT_PAGES, POST_ONLY, WALKS, any_values
from tests.journeys.walking import Stop, visit
from tests.journeys.worlds import World


def wrong_with(page: Page, stop: Stop) -> list[str]:
    """Return what is wrong with the page as it stands, at both widths."""
    found = [f"{stop.name}: {line}" for line in [*axe_violations(page), *foreign_things(page)]]
    page.set_viewport_size(NARROW)
    found += [f"{stop.name} at 320: {line}" for line in axe_violations(page)]
    if overflows(page):
        found.append(f"{stop.name}: wider than 320 pixels")
    if stop.is_main:
        enlarge_text(page)
        if overflows(page):
            found.append(f"{stop.name}: wider than 320 pixels with text of twice the size")
    page.set_viewport_size(DESK)
    return found


@pytest.mark.parametrize("who", WALKS)
def test_every_page_can_be_used_by_everybody(open_page: OpenPage, world: World, who: str) -> None:
    page = open_page(world.user(who))
    found = []
    for stop in WALKS[who]:
        visit(page, stop, world)
        found += wrong_with(page, stop)

    assert found == []


def _fails_with(problem: Exception) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise problem

    return fail


@pytest.mark.parametrize("problem", [None, SuspiciousOperation("for the test"), RuntimeError("for the test")])
def test_pages_for_bad_days_can_be_used_by_everybody(
    open_page: OpenPage,
    cast: Cast,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception | None,
) -> None:
    page = open_page(cast.teacher)
    settings.MAINTENANCE = problem is None
    if problem:
        monkeypatch.setattr(workload, "reporting", _fails_with(problem))
    shown = page.goto("/s/oakfield/")

    assert shown
    assert shown.status == (503 if problem is None else 400 if isinstance(problem, SuspiciousOperation) else 500)
    expect(page.get_by_text("A child in danger now?")).to_be_visible()
    assert wrong_with(page, Stop("bad-day", "school-home", is_main=True)) == []


def test_no_page_is_left_out() -> None:
    visited = {stop.address for stops in WALKS.values() for stop in stops}
    known = {address.name for address in addresses()}

    assert known - visited - set(NOT_PAGES) == set(), "add it to tests/journeys/stops.py"
    assert visited - known == set()
    assert visited & set(NOT_PAGES) == set()


def test_what_is_called_no_page_shows_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.dsl, backend="allauth.account.auth_backends.AuthenticationBackend")

    for address in addresses():
        if address.name in NOT_PAGES:
            answer = client.get(_any_url(address))
            assert answer.status_code != 200 or "text/html" not in answer["Content-Type"], address.name
            assert (answer.status_code == 405) == (NOT_PAGES[address.name] == POST_ONLY), address.name


def _any_url(address: Address) -> str:
    return reverse(str(address.name), kwargs=any_values(address.converters))


PLANTED = {
    "color-contrast": "<p style='color:#aaa;background:#fff'>hardly to be read</p>",
    "image-alt": "<img src='data:,'>",
    "label": "<input type='text'>",
    "button-name": "<button></button>",
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_fault_is_found(open_page: OpenPage, world: World, rule: str) -> None:
    page = open_page()
    page.set_content(f"<html lang=en><title>t</title><main><h1>t</h1>{PLANTED[rule]}</main></html>")

    assert any(line.startswith(f"{rule}:") for line in axe_violations(page))


def test_a_page_that_is_too_wide_is_found(open_page: OpenPage) -> None:
    page = open_page(viewport=NARROW)
    page.set_content("<p style='width:400px'>wide</p>")

    assert overflows(page)
