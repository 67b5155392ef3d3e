"""The page of the three questions."""

import uuid

from incidents.models import Deletion, DeletionCheck, Incident
from tests.conftest import Cast
from tests.incidents.operations.test_deletions import nudes
from tests.incidents.operations.test_referrals import case_of
from tests.incidents.pages import browser, case_address, main, title, words
from tests.incidents.views.test_incidents_queries import count, settled

PAGE = 14
SAID = {
    "check-is_needed": "no",
    "check-needed_words": "PC Jones, on Monday.",
    "check-held_words": "Her own phone.",
    "check-is_child_safe": "yes",
    "check-safe_words": "She asked for it.",
}


def deleted() -> dict[str, str]:
    return {
        "deletion-deletion_id": str(uuid.uuid4()),
        "deletion-what": "One image",
        "deletion-where": "Her phone",
        "deletion-doer": "She herself",
        "deletion-deleted_date": "2026-11-17",
        "deletion-deleted_time": "08:20",
    }


def test_the_sentence_stands_until_the_questions_are_answered(cast: Cast) -> None:
    incident, client = nudes(cast), browser(cast.dsl)
    page, record = case_address("deletion-detail", incident), case_address("deletion-record", incident)
    before = main(client.get(page))
    assert "three questions are answered" in before
    assert "Record that it was deleted" not in before
    assert "three questions are answered" in words(client.post(record, deleted()))
    assert not Deletion.objects.exists()
    refused = client.post(case_address("deletion-check", incident), {**SAID, "check-held_words": " "})
    assert "which copies there are" in words(refused)
    assert title(refused).startswith("Error: ")

    answered = client.post(case_address("deletion-check", incident), SAID, follow=True)
    assert "Nothing in the answers speaks against deleting." in words(answered)
    done = client.post(record, deleted(), follow=True)

    assert "It is recorded that the copies were deleted." in words(done)
    assert "One image" in main(done)
    assert DeletionCheck.objects.get().checked_by == cast.dsl


def test_what_an_agency_needs_is_kept(cast: Cast) -> None:
    incident, client = nudes(cast), browser(cast.dsl)
    said = {**SAID, "check-is_needed": "yes"}
    page = client.post(case_address("deletion-check", incident), said, follow=True)

    assert "It has to be kept for now." in words(page)
    assert "an agency needs it" in words(page)
    assert "an agency needs it" in words(client.post(case_address("deletion-record", incident), deleted()))


def test_others_find_nothing_there(cast: Cast) -> None:
    incident = case_of(cast)
    for name, code in (("teacher", 403), ("ict", 403), ("governor", 403), ("head", 404), ("next_door_dsl", 404)):
        for page in ("deletion-check", "deletion-record"):
            assert browser(cast[name]).post(case_address(page, incident), SAID).status_code == code
    assert not DeletionCheck.objects.exists()


def test_the_page_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    incident, client = nudes(cast), settled(browser(cast.dsl), cast)
    target = case_address("deletion-detail", incident)
    client.get(target)
    counts = []
    for number in (1, 5):
        for _ in range(number):
            client.post(case_address("deletion-check", incident), SAID)
            client.post(case_address("deletion-record", incident), deleted())
        counts.append(count(lambda: client.get(target)))

    assert counts == [PAGE, PAGE]
    assert Incident.objects.count() == 1
