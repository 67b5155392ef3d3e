"""A page that should have been blocked: told from a case, put right by ICT, tested again. ICT never sees the child."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import FilteringChange, FilteringTicket, Incident
from incidents.statuses import TicketState
from tests.conftest import Cast
from tests.factories import harmed, make_incident, make_person
from tests.incidents.filtering import CANARY
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import NARROW, overflows

ADDRESS = "https://unblocked-arcade.example/play?level=3"


@pytest.fixture
def incident(cast: Cast) -> Incident:
    """Log a case about a child who met the page."""
    child = make_person(school=cast.school, name=CANARY, year_group="4", form="4K")
    at = timezone.now() - timedelta(hours=2)
    return make_incident(
        school=cast.school, by=cast.teacher, at=at, people=[harmed(child)], narrative=f"{CANARY} was crying."
    )


def test_a_breach_goes_from_a_case_to_ict_and_back_without_the_child(
    open_page: OpenPage, cast: Cast, incident: Incident
) -> None:
    seen: list[str] = []
    dsl, ict = open_page(cast.dsl), open_page(cast.ict)
    ict.on("response", lambda response: seen.append(response.url))

    _report(dsl, incident)
    ticket = FilteringTicket.objects.get()
    _put_right(ict, seen)
    _test_again(dsl, ticket)

    expect(dsl.get_by_text("Fixed and tested").first).to_be_visible()
    ict.goto("/s/oakfield/filtering/")
    _keep(ict, seen)
    dsl.goto(f"/s/oakfield/incidents/{incident.reference}/")
    expect(dsl.get_by_text("The filtering was tested again and works")).to_be_visible()
    said = "\n".join(seen)
    assert ADDRESS in said
    assert not {word for word in (*CANARY.split(), incident.reference, "crying") if word in said}


def _report(dsl: Page, incident: Incident) -> None:
    dsl.goto(f"/s/oakfield/incidents/{incident.reference}/")
    dsl.get_by_role("navigation", name="Pages of this case").get_by_role("link", name="Filtering").click()
    dsl.get_by_label("Address of the page").fill(ADDRESS)
    dsl.get_by_label("Device").fill("Library PC 4")
    dsl.get_by_label("Which group uses it?").select_option("Years 3 to 6")
    dsl.get_by_role("button", name=re.compile("Send to those")).click()
    expect(dsl.get_by_text("They see nothing of this case.")).to_be_visible()


def _put_right(ict: Page, seen: list[str]) -> None:
    ict.goto("/s/oakfield/")
    _keep(ict, seen)
    ict.get_by_role("link", name="Filtering: 1 to fix").click()
    _keep(ict, seen)
    ict.get_by_role("link", name=ADDRESS).click()
    _keep(ict, seen)
    ict.set_viewport_size(NARROW)
    assert not overflows(ict)
    ict.get_by_label("What did you change?").fill("Blocked the domain and its mirrors.")
    ict.get_by_label("What may this change do to others?").fill("Nothing of ours stands there.")
    ict.get_by_role("button", name="Record that it is put right").click()
    expect(ict.get_by_text("Somebody else looks again")).to_be_visible()
    _keep(ict, seen)
    ict.get_by_role("link", name="the log of changes").click()
    expect(ict.get_by_text("Waiting for consent").first).to_be_visible()
    _keep(ict, seen)
    assert FilteringChange.objects.get().changed_by.full_name == "Ned Network"


def _test_again(dsl: Page, ticket: FilteringTicket) -> None:
    dsl.get_by_role("link", name=ADDRESS).click()
    dsl.get_by_text("It works now", exact=True).click()
    dsl.get_by_role("button", name="Record what you found").click()
    expect(dsl.get_by_text("It is fixed and tested.")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.state == TicketState.VERIFIED


def _keep(page: Page, seen: list[str]) -> None:
    """Keep everything that a page holds, whether it can be seen or not."""
    page.wait_for_load_state()
    seen.append(page.content())
