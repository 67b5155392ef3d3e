"""The pages on which roles that read cases are asked for, agreed to and declined."""

import pytest
from django.conf import LazySettings
from django.urls import reverse

from accounts.models import Approval, Membership, User
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.pages import address, browser, main

WANTED = {
    "given_name": "Nell",
    "family_name": "Newcomer",
    "email": "new@school.example",
    "person": "not_listed",
    "role": "deputy_dsl",
    "starts_on": NOW.date().isoformat(),
}


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


def asked(cast: Cast) -> Approval:
    answer = browser(cast.administrator).post(address("member-add", cast.school), WANTED)
    assert answer["Location"] == address("approval-list", cast.school)
    found: Approval = Approval.objects.get()
    return found


def answer_to(cast: Cast, approval: Approval, name: str, deed: str, **said: str) -> object:
    where = reverse(f"approval-{deed}", kwargs={"school": cast.school.slug, "approval_id": approval.pk})
    return browser(cast[name]).post(where, said, follow=True)


def test_a_role_that_is_given_waits_on_the_page_and_on_my_day_until_somebody_agrees(cast: Cast) -> None:
    row = asked(cast)

    own = main(browser(cast.administrator).get(address("approval-list", cast.school)))
    assert "Charles Chair" in own
    assert "Take it back" in own
    assert ">Agree<" not in own
    assert "Waits for you to agree" in main(browser(cast.head).get(address("school-home", cast.school)))
    assert "Waits for you to agree" not in main(browser(cast.deputy).get(address("school-home", cast.school)))
    assert "Nell Newcomer" in main(browser(cast.head).get(address("approval-list", cast.school)))

    assert "You agreed" in main(answer_to(cast, row, "head", "agree"))

    assert User.objects.get(email="new@school.example").memberships.get().role == "deputy_dsl"
    assert "Agreed by" in main(browser(cast.chair).get(address("approval-list", cast.school)))


def test_no_without_words_is_refused_and_with_words_is_kept(cast: Cast) -> None:
    row = asked(cast)

    assert "Write down why not." in main(answer_to(cast, row, "head", "decline"))
    answer_to(cast, row, "head", "decline", **{f"{row.pk}-reason": "We have one."})

    row.refresh_from_db()
    assert (row.is_agreed, row.answer) == (False, "We have one.")
    assert "We have one." in main(browser(cast.administrator).get(address("approval-list", cast.school)))


def test_whoever_asked_takes_it_back_and_nobody_agrees_to_their_own(cast: Cast) -> None:
    row = asked(cast)

    assert answer_to(cast, row, "administrator", "agree").status_code == 403  # type: ignore[attr-defined]
    answer_to(cast, row, "administrator", "decline")

    assert "Taken back" in main(browser(cast.head).get(address("approval-list", cast.school)))


def test_the_end_of_a_role_is_asked_for_with_a_reason_and_who_could_agree_is_named(cast: Cast) -> None:
    held = Membership.objects.get(user=cast.deputy)
    where = address("member-end", cast.school, membership_id=held.pk)
    client = browser(cast.administrator)

    assert "Dora Safe" in main(client.get(where))
    assert "Write down why." in main(client.post(where))
    client.post(where, {"reason": "She leaves."})

    row = Approval.objects.get()
    assert (row.reason, row.kind, row.target) == ("She leaves.", "end_role", held.pk)
    page = main(browser(cast.dsl).get(address("approval-list", cast.school)))
    assert "She leaves." in page
    answer_to(cast, row, "dsl", "agree")
    held.refresh_from_db()
    assert held.ends_on is not None


def test_what_is_about_somebody_is_not_there_for_them(cast: Cast) -> None:
    where = address("member-end", cast.school, membership_id=Membership.objects.get(user=cast.chair).pk)
    browser(cast.administrator).post(where, {"reason": "He leaves."})
    row = Approval.objects.get()

    assert "He leaves." not in main(browser(cast.chair).get(address("approval-list", cast.school)))
    assert answer_to(cast, row, "chair", "agree").status_code == 404  # type: ignore[attr-defined]
    assert "He leaves." in main(browser(cast.trust_lead).get(address("approval-list", cast.school)))


def test_a_role_that_reads_no_case_ends_at_one_press(cast: Cast) -> None:
    held = Membership.objects.get(user=cast.colleague)
    where = address("member-end", cast.school, membership_id=held.pk)

    assert "End the role" in main(browser(cast.administrator).get(where))
    browser(cast.administrator).post(where)

    held.refresh_from_db()
    assert held.ends_on is not None
