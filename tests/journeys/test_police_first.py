"""Another school is part of it: the police first, then the other school; what nobody answers is asked again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from incidents.models import Incident, Obligation, Referral
from incidents.operations import obligations
from incidents.statuses import Undertaking
from policies.statuses import State
from tests.factories import harmed, make_incident
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import DESK, PHONE
from tests.journeys.worlds import World

SAID = "A pupil of theirs sent the pictures.\nNo names were given yet."
ADVICE = "Tell the other school that a pupil of theirs is part of it. Give no names."


@pytest.fixture
def case(world: World) -> Incident:
    """Log what another school is part of, where a crime is suspected and the policy was adopted already."""
    people = [harmed(world.pupils["amira"])]
    incident = make_incident(school=world.cast.school, by=world.cast.teacher, at=timezone.now(), people=people)
    incident.types, incident.known = ["sexual_harassment"], {"other_setting": True, "crime": "suspected"}
    incident.save(update_fields=["types", "known"])
    obligations.apply(incident=incident, at=timezone.now())
    return incident


@pytest.mark.parametrize(("viewport", "phone"), [(DESK, False), (PHONE, True)], ids=["desk", "phone"])
def test_the_police_come_first_and_then_the_way_is_open(
    open_page: OpenPage, world: World, case: Incident, viewport: ViewportSize, phone: bool
) -> None:
    page = open_page(world.cast.dsl, viewport=viewport, phone=phone)
    page.goto(case.get_absolute_url())
    page.get_by_role("navigation", name="Pages of this case").get_by_role("link", name="Referrals").click()
    expect(page.get_by_text("Do not share it beyond the school yet")).to_be_visible()

    _choose(page, "other_setting_dsl", "Advice: we asked what to do")
    refusal = page.get_by_role("note")
    expect(refusal).to_contain_text("The police first.")
    expect(refusal).to_contain_text("Online safety policy, 11.1-8.8")
    expect(page.get_by_role("button", name="Record it")).to_be_disabled()

    page.get_by_role("link", name="Referrals and advice").click()
    _choose(page, "police", "Advice: we asked what to do")
    expect(page.get_by_role("heading", name="What they need from you")).to_be_visible()
    page.get_by_label("What you told them").fill(SAID)
    page.get_by_label("What they said").fill(ADVICE)
    page.get_by_label("Their reference").fill("17-4711-26")
    page.get_by_text("No, nothing more is expected").click()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("what it fulfils of our policy is done")).to_be_visible()
    expect(page.get_by_text("Do not share it beyond the school yet")).to_be_hidden()

    _choose(page, "other_setting_dsl", "Advice: we asked what to do")
    page.get_by_text("Other telephone call").click()
    page.get_by_label("What you told them").fill(SAID)
    page.get_by_text("Yes, or they should have answered by then").click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Ask them again on").fill(tomorrow.isoformat())
    page.get_by_role("button", name="Record it").click()

    expect(page.get_by_role("link", name="Safeguarding lead of another school")).to_be_visible()
    asked = Obligation.objects.get(incident=case, key="consult:other_setting_dsl")
    assert asked.state == State.DONE
    row = Referral.objects.get(incident=case, agency="other_setting_dsl")
    assert row.said.replace("\r\n", "\n") == SAID
    _answer_it(page)
    assert not Obligation.objects.filter(incident=case, kind=Undertaking.CHASE).outstanding().exists()


def _choose(page: Page, agency: str, kind: str) -> None:
    page.get_by_role("button", name="Record that somebody was told").click()
    page.get_by_label("Whom does it go to?").select_option(agency)
    page.get_by_text(kind).click()
    page.get_by_role("button", name="Go on").click()


def _answer_it(page: Page) -> None:
    page.get_by_role("link", name="Safeguarding lead of another school").click()
    page.get_by_role("textbox", name="What they answered").fill("They speak with the family today.")
    page.get_by_text("This is how it ended").click()
    page.get_by_label("If it ended: how?").select_option("taken_on")
    page.get_by_role("button", name="Record the answer").click()
    expect(page.get_by_text("The answer is recorded.")).to_be_visible()
    expect(page.get_by_text("They have taken it on")).to_be_visible()


def test_a_decision_not_to_refer_is_written_beside_what_asked_for_it(
    open_page: OpenPage, world: World, case: Incident
) -> None:
    page = open_page(world.cast.dsl)
    page.goto(f"{case.get_absolute_url()}referrals/")
    duty = page.get_by_role("listitem").filter(has=page.get_by_text("Refer to children's social care", exact=True))

    duty.get_by_text("Decided not to refer: why").click()
    duty.get_by_label("Why not?").fill("The threshold is not met; early help is in place.")
    duty.get_by_role("button", name="Record the decision").click()

    expect(page.get_by_text("The decision is recorded, with your reason.")).to_be_visible()
    row = Obligation.objects.get(incident=case, key="refer:childrens_social_care")
    assert (row.state, row.reason) == (State.WAIVED, "The threshold is not met; early help is in place.")
