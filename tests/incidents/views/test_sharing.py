"""The page of who can see a case: readers with their reasons, whoever opened it, sharing, sealing and leaving."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import CaseGrant, Incident, Interest
from incidents.operations import sharing
from incidents.operations.sharing import Naming
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member
from tests.incidents.pages import address, browser, case_address, main, words
from tests.incidents.views.test_incidents_queries import count, settled

DAY = timedelta(days=1)
SHARED = {"share-purpose": "She is their form tutor.", "share-ends_on": "2026-11-30"}
PAGE = 19


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Every request happens at the hour of the cast; the second factor has its own tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def anew(user: User) -> Client:
    return browser(User.objects.get(pk=user.pk))


def shared(cast: Cast, case: Incident, by: str = "dsl", **changes: Any) -> Any:
    said = {**SHARED, "share-user": str(cast.colleague.pk), **changes}
    return browser(cast[by]).post(case_address("sharing-share", case), said)


def test_the_page_says_who_can_open_it_and_why_and_who_did(cast: Cast, case: Incident) -> None:
    browser(cast.deputy).get(case_address("incident-detail", case))

    page = main(browser(cast.dsl).get(case_address("sharing-detail", case)))

    for name in ("Dora Safe (you)", "Dennis Deputy"):
        assert name in words_of(page)
    assert "In the safeguarding team, which handles this case." in page
    opened = page.partition("Has opened it")[2]
    assert "Dennis Deputy" in opened
    assert "Dora Safe" in opened


def words_of(text: str) -> str:
    return " ".join(text.replace("<bdi>", "").replace("</bdi>", "").split())


def test_who_is_let_in_reads_the_case_and_nothing_else(cast: Cast, case: Incident) -> None:
    other = make_incident(school=cast.school, by=cast.teacher)
    before = browser(cast.colleague).get(case_address("incident-detail", case))

    assert shared(cast, case).status_code == 302

    client = anew(cast.colleague)
    assert before.status_code == 403
    page = client.get(case_address("incident-detail", case))
    assert page.status_code == 200
    assert case.narrative in words(page)
    assert client.get(case_address("chronology-detail", case)).status_code == 200
    for name in ("triage-detail", "contact-list", "sharing-detail", "attachment-list"):
        assert client.get(case_address(name, case)).status_code == 403, name
    assert client.get(case_address("incident-detail", other)).status_code == 404
    assert "Triage" not in main(page)
    assert "Shared with you" in main(client.get(address("school-home", cast.school)))
    assert client.post(case_address("note-add", case), {"note-text": "I was here."}).status_code == 403


def test_nobody_else_is_told_that_there_is_anything_to_share(cast: Cast, case: Incident) -> None:
    shared(cast, case)

    assert "Shared with you" not in main(anew(cast.ict).get(address("school-home", cast.school)))
    assert anew(cast.ict).get(case_address("incident-detail", case)).status_code == 403


def test_a_second_factor_is_asked_of_whoever_a_case_is_shared_with(
    cast: Cast, case: Incident, settings: LazySettings
) -> None:
    shared(cast, case)
    settings.SECOND_FACTOR_REQUIRED = True

    answer = anew(cast.colleague).get(case_address("incident-detail", case))

    assert (answer.status_code, answer["Location"]) == (302, reverse("second-factor-needed"))
    home = anew(cast.colleague).get(address("school-home", cast.school))
    assert "Set up a second factor" in main(home)
    assert "Shared with you" not in main(home)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"share-user": ""}, "Choose somebody."),
        ({"share-purpose": ""}, "Write down what they need it for."),
        ({"share-ends_on": ""}, "Say until which day."),
        ({"share-ends_on": "2028-01-01"}, "Choose a day from today on, a year from now at the most."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast: Cast, case: Incident, changes: dict[str, str], sentence: str
) -> None:
    page = shared(cast, case, **changes)

    assert sentence in words(page)
    assert changes.get("share-purpose", SHARED["share-purpose"]) in words(page)
    assert not CaseGrant.objects.exists()


def test_whom_it_is_not_for_cannot_share_it(cast: Cast, case: Incident) -> None:
    assert shared(cast, case, by="online_safety_lead").status_code == 403
    assert shared(cast, case, by="head").status_code == 404
    assert shared(cast, case, **{"share-user": str(cast.next_door_dsl.pk)}).status_code == 200
    assert not CaseGrant.objects.exists()


def test_a_sealed_case_is_gone_for_the_others_and_shows_who_may_open_it(cast: Cast, case: Incident) -> None:
    said = {"seal-named": [str(cast.head.pk)], "seal-reason": "A colleague’s own child."}

    answer = browser(cast.dsl).post(case_address("sharing-seal", case), said)

    assert answer.status_code == 302
    page = words_of(main(anew(cast.head).get(case_address("sharing-detail", case))))
    assert "Sealed. " in page.replace("<strong>", "").replace("</strong>", "")
    assert "A colleague’s own child." in page
    assert anew(cast.head).get(case_address("triage-detail", case)).status_code == 200
    assert anew(cast.deputy).get(case_address("incident-detail", case)).status_code == 404
    assert case.reference not in main(anew(cast.deputy).get(address("incident-list", cast.school)))
    assert case.reference in main(anew(cast.dsl).get(address("incident-list", cast.school)))


def test_taking_it_back_closes_it_at_the_next_page(cast: Cast, case: Incident) -> None:
    shared(cast, case)
    client, grant = anew(cast.colleague), CaseGrant.objects.get()
    assert client.get(case_address("incident-detail", case)).status_code == 200

    browser(cast.dsl).post(case_address("sharing-take-back", case, grant_id=grant.pk))

    assert client.get(case_address("incident-detail", case)).status_code == 404


def test_whoever_leaves_a_case_finds_it_no_more(cast: Cast, case: Incident) -> None:
    client = browser(cast.deputy)
    refused = client.post(case_address("sharing-step-back", case), {"back-reason": " "})
    assert "Write down why. It is kept with the case." in words(refused)

    answer = client.post(case_address("sharing-step-back", case), {"back-reason": "My neighbours."})

    assert answer["Location"] == address("school-home", cast.school)
    assert client.get(case_address("incident-detail", case)).status_code == 404
    assert Interest.objects.get().user == cast.deputy
    page = main(browser(cast.dsl).get(case_address("sharing-detail", case)))
    assert "Dennis Deputy" in page.partition("Kept away from it")[2]


def test_the_page_asks_as_often_for_many_as_for_one(cast: Cast, case: Incident) -> None:
    client, target = settled(browser(cast.dsl), cast), case_address("sharing-detail", case)
    client.get(target)
    few = count(lambda: client.get(target))
    for number in range(4):
        friend = make_member(school=cast.school, name=f"Friend {number}")
        naming = Naming(friend, "Why", (NOW + DAY).date())
        sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)
        anew(friend).get(case_address("incident-detail", case))

    assert count(lambda: client.get(target)) == few == PAGE


def test_whoever_reads_by_name_is_counted_once_and_goes_back_to_their_day(cast: Cast, case: Incident) -> None:
    for user in (cast.colleague, make_member(school=cast.school, name="Faye Friend")):
        naming = Naming(user=user, purpose="They sit in.", ends_on=NOW.date() + DAY)
        sharing.share(incident=case, naming=naming, by=cast.dsl, at=NOW)

    page = anew(cast.colleague).get(case_address("incident-detail", case))

    assert page.context["who_can_see"]["sentence"].endswith(", one person by name")
    assert f'govuk-back-link" href="{address("school-home", cast.school)}"' in page.content.decode()
