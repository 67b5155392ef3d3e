"""From triage to the second person who agrees: on a desktop, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from incidents.statuses import Decision, Level, Status
from tests.factories import settle
from tests.journeys.conftest import OpenPage
from tests.journeys.worlds import World

WHY = "Pictures of her are passed round.\nShe is frightened."


def _triage(page: Page, world: World, *, javascript: bool) -> None:
    page.goto(f"/s/oakfield/incidents/{world.reference('reported')}/")
    page.get_by_role("button", name="Acknowledge").click()
    page.locator("main").get_by_role("button", name="Triage").click()
    expect(page.get_by_role("heading", name="Triage", level=1)).to_be_visible()
    page.get_by_label("Nude or semi-nude images of a pupil").check()
    page.get_by_role("button", name="Show what to ask about these").click()
    expect(page.get_by_label("Nude or semi-nude images of a pupil")).to_be_checked()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    page.get_by_label("Has anybody viewed the images?").select_option(label="Nobody has viewed the images")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose what you decide.")
    page.get_by_label("A safeguarding case").check()
    page.get_by_label("Why", exact=True).fill(WHY)
    if javascript:
        expect(page.get_by_label("Why the level changes")).to_be_hidden()
    page.get_by_label("Level", exact=True).select_option(label="High")
    page.get_by_label("Why the level changes").fill("It is spreading.")
    page.get_by_label("Owner").select_option(label="Dora Safe")
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_case_is_triaged_and_closed_by_two(open_page: OpenPage, world: World, javascript: bool) -> None:
    page = open_page(world.cast.dsl, javascript=javascript)
    _triage(page, world, javascript=javascript)

    expect(page.get_by_text(re.compile("Saved. The policy now asks .* more things"))).to_be_visible()
    found = Incident.objects.get(pk=world.cases["reported"].pk)
    assert (found.status, found.decision, found.level) == (Status.OPEN, Decision.SAFEGUARDING, Level.HIGH)
    assert (found.types, found.known) == (["nudes"], {"imagery_viewed": False})
    expect(page.get_by_role("button", name="Close the case")).to_be_disabled()

    settle(found, by=world.cast.dsl, at=found.logged_at)
    page.reload()
    page.locator("summary", has_text="Ask a second person to agree to closing").click()
    page.get_by_label("Resolved").check()
    page.get_by_label("Why, and what was done").fill("Taken down; both families were told.")
    page.get_by_role("button", name="Ask them to agree").click()
    expect(page.get_by_text(re.compile("It waits for one of these to agree: .*Dennis Deputy"))).to_be_visible()

    other = open_page(world.cast.deputy, javascript=javascript)
    other.goto(f"/s/oakfield/incidents/{world.reference('reported')}/")
    other.get_by_role("button", name="Agree, and close the case").click()
    expect(other.get_by_role("heading", name="Closed", level=2)).to_be_visible()
    assert Incident.objects.get(pk=found.pk).closed_by == world.cast.deputy


def test_an_open_case_is_watched_until_a_day(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl)
    page.goto(f"/s/oakfield/incidents/{world.reference('open')}/")
    page.locator("summary", has_text="Watch it until a day").click()
    page.get_by_role("button", name="Watch it", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose the day on which the case is looked at again.")
    page.get_by_label("Look at it again on").fill("2031-06-02")
    page.get_by_label("Why it is only watched now").fill("It is calm.")
    page.get_by_role("button", name="Watch it", exact=True).click()

    expect(page.get_by_text("The case is watched.")).to_be_visible()
    assert Incident.objects.get(pk=world.cases["open"].pk).status == Status.MONITORING
