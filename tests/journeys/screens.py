"""Pictures of every page, at a desk and on a phone, for people to look at. Collected only when it is asked for:

SCREENS=folder ./run test tests/journeys/screens.py

With STOPS=links,person only of the stops whose names begin so.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, PHONE
from tests.journeys.stops import WALKS
from tests.journeys.walking import visit
from tests.journeys.worlds import World

FOLDER = Path(os.environ.get("SCREENS", "screens"))
WANTED = tuple(os.environ.get("STOPS", "").split(","))


@pytest.mark.parametrize("who", WALKS)
@pytest.mark.parametrize(("name", "viewport"), [("desk", DESK), ("phone", PHONE)])
def test_every_page_has_its_picture_taken(
    open_page: OpenPage, world: World, who: str, name: str, viewport: ViewportSize, complaints: list[str]
) -> None:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    page = open_page(world.user(who), viewport=viewport, phone=name == "phone")
    for stop in (stop for stop in WALKS[who] if stop.name.startswith(WANTED)):
        visit(page, stop, world)
        page.wait_for_load_state("networkidle")
        # On the whole page a bar that sticks would stand in the middle of the picture.
        page.screenshot(path=folder / f"{who}-{stop.name}.png", full_page=True)
        assert page.title(), stop.name
