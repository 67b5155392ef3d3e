"""The page on which one makes, renews and ends the address for one's own calendar."""

import re

import pytest
from django.conf import LazySettings

from policies.models import CalendarFeed
from tests.conftest import Cast
from tests.incidents.pages import address, browser, main, words


@pytest.fixture(autouse=True)
def _without_second_factor(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False


def test_an_address_is_shown_once_and_works(cast: Cast, settings: LazySettings) -> None:
    settings.SITE_URL = "https://house.example"
    client, page = browser(cast.head), address("feed-detail", cast.school)
    assert "There is no address at the moment." in main(client.get(page))

    made = client.post(address("feed-make", cast.school))

    found = re.search(r'value="(https://house\.example/calendar/[^"]+)"', main(made))
    assert found
    shown = found[1]
    assert "It is not kept here" in words(client.get(page))
    assert shown.rpartition("/")[2].removesuffix(".ics") not in main(client.get(page))
    assert browser(cast.head).get(shown.removeprefix("https://house.example")).status_code == 200


def test_it_is_switched_off_and_only_ones_own(cast: Cast) -> None:
    for who in ("head", "dsl"):
        browser(cast[who]).post(address("feed-make", cast.school))

    page = browser(cast.head).post(address("feed-end", cast.school), follow=True)

    assert "The address is switched off." in words(page)
    assert CalendarFeed.objects.get().user == cast.dsl


@pytest.mark.parametrize("name", ["feed-make", "feed-end"])
def test_nothing_is_made_or_ended_by_looking_nor_by_plain_staff(cast: Cast, name: str) -> None:
    browser(cast.head).post(address("feed-make", cast.school))
    before = CalendarFeed.objects.get().token_hash

    assert browser(cast.head).get(address(name, cast.school)).status_code == 405
    assert browser(cast.teacher).post(address(name, cast.school)).status_code == 403
    assert browser(cast.next_door_dsl).post(address(name, cast.school)).status_code == 404
    assert CalendarFeed.objects.get().token_hash == before
