"""What must hold however long a name and however many rows there are. Whether it is beautiful, people say:
`screens.py`.
"""

import time

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.conftest import Cast
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, NARROW, PHONE, overflows
from tests.journeys.worlds import ARABIC_NAME, LONG_NAME, POLISH_NAME, World, make_full_queue

QUEUE = "/s/oakfield/incidents/"
WIDTHS: tuple[ViewportSize, ...] = (
    NARROW,
    PHONE,
    {"width": 768, "height": 1024},
    DESK,
    {"width": 1600, "height": 1000},
)


def is_table(page: Page) -> bool:
    """Say whether the queue stands as a table, with its head to be seen."""
    return bool(page.locator(".sg-queue thead").evaluate("head => head.offsetHeight > 2"))


def test_names_of_any_length_and_script_fit_at_every_width(open_page: OpenPage, world: World) -> None:
    assert len(LONG_NAME) >= 60
    page = open_page(world.cast.dsl)
    page.goto(QUEUE)
    for viewport in WIDTHS:
        page.set_viewport_size(viewport)
        assert not overflows(page), viewport
        assert is_table(page) == (viewport["width"] > 896), viewport
        for name in (LONG_NAME, ARABIC_NAME, POLISH_NAME):
            row = page.locator("tbody tr").filter(has_text=name)
            words, around = row.get_by_text(name).bounding_box(), row.bounding_box()
            assert words
            assert around
            assert around["x"] <= words["x"], (viewport, name)
            assert words["x"] + words["width"] <= around["x"] + around["width"], (viewport, name)
            assert words["y"] + words["height"] <= around["y"] + around["height"], (viewport, name)


def test_a_row_opens_wherever_it_is_pressed_and_the_head_stays_in_sight(open_page: OpenPage, cast: Cast) -> None:
    make_full_queue(cast, 25)
    page = open_page(cast.dsl)
    page.goto(QUEUE)
    row = page.locator("tbody tr").last
    row.scroll_into_view_if_needed()
    head = page.locator("thead th").first.bounding_box()
    assert head
    assert 0 <= head["y"] < 5, "the head has left with its rows"
    reference = row.locator(".sg-queue__link").inner_text()
    # The link of the row lies over the whole of it, and takes the press.
    row.locator("td").last.click(force=True)
    expect(page.get_by_role("heading", name=f"Case {reference}")).to_be_visible()


@pytest.mark.parametrize(("number", "words"), [(0, "No case is open."), (1, "1 open, most urgent first")])
def test_no_row_and_one_row(open_page: OpenPage, cast: Cast, number: int, words: str) -> None:
    make_full_queue(cast, number)
    page = open_page(cast.dsl)
    page.goto(QUEUE)

    expect(page.get_by_text(words)).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(number)


def test_a_thousand_rows_come_a_page_at_a_time(open_page: OpenPage, cast: Cast) -> None:
    make_full_queue(cast, 1000)
    page = open_page(cast.dsl)
    page.goto(QUEUE)
    begun = time.monotonic()
    page.reload()
    seconds = time.monotonic() - begun

    # An idle machine needs a tenth of this.
    assert seconds < 4
    expect(page.locator("tbody tr")).to_have_count(25)
    expect(page.get_by_text("1,000")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("26 to 50 of")).to_be_visible()
    assert page.url.endswith(QUEUE)


def test_the_next_step_stands_before_the_facts_on_a_phone(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl, viewport=PHONE, phone=True)

    def top(words: str) -> float:
        box = page.get_by_role("heading", name=words, exact=False).first.bounding_box()
        assert box
        return box["y"]

    for name in ("reported", "acknowledged"):
        page.goto(f"{QUEUE}{world.reference(name)}/")
        assert top("Next: ") < PHONE["height"]
        assert top("Next: ") < top("What was logged")
    page.goto("/s/oakfield/")
    assert top("Danger: look at this now") < PHONE["height"]


def test_the_form_is_short_on_a_phone(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher, viewport=PHONE, phone=True)
    page.goto("/s/oakfield/incidents/new/")
    answers = page.locator("#danger .govuk-radios__label")
    first, second = answers.nth(0).bounding_box(), answers.nth(1).bounding_box()

    assert first
    assert second
    assert first["y"] == second["y"], "No and Yes stand side by side"
    form = page.locator("main form").first.bounding_box()
    assert form
    assert form["height"] < 3.75 * PHONE["height"]
    demonstration = page.locator(".sg-demonstration").bounding_box()
    assert demonstration
    assert demonstration["height"] < 60, "more than two lines"
    expect(page.get_by_role("button", name="Send the concern")).to_be_in_viewport()
