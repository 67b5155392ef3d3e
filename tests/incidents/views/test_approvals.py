"""The page of what takes two people on a case: asked, answered, kept away from whoever is not of it."""

import pytest
from django.conf import LazySettings

from accounts.models import User
from incidents.models import CaseApproval, CaseGrant, Incident, Interest
from incidents.operations import sharing
from incidents.statuses import Kept, Part
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.pages import browser, case_address, main


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(cast: Cast) -> Incident:
    people = [harmed(make_person(school=cast.school)), alleged(make_person(school=cast.school, name="Ben Reed"))]
    return make_incident(school=cast.school, by=cast.teacher, people=people)


def anew(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_part_is_changed_once_a_second_person_agreed(cast: Cast, case: Incident) -> None:
    row = case.people.get(part=Part.ALLEGED)
    said = {"part-row": row.pk, "part-part": "witness", "part-reason": "He only saw it."}

    page = browser(cast.dsl).post(case_address("case-approval-part", case), said, follow=True)

    assert "A second person is asked to agree" in page.content.decode()
    waits = CaseApproval.objects.get()
    assert ">Agree<" not in main(browser(cast.dsl).get(case_address("case-approval-list", case)))
    home = main(browser(cast.deputy).get(f"/s/{cast.school.slug}/"))
    assert f"Answer as the second person on {case.reference}" in home
    browser(cast.deputy).post(case_address("case-approval-agree", case, approval_id=waits.pk))
    row.refresh_from_db()
    assert row.part == Part.WITNESS


def test_a_sealed_case_is_opened_again_by_two_and_the_page_is_theirs_alone(cast: Cast, case: Incident) -> None:
    sharing.seal(incident=case, named=[cast.deputy], reason="A colleague's child.", by=cast.dsl, at=NOW)
    where = case_address("case-approval-unseal", case)

    assert "Write down why." in main(browser(anew(cast.dsl)).post(where, {"unseal-reason": " "}))
    browser(anew(cast.dsl)).post(where, {"unseal-reason": "It is over."})

    assert browser(cast.online_safety_lead).get(case_address("case-approval-list", case)).status_code == 404
    waits = CaseApproval.objects.get()
    browser(anew(cast.deputy)).post(case_address("case-approval-agree", case, approval_id=waits.pk))
    assert not Incident.objects.get(pk=case.pk).is_sealed


def test_letting_back_is_asked_for_and_declined_with_the_reason(cast: Cast, case: Incident) -> None:
    lead = cast.online_safety_lead
    sharing.step_back(incident=case, user=lead, kind=Kept.DECLARED, reason="Neighbours.", by=lead, at=NOW)
    interest = Interest.objects.get()
    where = case_address("case-approval-let-back", case, interest_id=interest.pk)

    browser(cast.dsl).post(where, {f"back-{interest.pk}-reason": "They moved."})

    waits = CaseApproval.objects.get()
    page = main(browser(cast.deputy).get(case_address("case-approval-list", case)))
    assert "They moved." in page
    assert "Let Olive Online back" in page
    no = case_address("case-approval-decline", case, approval_id=waits.pk)
    browser(cast.deputy).post(no, {f"no-{waits.pk}-reason": "Not yet."})
    waits.refresh_from_db()
    assert (waits.is_agreed, waits.answer) == (False, "Not yet.")
    assert browser(lead).get(case_address("case-approval-list", case)).status_code == 404


def test_where_nobody_else_works_on_it_the_page_says_what_to_do(cast: Cast, case: Incident) -> None:
    sharing.seal(incident=case, named=[cast.deputy], reason="Sensitive.", by=cast.dsl, at=NOW)
    grant = CaseGrant.objects.get(content_object=case, user=cast.deputy)
    sharing.take_back(grant=grant, by=cast.deputy, at=NOW)

    page = main(browser(anew(cast.dsl)).get(case_address("case-approval-list", case)))

    assert "Name a second person on it first" in page
