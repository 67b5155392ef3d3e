"""From the case to the file: something that happened earlier is added, a mistake put right, and a PDF handed on."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from incidents.events import Event
from incidents.models import ChronologyEntry
from incidents.operations import notes
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, PHONE, axe_violations, foreign_things, overflows
from tests.paper import needs_pdf, words


def keep(page: Page, name: str) -> None:
    """Look closely at a page, and take a picture where somebody asked for pictures."""
    if not name.endswith("without-scripts"):
        assert [*axe_violations(page), *foreign_things(page)] == []
    assert not overflows(page)
    folder = os.environ.get("SCREENS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@needs_pdf
@pytest.mark.parametrize(
    ("name", "javascript", "viewport"), [("desk", True, DESK), ("without-scripts", False, DESK), ("phone", True, PHONE)]
)
def test_a_chronology_is_kept_put_right_and_handed_on(
    open_page: OpenPage, cast: Cast, tmp_path: Path, name: str, javascript: bool, viewport: object
) -> None:
    amira = make_person(school=cast.school, name="Amira Khan")
    wilfred = make_person(school=cast.school, name="Wilfred Quill")
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(amira), alleged(wilfred)])
    notes.add_note(incident=incident, text="Rang Wilfred's mother on Monday.", by=cast.deputy, at=NOW)
    page = open_page(cast.dsl, javascript=javascript, viewport=viewport)

    page.goto(incident.get_absolute_url())
    page.get_by_role("navigation", name="Pages of this case").get_by_role("link", name="Chronology").click()
    _add_earlier(page)
    _correct(page, name)
    keep(page, f"chronology-{name}")
    page.get_by_role("link", name="Notes 2").click()
    expect(page.get_by_role("heading", name="Notes: 2 of 3 entries, oldest first")).to_be_visible()
    page.get_by_role("link", name="Print the chronology").click()
    said = _print(page, tmp_path, name)

    assert "Wilfred" not in said
    assert "Amira Khan" in said
    assert "Rang[PupilB]'smotheronTuesday." in "".join(said.split())
    assert ChronologyEntry.objects.filter(event=Event.CHRONOLOGY_PRINTED).count() == 1


def _add_earlier(page: Page) -> None:
    page.get_by_label("What happened or was done").fill("Amira had said on the bus that Wilfred frightens her.")
    page.get_by_text("It happened earlier").click()
    page.get_by_label("Day").fill("2026-01-12")
    page.get_by_role("button", name="Add to the chronology").click()
    expect(page.get_by_text("It is in the chronology.")).to_be_visible()
    page.get_by_role("link", name="As it happened").click()
    expect(page.locator(".moj-timeline__item").first).to_contain_text("12 January 2026, time not known")


def _correct(page: Page, name: str) -> None:
    entry = page.locator(".moj-timeline__item").filter(has_text="Rang Wilfred")
    entry.get_by_role("link", name="Correct this").click()
    keep(page, f"correcting-{name}")
    page.get_by_label("What it should say").fill("Rang Wilfred's mother on Tuesday.")
    page.get_by_label("Why it is corrected").fill("The day was wrong.")
    page.get_by_role("button", name="Add the correction").click()
    entry = page.locator(".moj-timeline__item").filter(has_text="Rang Wilfred")
    expect(entry).to_contain_text("As first written")
    expect(entry).to_contain_text("Why: The day was wrong.")


def _print(page: Page, folder: Path, name: str) -> str:
    page.get_by_label("Evidential").check()
    page.get_by_label("Only Amira Khan").check()
    page.get_by_label("Whom is it for?").select_option(label="Children's social care")
    page.get_by_label("What is it for?").fill("Strategy meeting on 24 November.")
    keep(page, f"print-{name}")
    with page.expect_download(timeout=40_000) as begun:
        page.get_by_role("button", name="Make the PDF").click()
    path = folder / begun.value.suggested_filename
    begun.value.save_as(path)
    return words(path.read_bytes())
