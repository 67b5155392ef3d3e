"""Eight accusations from end to end: each reaches somebody it is not about, who alone can open it. And what follows."""

from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Membership, OutboxMessage, User
from accounts.roles import Role
from incidents.allegations import HarmTest
from incidents.models import Incident, Obligation
from policies.operations import adoptions
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import alleged, make_incident, person_of
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import DONE, answer, question, send, sign_in

SAID = "They sent a message that worried me. Nobody else has seen it yet."


@dataclass(frozen=True)
class Script:
    """Whom it is about, how the reporter says so, and which office then handles it and owns what is owed."""

    accused: str
    choice: str
    handled_by: str
    manager: str


SCRIPTS = [
    Script("colleague", "Yes, an adult", "headteacher", "head"),
    Script("dsl", "Yes, an adult", "headteacher", "head"),
    Script("deputy", "Yes, an adult", "headteacher", "head"),
    Script("head", "Yes, the headteacher", "chair_of_governors", "chair"),
    Script("chair", "Yes, an adult", "headteacher", "head"),
    Script("ict", "Yes, an adult", "headteacher", "head"),
    Script("governor", "Yes, an adult", "headteacher", "head"),
]


@pytest.fixture
def school(cast: Cast) -> Cast:
    """Let the school follow a policy that names the LADO and says nothing about its own leaders."""
    adoptions.adopt(
        school=cast.school,
        pack_id="shipbourne-2018",
        starts_on=timezone.localdate(),
        at=timezone.now(),
        by=cast.administrator,
        note="Approved",
    )
    return cast


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.accused)
def test_it_reaches_the_one_who_handles_it_and_never_the_one_it_is_about(
    open_page: OpenPage, school: Cast, script: Script
) -> None:
    reporter = open_page()
    sign_in(reporter, school.teacher)
    _log(reporter, script, school)

    incident = Incident.objects.get()
    accused: User = school[script.accused]
    assert incident.handled_by == script.handled_by
    assert _told(incident) == {school[script.manager].email}
    owed = Obligation.objects.filter(incident=incident).outstanding()
    assert owed.filter(key="consult:lado", owner_role=script.handled_by).exists()
    roles = set(Membership.objects.filter(user=accused).values_list("role", flat=True)) - {Role.STAFF.value}
    assert not owed.filter(owner_role__in=roles).exists()
    _finds_nothing(open_page(accused), incident)
    _opens(open_page(school[script.manager]), incident)


def test_about_a_child_nobody_can_name_it_stays_with_the_team(open_page: OpenPage, school: Cast) -> None:
    reporter = open_page()
    sign_in(reporter, school.teacher)
    reporter.goto(f"/s/{school.school.slug}/incidents/new/")
    answer(reporter, "Is a child in immediate danger", "No")
    answer(reporter, "Is it about something an adult", "No")
    reporter.get_by_role("button", name="I do not know who it is").click()
    reporter.get_by_label("Who is it, as far as you know?").fill("Someone in Year 6")
    _write(reporter)

    incident = Incident.objects.get()
    assert incident.handled_by == "dsl"
    assert Obligation.objects.filter(incident=incident, key="notify:dsl").exists()
    _opens(open_page(school.dsl), incident)


def test_somebody_here_who_is_named_late_makes_a_second_strand(open_page: OpenPage, school: Cast) -> None:
    case = make_incident(school=school.school, by=school.teacher)
    deputy = open_page(school.deputy)
    _opens(deputy, case)
    lead = open_page(school.dsl)
    lead.goto(f"{case.get_absolute_url()}people/")
    lead.get_by_label("Said to have caused harm").check()
    lead.get_by_label("Name of a pupil or an adult").fill("dennis")
    lead.get_by_role("button", name="Find").click()
    lead.get_by_role("button", name="Dennis Deputy, Staff").click()
    expect(lead.get_by_text("was passed on to the person who handles such concerns")).to_be_visible()

    adult = Incident.objects.exclude(pk=case.pk).get()
    _finds_nothing(deputy, case)
    _finds_nothing(deputy, adult)
    _opens(lead, case)
    expect(lead.get_by_text(adult.reference)).to_have_count(0)
    head = open_page(school.head)
    _opens(head, adult)
    expect(head.get_by_text(case.reference).first).to_be_visible()


def test_the_headteacher_is_led_to_an_outcome(open_page: OpenPage, school: Cast) -> None:
    about = [alleged(person_of(school.colleague, school.school))]
    case = make_incident(school=school.school, by=school.teacher, people=about)
    head = open_page(school.head)
    head.goto(case.get_absolute_url())
    head.get_by_role("button", name="Acknowledge").click()
    expect(head.get_by_role("heading", name="Next: say whether it meets the harm threshold")).to_be_visible()
    head.get_by_role("button", name="Allegation").click()
    expect(head.get_by_text("Do not investigate", exact=True).first).to_be_visible()
    for test in HarmTest:
        question(head, test.label).get_by_label("No", exact=True).check()
    head.get_by_label("What do you go by?").fill("What the teacher wrote.")
    head.get_by_role("button", name="Keep the answers").click()
    expect(head.get_by_text("It does not meet the harm threshold.")).to_be_visible()
    head.get_by_label("What kind of conduct?").select_option("language")
    head.get_by_label("What did they do?").fill("Shouted at a pupil.")
    head.get_by_role("button", name="Enter it in the register").click()
    expect(head.get_by_text("Below the threshold.")).to_be_visible()

    head.goto(f"/s/{school.school.slug}/low-level/")
    expect(head.get_by_role("link", name="Colin Colleague")).to_be_visible()


def _log(page: Page, script: Script, cast: Cast) -> None:
    page.goto(f"/s/{cast.school.slug}/incidents/new/")
    answer(page, "Is a child in immediate danger", "No")
    question(page, "Is it about something an adult").get_by_label(script.choice).first.check()
    name = person_of(cast[script.accused], cast.school).name
    box = page.get_by_role("combobox", name="Name of a pupil or an adult")
    box.press_sequentially(name.split()[0].lower())
    page.get_by_role("option").filter(has_text=name).first.click()
    part = page.get_by_label(f"Their part of {name}")
    part.wait_for()
    part.select_option("alleged")
    _write(page)


def _write(page: Page) -> None:
    page.get_by_label("What happened?").fill(SAID)
    answer(page, "Where did it happen", "In school")
    page.get_by_label("What have you done so far?").fill(DONE)
    answer(page, "What kind of concern", "Contact:")
    send(page)
    page.get_by_role("heading", name="Sent to").wait_for()


def _told(incident: Incident) -> set[str]:
    """Return who was told that it was logged."""
    sent = OutboxMessage.objects.filter(dedupe_key__startswith=f"logged:{incident.pk}")
    return set(sent.values_list("address", flat=True))


def _finds_nothing(page: Page, incident: Incident) -> None:
    page.goto(f"/s/{incident.school.slug}/")
    expect(page.get_by_text(incident.reference)).to_have_count(0)
    address = incident.get_absolute_url()
    assert page.request.get(address).status in (403, 404)
    assert page.request.get(f"/s/{incident.school.slug}/incidents/").status in (200, 403)
    page.goto(f"/s/{incident.school.slug}/incidents/")
    expect(page.get_by_text(incident.reference)).to_have_count(0)


def _opens(page: Page, incident: Incident) -> None:
    page.goto(incident.get_absolute_url())
    expect(page.get_by_role("heading", name=f"Case {incident.reference}")).to_be_visible()
    assert Obligation.objects.filter(incident=incident, state=State.OPEN).exists()
