"""The browser runs no script at all, as on a locked-down computer: everything still works, a page at a time."""

import re

from playwright.sync_api import Locator, Page, expect

from incidents.events import Event
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.statuses import Status
from tests.conftest import Cast
from tests.factories import make_person, settle
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import DONE, SAID, answer, as_typed, choose_unknown, fill_in, send, sign_in
from tests.journeys.worlds import World


def find(page: Page, name: str) -> None:
    page.get_by_label(re.compile("Name of a pupil|Add somebody else")).fill(name)
    page.get_by_role("button", name="Find").click()


def test_a_concern_is_logged_a_page_at_a_time(open_page: OpenPage, cast: Cast) -> None:
    for name in ("Amira Hadley", "Amir Hadleigh", "Robin Ashdown"):
        make_person(school=cast.school, name=name)
    page = open_page(javascript=False)
    sign_in(page, cast.teacher)
    page.get_by_role("button", name="Log a concern").click()
    fill_in(page)

    find(page, "amir")
    expect(page.get_by_text("2 found for “amir”")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Amira Hadley")).click()
    find(page, "nobody of that name")
    expect(page.get_by_text("Nobody is found for “nobody of that name”")).to_be_visible()
    find(page, "Robin")
    page.get_by_role("button", name=re.compile("^Robin Ashdown")).click()
    page.get_by_label("Their part of Robin Ashdown").select_option("witness")
    page.get_by_role("button", name="Remove Amira Hadley").click()
    expect(page.get_by_role("button", name="Remove Amira Hadley")).to_have_count(0)
    choose_unknown(page)
    expect(page.get_by_label("What happened?")).to_have_value(SAID)
    send(page)

    expect(page.get_by_role("heading", name="Sent to the safeguarding team")).to_be_visible()
    sent = Incident.objects.get(logged_by=cast.teacher)
    assert (as_typed(sent.narrative), sent.action_taken) == (SAID, DONE)
    people = {(row.person.name if row.person else row.description, row.part) for row in sent.people.all()}
    assert people == {("Robin Ashdown", "witness"), ("A boy in Year 6", "named")}


def test_what_is_missing_is_named_and_nothing_typed_is_lost(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher, javascript=False)
    page.goto("/s/oakfield/incidents/new/")
    page.get_by_label("What happened?").fill(SAID)
    answer(page, "What kind of concern", "Conduct:")
    send(page)

    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Say who it is about.")
    expect(summary).to_contain_text("Say where it happened, as far as you know.")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("What happened?")).to_have_value(SAID)
    expect(page.get_by_label(re.compile("^Conduct:"))).to_be_checked()

    page.goto("/s/oakfield/incidents/new/")
    page.get_by_role("link", name=re.compile("Continue what you wrote today")).click()
    expect(page.get_by_label("What happened?")).to_have_value(SAID)


def test_enter_in_a_one_line_box_keeps_and_does_not_send(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(cast.teacher, javascript=False)
    page.goto("/s/oakfield/incidents/new/")
    fill_in(page)
    choose_unknown(page)
    page.get_by_label("Where exactly?").fill("By the lockers")
    page.get_by_label("Where exactly?").press("Enter")

    expect(page.get_by_text(re.compile("^Saved today"))).to_be_visible()
    expect(page.get_by_label("Where exactly?")).to_have_value("By the lockers")
    assert not Incident.objects.exists()


def test_the_queue_is_narrowed_and_widened_again(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl, javascript=False)
    page.goto("/s/oakfield/incidents/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)

    page.get_by_text("Filter the cases").click()
    page.get_by_label("Category").select_option("conduct")
    page.get_by_label("Name, reference or words").fill("amira")
    page.get_by_role("button", name="Show these").click()
    expect(rows).to_have_count(1)
    expect(page.get_by_text("1 found, most urgent first")).to_be_visible()
    assert page.url.endswith("/s/oakfield/incidents/"), "what was searched for stands in the address"

    page.get_by_role("button", name=re.compile("^Conduct")).click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name=re.compile("amira.*take this filter away")).click()
    expect(rows).to_have_count(4)


def test_a_case_is_worked_on_and_closed(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl, javascript=False)
    page.goto("/s/oakfield/incidents/")
    page.get_by_role("link", name=world.reference("reported")).click()
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("Only say who owns it").click()
    page.get_by_label("Owner").select_option(label="Dennis Deputy")
    page.get_by_role("button", name="Set the owner").click()
    expect(page.get_by_text("Dennis Deputy owns this case.").first).to_be_visible()

    page.get_by_text("Change the level").click()
    page.get_by_label("Level").select_option(label="Low")
    page.get_by_label("Why", exact=True).fill("It is over.")
    page.get_by_role("button", name="Set the level").click()
    page.get_by_label("Add to the chronology").fill("Rang home.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".moj-timeline__item").first).to_contain_text("Rang home.")

    expect(page.get_by_role("button", name="Close the case")).to_be_disabled()
    expect(page.get_by_text(re.compile("things are still open"))).to_be_visible()
    settle(world.cases["reported"], by=world.cast.dsl, at=world.cases["reported"].logged_at)
    page.reload()
    page.get_by_text("Close the case").first.click()
    page.get_by_label("Resolved").check()
    page.get_by_role("button", name="Close the case").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("Why, and what was done").fill("Both families were told.")
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_role("heading", name="Closed", level=2)).to_be_visible()
    world.cases["reported"].refresh_from_db()
    assert world.cases["reported"].status == Status.CLOSED


def test_a_duty_is_done_one_is_not_needed_and_one_rests(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.dsl, javascript=False)
    done, waived, rests = _plain_duties(world)

    def button(row: Obligation, name: str) -> Locator:
        return page.locator(f"#duty-{row.pk}").get_by_role("button", name=re.compile(f"^{name}"))

    def write(row: Obligation, words: str) -> None:
        page.locator(f"#duty-{row.pk} summary").last.click()
        page.locator(f"#id_duty-{row.pk}-words").fill(words)

    page.goto(f"/s/oakfield/incidents/{world.reference('open')}/")
    button(done, "Done").click()
    expect(page.get_by_text(f"Recorded as done: {done.text}.")).to_be_visible()
    page.locator(f"#duty-{waived.pk} summary").last.click()
    button(waived, "Not needed").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Write down why this is not done.")
    page.locator(f"#id_duty-{waived.pk}-words").fill("The family has moved away.")
    button(waived, "Not needed").click()
    expect(page.get_by_text(f"Recorded as not needed, with your reason: {waived.text}.")).to_be_visible()
    write(rests, "The police asked us to wait.")
    button(rests, "Pause the clock").click()
    expect(page.get_by_text(f"The clock rests: {rests.text}.")).to_be_visible()
    expect(page.locator(f"#duty-{rests.pk}")).to_contain_text("by Dora Safe, today")
    button(rests, "Let the clock go on").click()

    expect(page.get_by_text(f"The clock goes on: {rests.text}.")).to_be_visible()
    stand = [
        (row.state, row.settled_by, row.reason) for row in Obligation.objects.in_bulk([done.pk, waived.pk]).values()
    ]
    assert sorted(stand, key=str) == [
        ("done", world.cast.dsl, None),
        ("waived", world.cast.dsl, "The family has moved away."),
    ]
    told = ChronologyEntry.objects.filter(incident=world.cases["open"], by=world.cast.dsl).values_list(
        "event", flat=True
    )
    deeds = {Event.DUTY_DONE, Event.DUTY_WAIVED, Event.DUTY_PAUSED, Event.DUTY_RESUMED}
    assert {event for event in told if event in set(deeds)} == deeds


def _plain_duties(world: World) -> list[Obligation]:
    """Make two duties of the open case that nothing holds up, and one that its clause lets rest."""
    rows = Obligation.objects.filter(incident=world.cases["open"], state="open", kind="do")
    found = list(rows.to_do().order_by("key")[:3])
    # Due by now, so that they stand where nothing has to be unfolded.
    due = min(row.starts_at for row in found)
    plain = {"strength": 2, "after_key": "", "evidence": "", "until": "", "unless": "", "due_at": due}
    rows.filter(pk__in=[row.pk for row in found]).update(**plain)
    rows.filter(pk=found[2].pk).update(unless="police_request")
    return found


def test_a_question_is_answered(open_page: OpenPage, world: World) -> None:
    page = open_page(world.cast.teacher, javascript=False)
    page.goto("/s/oakfield/")
    page.get_by_role("link", name=re.compile("Answer a question")).click()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_label("Your answer").fill("Two others saw them.")
    page.get_by_role("button", name="Send the answer").click()

    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    expect(page.get_by_text("Two others saw them.")).to_be_visible()
