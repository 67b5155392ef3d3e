"""Each procedure of two schools' policies, from the teacher's phone to the first duty that is met (SH 11, MG 9, 10)."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from incidents.facts import TOLD
from incidents.models import Incident
from policies.catalogue import shipped
from policies.engine.facts import SOME_OF
from policies.engine.labels import TYPE_LABELS
from policies.engine.vocabulary import IncidentType
from policies.forms.what_if import capital
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import make_person
from tests.journeys.conftest import OpenPage
from tests.journeys.looks import PHONE
from tests.journeys.procedures import MAIDSTONE, PROCEDURES, SHIPBOURNE, Procedure, owed
from tests.journeys.steps import DONE, answer, fill_in, send

SAID = "She showed me what was sent to her last night."
NAMES = ("Amira", "Hadley", "Ben", "Reed", "Colin", "Colleague")


@pytest.mark.parametrize("procedure", PROCEDURES, ids=str)
def test_a_concern_is_taken_through_its_procedure(open_page: OpenPage, cast: Cast, procedure: Procedure) -> None:
    _follow(cast, procedure.pack)
    phone = open_page(cast.teacher, viewport=PHONE, phone=True)
    _log(phone, procedure)
    case = Incident.objects.get()
    manager: User = cast.head if procedure.is_about_adult else cast.dsl
    desk = open_page(manager)

    _triage(desk, case, procedure)

    _see_what_is_asked(desk, procedure)
    duty = owed(case, procedure.key)
    assert duty.is_outstanding
    procedure.act(desk, duty)
    _told_nothing(desk)
    assert owed(case, procedure.key).state == procedure.state
    desk.goto(case.get_absolute_url())
    settled = desk.locator(f".sg-settled #duty-{duty.pk}")
    expect(settled).to_have_count(1)
    assert settled.evaluate("element => element.closest('details').querySelector('summary').innerText").startswith(
        "Done"
    )


@pytest.mark.parametrize(("pack", "pattern"), [(SHIPBOURNE, r"11\.\d"), (MAIDSTONE, r"9(\.\d)?|10\.\d")])
def test_every_procedure_of_the_two_policies_is_walked(pack: str, pattern: str) -> None:
    sections = {number for number, *_ in shipped(pack).pack.sections if re.fullmatch(pattern, number)}

    assert sections == {procedure.section for procedure in PROCEDURES if procedure.pack == pack}


def _follow(cast: Cast, pack: str) -> None:
    at = timezone.now()
    today = timezone.localdate()
    adoptions.adopt(school=cast.school, pack_id=pack, starts_on=today, at=at, by=cast.head, note="Approved")
    for name in ("Amira Hadley", "Ben Reed"):
        make_person(school=cast.school, name=name)


def _log(phone: Page, procedure: Procedure) -> None:
    phone.goto("/s/oakfield/incidents/new/")
    if procedure.is_about_adult:
        answer(phone, "Is a child in immediate danger", "No")
        answer(phone, "Is it about something an adult", "Yes, an adult")
        _name(phone, "Colin Colleague", "alleged")
        phone.get_by_label("What happened?").fill(SAID)
        answer(phone, "Where did it happen", "In school")
        phone.get_by_label("What have you done so far?").fill(DONE)
        answer(phone, "What kind of concern", "Conduct:")
    else:
        fill_in(phone, said=SAID)
        _name(phone, "Amira Hadley", "harmed")
        if procedure.is_between_pupils:
            _name(phone, "Ben Reed", "alleged")
    _told_nothing(phone)
    send(phone)
    expect(phone.get_by_role("heading", name=re.compile("^Sent to "))).to_be_visible()
    _told_nothing(phone)


def _name(phone: Page, name: str, part: str) -> None:
    phone.locator("input[role=combobox]").press_sequentially(name.split()[0])
    phone.get_by_role("option", name=re.compile(name)).tap()
    phone.get_by_label(f"Their part of {name}").select_option(part)


def _triage(desk: Page, case: Incident, procedure: Procedure) -> None:
    desk.goto("/s/oakfield/incidents/")
    desk.get_by_role("link", name=case.reference).first.click()
    _told_nothing(desk)
    desk.get_by_role("button", name="Acknowledge").click()
    desk.get_by_role("button", name="Triage", exact=True).click()
    # What is unfolded before the page has come would be folded again.
    expect(desk.get_by_role("button", name="Show what to ask about these")).to_be_attached()
    _unfold(desk)
    if not procedure.is_about_adult:
        desk.get_by_label(capital(TYPE_LABELS[IncidentType(procedure.kind)]), exact=True).check()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Show what to ask about these").click()
    _unfold(desk)
    for fact, said in procedure.known.items():
        _know(desk, fact, said)
    desk.get_by_text("A safeguarding case", exact=True).click()
    desk.get_by_label("Why", exact=True).fill("It is as she says, and it goes on.")
    _told_nothing(desk)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Saved. ")).to_be_visible()
    _told_nothing(desk)


def _know(desk: Page, fact: str, said: str | list[str]) -> None:
    assert fact in TOLD
    if fact in SOME_OF:
        for value in said:
            desk.locator(f"input[name={fact}][value={value}]").check()
    else:
        desk.locator(f"select[name={fact}]").select_option(said)


def _see_what_is_asked(desk: Page, procedure: Procedure) -> None:
    asked = desk.locator(".sg-aside section").first
    expect(asked.get_by_role("heading")).to_have_text("Do not")
    for ban in procedure.bans:
        expect(asked.get_by_text(ban).first).to_be_visible()
    _unfold(desk)
    cited = desk.locator(f'a[href*="#{procedure.pack}--{procedure.section}-"]')
    shown: list[list[str]] = cited.evaluate_all(
        "links => links.filter(one => one.checkVisibility()).map(one => [one.hash.split('--')[1], one.innerText])"
    )
    assert {clause for clause, _ in shown} == procedure.numbers
    assert all(words.endswith(clause) for clause, words in shown), shown
    # Folded again, as the page comes.
    desk.reload()


def _unfold(desk: Page) -> None:
    desk.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")


def _told_nothing(page: Page) -> None:
    seen = f"{page.title()} {page.url}"
    assert not [name for name in NAMES if name.lower() in seen.lower()], seen
