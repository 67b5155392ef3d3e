"""A child is afraid of somebody at home: home is not told yet, a plan keeps the child safe, is reviewed, and ends."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import PersonKind, Relation
from accounts.operations import people
from incidents.models import Incident, Obligation
from policies.statuses import State
from tests.factories import harmed, make_incident, make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, PHONE
from tests.journeys.worlds import World

AFRAID = "She says that he would take it out on her brother."
SAID = "That she had been sent pictures, and that she is not to blame.\nThat we are here every morning."
HEARD = "“Thank you for ringing. I had no idea.”"


@pytest.fixture
def case(world: World) -> Incident:
    """Log a concern about a pupil whose mother the school knows; its policy asks that parents are told."""
    pupil, school = world.pupils["amira"], world.cast.school
    mother = make_person(school=school, kind=PersonKind.CONTACT, name="Sara Hadley")
    people.relate(person=mother, related=pupil, relation=Relation.PARENT, at=timezone.now())
    return make_incident(school=school, by=world.cast.teacher, at=timezone.now(), people=[harmed(pupil)])


@pytest.mark.parametrize(("viewport", "phone"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
def test_home_is_not_told_until_it_is_safe_and_a_plan_is_followed_meanwhile(
    open_page: OpenPage, world: World, case: Incident, viewport: ViewportSize, phone: bool
) -> None:
    page = open_page(world.cast.dsl, viewport=viewport, phone=phone)
    page.goto(case.get_absolute_url())

    _not_yet(page)
    asked = Obligation.objects.get(incident=case, key="inform_parents:parents")
    assert asked.state == State.PAUSED

    _plan(page)
    _review(page)

    _told(page)
    asked.refresh_from_db()
    assert asked.state == State.DONE
    again = Obligation.objects.get(incident=case, kind="action")
    assert again.state == State.DONE
    _end(page)
    page.get_by_role("link", name=f"Case {case.reference}").click()
    entries = page.locator(".moj-timeline")
    for words in ("Parents not told", "Plan written", "Plan reviewed", "Parents told", "Plan ended"):
        expect(entries.get_by_text(words, exact=True).first).to_be_visible()


def _section(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages of this case").get_by_role("link", name=name, exact=True).click()


def _not_yet(page: Page) -> None:
    _section(page, "Parents")
    expect(page.get_by_text("Nothing is written down yet about Sara Hadley.")).to_be_visible()
    page.get_by_role("button", name="They are not told").click()
    page.get_by_label("Sara Hadley").check()
    page.get_by_text("Telling them would put a child at risk").first.click()
    page.get_by_role("button", name="Keep it with the case").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things need another look")
    page.get_by_label("What makes you think so?").fill(AFRAID)
    page.get_by_label("Which day?").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Keep it with the case").click()
    expect(page.get_by_text("Sara Hadley: not told for now")).to_be_visible()
    expect(page.get_by_text(AFRAID)).to_be_visible()


def _plan(page: Page) -> None:
    _section(page, "Plans")
    page.get_by_role("link", name="Safety plan").click()
    page.get_by_role("group", name="Who is it for?").get_by_text("Amira Hadley").click()
    page.get_by_label("What could put the child at risk, and where?").fill("The way home, past the shops.")
    page.get_by_label("What keeps the child safe, and who does it?").fill("Mrs Cole walks with her until Friday.")
    page.get_by_label("What does the child want, and whom do they turn to?").fill("Her aunt. “She believes me.”")
    page.get_by_label("When is it looked at again?").fill((timezone.localdate() + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_role("heading", name="Safety plan")).to_be_visible()


def _review(page: Page) -> None:
    page.get_by_role("button", name="Review it").click()
    expect(page.get_by_label("What keeps the child safe")).to_have_value("Mrs Cole walks with her until Friday.")
    page.get_by_label("What did the review find?").fill("The week was quiet.")
    page.get_by_label("What keeps the child safe").fill("Her aunt meets her at the gate.")
    page.get_by_label("When is it looked at again?").fill((timezone.localdate() + timedelta(days=12)).isoformat())
    page.get_by_role("button", name="Keep the review").click()
    expect(page.get_by_role("region", name="As it stands")).to_contain_text("Her aunt meets her at the gate.")
    expect(page.get_by_role("region", name="Version 1")).to_contain_text("Mrs Cole walks with her until Friday.")


def _told(page: Page) -> None:
    page.get_by_role("link", name="Plans", exact=True).first.click()
    _section(page, "Parents")
    page.get_by_role("button", name="They were told").click()
    page.get_by_label("Sara Hadley").check()
    page.get_by_text("By telephone").click()
    page.get_by_label("What were they told?").fill(SAID)
    page.get_by_label("What did they say?").fill(HEARD)
    page.get_by_role("button", name="Keep it with the case").click()
    expect(page.get_by_text("Sara Hadley: told", exact=True)).to_be_visible()
    expect(page.get_by_text(HEARD)).to_be_visible()


def _end(page: Page) -> None:
    _section(page, "Plans")
    page.get_by_role("link", name="Safety plan").first.click()
    page.get_by_text("End this plan").click()
    page.get_by_label("Why does it end?").fill("Home knows and keeps her safe.")
    page.get_by_role("button", name="End the plan").click()
    expect(page.get_by_text("Ended (1)")).to_be_visible()
