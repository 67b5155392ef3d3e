"""The page of the school's duties: who sees it, what it shows, who settles a round."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from policies.models import SchoolDuty
from policies.operations import adoptions, duties
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_member
from tests.incidents.pages import address, browser, main, title, words

TODAY = NOW.date()
DONE = {"done-done_on": "2026-11-16", "done-evidence": "Minute 7 of the governors"}


@pytest.fixture(autouse=True)
def _at_half_past_eight(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def rounds(cast: Cast) -> dict[str, SchoolDuty]:
    """Adopt the starter; one duty is late, one was done, one is not needed."""
    begun = NOW - timedelta(days=40)
    adoptions.adopt(school=cast.school, pack_id="starter", starts_on=begun.date(), at=begun, by=cast.head, note="Yes")
    found = {row.duty_key: row for row in SchoolDuty.objects.for_school(cast.school)}
    duties.discharge(duty=found["policy-review"], by=cast.dsl, at=NOW, evidence="Approved on Monday.", done_on=TODAY)
    duties.waive(duty=found["contacts-check"], by=cast.head, at=NOW, reason="The cards are new.")
    return {row.duty_key: row for row in SchoolDuty.objects.for_school(cast.school).order_by("-settled_at")}


def page_of(cast: Cast, who: str, name: str = "duty-list", **kwargs: Any) -> Any:
    return browser(cast[who]).get(address(name, cast.school, **kwargs))


def post(cast: Cast, who: str, name: str, duty: SchoolDuty, data: dict[str, str], **other: Any) -> Any:
    return browser(cast[who]).post(address(name, cast.school, duty_id=duty.pk), data, **other)


@pytest.mark.parametrize(
    "who", ["head", "dsl", "deputy", "online_safety_lead", "chair", "governor", "ict", "trust_lead"]
)
def test_whoever_owns_or_oversees_duties_sees_them_all(cast: Cast, rounds: dict[str, SchoolDuty], who: str) -> None:
    page = main(page_of(cast, who))

    headings = ["Overdue", "Due within thirty days", "Due later", "Done within a year"]
    places = [page.index(f">{heading}</h2>") for heading in headings]
    assert places == sorted(places)
    late, done = page[places[0] : places[1]], page[places[3] :]
    assert rounds["filtering-check"].text in late
    assert "ICT technician" in late
    assert "entry in the register of checks" in late
    assert "/s/oakfield/policies/packs/#starter--our-filter-check" in late
    assert "Approved on Monday." in done
    assert "17 November 2026" in done
    assert "The cards are new." in done
    assert "Not needed" in done


@pytest.mark.parametrize("who", ["teacher", "colleague"])
def test_plain_staff_need_it_not_and_outsiders_find_nothing(
    cast: Cast, rounds: dict[str, SchoolDuty], who: str
) -> None:
    one = rounds["filtering-check"]
    for name, kwargs in (("duty-list", {}), ("duty-detail", {"duty_id": one.pk}), ("feed-detail", {})):
        assert page_of(cast, who, name, **kwargs).status_code == 403
        assert page_of(cast, "next_door_dsl", name, **kwargs).status_code == 404
        assert page_of(cast, "dsl", name, **kwargs).status_code == 200
    assert post(cast, who, "duty-done", one, DONE).status_code == 403
    assert post(cast, "next_door_dsl", "duty-done", one, DONE).status_code == 404
    foreign = browser(cast.next_door_dsl).get(address("duty-detail", cast.next_door, duty_id=one.pk))
    assert foreign.status_code == 404


def test_a_school_without_a_policy_is_told_so(cast: Cast) -> None:
    assert "The school has not adopted a policy yet" in main(page_of(cast, "head"))
    assert "Adopt a policy" in main(page_of(cast, "head"))
    assert "Adopt a policy" not in main(page_of(cast, "governor"))


@pytest.mark.parametrize("who", ["ict_technician", "head", "dsl", "deputy"])
def test_the_owner_and_those_who_look_after_all_record_it_as_done(
    cast: Cast, rounds: dict[str, SchoolDuty], who: str
) -> None:
    one = rounds["filtering-check"]
    if who == "ict_technician":
        make_member(school=cast.school, role=Role.ICT_TECHNICIAN, user=cast.colleague)
        who = "colleague"
    assert "Record it as done" in main(page_of(cast, who, "duty-detail", duty_id=one.pk))

    answer = post(cast, who, "duty-done", one, DONE, follow=True)

    one.refresh_from_db()
    assert "It is recorded as done." in words(answer)
    assert (one.state, one.settled_by, one.reason) == (State.DONE, cast[who], "Minute 7 of the governors")
    settled = main(page_of(cast, who, "duty-detail", duty_id=one.pk))
    assert "Record it as done" not in settled
    assert f"16 November 2026, recorded by {cast[who].full_name} today 8:25" in settled


@pytest.mark.parametrize("who", ["ict", "governor", "chair", "online_safety_lead", "administrator"])
def test_others_see_it_and_cannot_settle_it(cast: Cast, rounds: dict[str, SchoolDuty], who: str) -> None:
    one = rounds["filtering-check"]

    page = main(page_of(cast, who, "duty-detail", duty_id=one.pk))

    assert one.text in page
    assert "<form" not in page
    assert post(cast, who, "duty-done", one, DONE).status_code == 403
    assert post(cast, who, "duty-waive", one, {"waive-reason": "No time"}).status_code == 403
    assert SchoolDuty.objects.get(pk=one.pk).state == State.OPEN


@pytest.mark.parametrize("who", ["governor", "chair"])
def test_what_the_governors_owe_any_of_them_records(cast: Cast, who: str) -> None:
    adoptions.adopt(
        school=cast.school, pack_id="canterbury-cross-2023", starts_on=TODAY, at=NOW, by=cast.head, note="Yes"
    )
    meeting = SchoolDuty.objects.get(duty_key="trustees-meeting")
    other = SchoolDuty.objects.get(duty_key="security-check")

    assert post(cast, who, "duty-done", meeting, DONE).status_code == 302
    assert post(cast, who, "duty-done", other, DONE).status_code == 403


def test_a_role_that_ended_settles_nothing_any_more(cast: Cast, rounds: dict[str, SchoolDuty]) -> None:
    cast.head.memberships.update(ends_on=TODAY - timedelta(days=1))

    assert post(cast, "head", "duty-done", rounds["filtering-check"], DONE).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("duty-done", DONE | {"done-evidence": " "}, "Write down what shows that it was done"),
        ("duty-done", DONE | {"done-done_on": ""}, "Say on which day it was done"),
        ("duty-done", DONE | {"done-done_on": "soon"}, "That is not a date"),
        ("duty-done", DONE | {"done-done_on": "2026-11-18"}, "That day is still to come"),
        ("duty-done", DONE | {"done-done_on": "2026-09-01"}, "counts for an earlier round"),
        ("duty-waive", {"waive-reason": ""}, "Write down why this is not done this time"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(
    cast: Cast, rounds: dict[str, SchoolDuty], name: str, data: dict[str, str], sentence: str
) -> None:
    answer = post(cast, "dsl", name, rounds["filtering-check"], data)

    assert sentence in words(answer)
    assert title(answer).startswith("Error: A duty of the school")
    if data.get("done-evidence", " ").strip():
        assert "Minute 7 of the governors" in main(answer)
    assert SchoolDuty.objects.get(pk=rounds["filtering-check"].pk).state == State.OPEN


def test_it_is_decided_that_a_round_is_not_needed(cast: Cast, rounds: dict[str, SchoolDuty]) -> None:
    one = rounds["filtering-check"]

    answer = post(cast, "head", "duty-waive", one, {"waive-reason": "Half-term"}, follow=True)

    assert "It is recorded that this is not done this time" in words(answer)
    assert SchoolDuty.objects.get(pk=one.pk).state == State.WAIVED
    assert post(cast, "head", "duty-done", one, DONE).status_code == 403


def test_the_page_asks_no_more_of_the_database_for_more_rounds(cast: Cast, rounds: dict[str, SchoolDuty]) -> None:
    client, page = browser(cast.dsl), address("duty-list", cast.school)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for row in SchoolDuty.objects.for_school(cast.school).outstanding():
        duties.discharge(duty=row, by=cast.dsl, at=NOW, evidence="Done.", done_on=TODAY)
    with CaptureQueriesContext(connection) as many:
        client.get(page)

    assert len(many) == len(few)
