"""A file from the computer to the case and back; and a case on which nothing may be attached."""

import hashlib
import re

from playwright.sync_api import FilePayload, Page, expect

from incidents.models import Attachment
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import make_incident
from tests.incidents.uploads import making
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import PHONE


def _choose(page: Page, name: str, content: bytes, kind: str = "application/octet-stream") -> None:
    page.get_by_label("Choose a file").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))
    page.get_by_role("button", name="Attach the file").click()


def test_a_file_is_attached_let_through_downloaded_and_withdrawn(open_page: OpenPage, cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, category=Category.COMMERCE)
    desk, letter = open_page(cast.dsl), making.pdf()
    desk.goto(incident.get_absolute_url())
    desk.get_by_role("link", name="Files", exact=True).click()
    expect(desk.get_by_text("No file is attached to this case.")).to_be_visible()

    _choose(desk, "prices.docm", making.docx(("word/vbaProject.bin", b"x")))
    expect(desk.get_by_role("link", name=re.compile("This document holds macros"))).to_be_visible()
    _choose(desk, "Letter from the shop.pdf", letter)
    expect(desk.get_by_role("heading", name="1. Letter from the shop.pdf")).to_be_visible()
    expect(desk.get_by_text(hashlib.sha256(letter).hexdigest())).to_be_visible()
    expect(desk.get_by_role("link", name=re.compile("^Download"))).to_have_count(0)

    desk.get_by_text("Let it through").first.click()
    desk.get_by_label("Why it may be opened without a scan").fill("The shop's own letter; opened in the office.")
    desk.get_by_role("button", name="Let it through").click()
    with desk.expect_download() as started:
        desk.get_by_role("link", name=re.compile("^Download")).click()
    assert started.value.suggested_filename == f"{incident.reference}-file-1.pdf"
    assert started.value.path().read_bytes() == letter

    desk.get_by_text("It should not be here").first.click()
    desk.get_by_label("Why it should not be here").fill("It belongs to another case.")
    desk.get_by_role("button", name="Withdraw the file").click()
    expect(desk.get_by_text("It belongs to another case.")).to_be_visible()
    expect(desk.get_by_role("link", name=re.compile("^Download"))).to_have_count(0)
    desk.goto(incident.get_absolute_url())
    expect(desk.locator(".moj-timeline__item").first).to_contain_text("File withdrawn")


def test_where_imagery_may_be_indecent_a_page_that_was_open_sends_nothing(open_page: OpenPage, cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, category=Category.COMMERCE)
    phone, desk = open_page(cast.teacher, viewport=PHONE, phone=True), open_page(cast.dsl)
    phone.goto(f"/s/oakfield/incidents/mine/{incident.reference}/")
    phone.get_by_role("link", name="Files of this concern").tap()
    desk.goto(incident.get_absolute_url())
    desk.get_by_label("Add to the chronology").fill("She says that he passes on nudes of her.")
    desk.get_by_role("button", name="Add the note").click()
    expect(desk.get_by_text("The note is in the chronology.")).to_be_visible()

    _choose(phone, "screen.png", making.png(), "image/png")

    expect(phone.get_by_role("heading", name="No file can be attached")).to_be_visible()
    expect(phone.get_by_role("listitem").filter(has_text="Keep the device safe and out")).to_be_visible()
    expect(phone.locator("input[type=file]")).to_have_count(0)
    desk.reload()
    expect(desk.locator(".moj-timeline__item").first).to_contain_text("A file was refused")
    assert not Attachment.objects.exists()
