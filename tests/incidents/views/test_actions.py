"""The page of what is to be done on a case: set, moved and settled by whoever works on it; nobody else knows of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import AuditEvent
from incidents.models import Incident, Obligation
from incidents.operations import actions
from incidents.statuses import Undertaking
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.operations.test_actions import FRIDAY, WORDS, close, undertake
from tests.incidents.operations.test_plans import write
from tests.incidents.pages import address, browser, case_address, main, title, value_of, words
from tests.incidents.views.test_incidents_queries import count, settled

LIST = 11
OTHERS = ("teacher", "colleague", "head", "chair", "governor", "ict", "administrator", "trust_lead")


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a new case about a pupil."""
    return make_incident(school=cast.school, by=cast.teacher)


def add(cast: Cast, case: Incident, *, by: str = "dsl", **changes: str) -> Any:
    data = {"words": WORDS, "assignee": str(cast.deputy.pk), "due_date": "2026-11-20", **changes}
    return browser(cast[by]).post(case_address("action-add", case), data)


def listed(cast: Cast, case: Incident, by: str = "dsl") -> str:
    return main(browser(cast[by]).get(case_address("action-list", case)))


@pytest.mark.parametrize("by", ["dsl", "deputy", "online_safety_lead"])
def test_whoever_works_on_the_case_sets_what_is_to_be_done_by_the_end_of_a_school_day(
    cast: Cast, case: Incident, by: str
) -> None:
    answer = add(cast, case, by=by)

    assert answer["Location"] == case_address("action-list", case)
    row = Obligation.objects.get(incident=case, pack_id="")
    assert (row.asks, row.assignee, row.due_at) == (WORDS, cast.deputy, FRIDAY)
    page = listed(cast, case)
    for stands in (WORDS, "For: Dennis Deputy", "Due in 3 days", "20 November 2026, 16:00"):
        assert stands in page


def test_in_summer_the_school_day_ends_an_hour_earlier_by_the_sun(cast: Cast, case: Incident) -> None:
    add(cast, case, due_date="2027-06-04")

    assert Obligation.objects.get(incident=case, pack_id="").due_at == datetime(2027, 6, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": ""}, "Write down what is to be done."),
        ({"due_date": "2026-11-16"}, "That day is over. Choose a later one."),
        ({"assignee": "nobody"}, "Choose somebody in the list."),
    ],
)
def test_a_refusal_keeps_everything_that_was_typed(
    cast: Cast, case: Incident, changes: dict[str, str], sentence: str
) -> None:
    answer = add(cast, case, **{"words": "Ring <home> & ask", **changes})

    assert sentence in words(answer)
    assert title(answer).startswith("Error: ")
    assert value_of(answer, "words") == changes.get("words", "Ring <home> & ask")
    assert not Obligation.objects.filter(incident=case, pack_id="").exists()


def test_today_is_over_when_the_school_has_closed(cast: Cast, case: Incident, clock: Any) -> None:
    clock.at = NOW.replace(hour=16, minute=1)

    answer = add(cast, case, due_date="2026-11-17")

    assert "That day is over. Choose a later one." in words(answer)
    assert value_of(answer, "due_date") == "2026-11-17"


def test_the_date_moves_with_a_reason(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case)
    target = case_address("action-move", case, action_id=row.pk)
    client = browser(cast.deputy)

    refused = client.post(target, {f"move-{row.pk}-due_date": "2026-11-27", f"move-{row.pk}-reason": ""})
    moved = client.post(target, {f"move-{row.pk}-due_date": "2026-11-27", f"move-{row.pk}-reason": "She is ill."})

    assert "Write down why the date moves." in words(refused)
    assert value_of(refused, f"move-{row.pk}-due_date") == "2026-11-27"
    assert moved.status_code == 302
    row.refresh_from_db()
    assert row.due_at == FRIDAY + timedelta(days=7)


@pytest.mark.parametrize(("deed", "state"), [("done", State.DONE), ("waive", State.WAIVED)])
def test_it_is_ticked_off_and_leads_back_to_the_actions(cast: Cast, case: Incident, deed: str, state: State) -> None:
    row = undertake(cast, case)
    target = address("obligation-settle", cast.school, obligation_id=row.pk, deed=deed)

    answer = browser(cast.dsl).post(target, {f"duty-{row.pk}-words": "Rang twice.", "back": "actions"})

    assert answer["Location"] == case_address("action-list", case)
    row.refresh_from_db()
    assert (row.state, row.reason) == (state, "Rang twice.")
    page = listed(cast, case)
    assert "Rang twice." in page
    assert "Nothing is set on this case" in page


def test_refused_there_it_is_shown_there(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case)
    target = address("obligation-settle", cast.school, obligation_id=row.pk, deed="waive")

    answer = browser(cast.dsl).post(target, {f"duty-{row.pk}-words": "", "back": "actions"})

    assert "Write down why this is not done." in words(answer)
    assert "<h1" in main(answer)
    assert "Set something" in main(answer)


def test_a_duty_of_the_policy_leads_back_to_the_case_whatever_the_browser_says(cast: Cast, case: Incident) -> None:
    duty = Obligation.objects.get(incident=case, key="do:support_pupil")
    target = address("obligation-settle", cast.school, obligation_id=duty.pk, deed="done")

    assert browser(cast.dsl).post(target, {"back": "actions"})["Location"] == case_address("incident-detail", case)


def test_what_the_policy_asks_does_not_stand_among_the_actions_nor_another_cases(cast: Cast, case: Incident) -> None:
    undertake(cast, make_incident(school=cast.school, by=cast.teacher), words="Of another case")

    page = listed(cast, case)

    assert "Of another case" not in page
    assert Obligation.objects.get(incident=case, key="do:support_pupil").text not in page


def test_another_cases_action_does_not_move_from_here(cast: Cast, case: Incident) -> None:
    other = undertake(cast, make_incident(school=cast.school, by=cast.teacher))
    target = case_address("action-move", case, action_id=other.pk)
    data = {f"move-{other.pk}-due_date": "2026-11-27", f"move-{other.pk}-reason": "Later."}

    assert browser(cast.dsl).post(target, data).status_code == 404


@pytest.mark.parametrize("by", [*OTHERS])
def test_to_everybody_else_there_is_no_such_page(cast: Cast, case: Incident, by: str) -> None:
    row = undertake(cast, case)
    client = browser(cast[by])

    assert client.get(case_address("action-list", case)).status_code in (403, 404)
    assert add(cast, case, by=by).status_code in (403, 404)
    assert client.post(case_address("action-move", case, action_id=row.pk), {}).status_code in (403, 404)
    assert Obligation.objects.filter(pack_id="").count() == 1


def test_a_closed_case_says_why_nothing_is_set(cast: Cast, case: Incident) -> None:
    undertake(cast, case)
    close(cast, case)

    page = listed(cast, case)
    assert "This case is closed. Open it again before you set anything." in page
    assert re.search(r"Not needed.*It was not needed\.", page, re.DOTALL)
    refused = add(cast, Incident.objects.get(pk=case.pk))
    assert "This case is closed. Open it again first." in words(refused)


def test_a_plan_is_reviewed_by_writing_its_next_version(cast: Cast, case: Incident) -> None:
    plan = write(cast, case, name=None)

    page = listed(cast, case)

    assert case_address("plan-review", case, plan_id=plan.pk) in page
    due = Obligation.objects.get(incident=case, kind="review")
    assert address("obligation-settle", cast.school, obligation_id=due.pk, deed="done") not in page


def test_reading_the_page_is_recorded(cast: Cast, case: Incident) -> None:
    listed(cast, case, "deputy")

    read = AuditEvent.objects.get(event="incident.read")
    assert read.actor_name == "Dennis Deputy"


def test_the_page_asks_as_often_for_many_as_for_one(cast: Cast, case: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    target = case_address("action-list", case)
    undertake(cast, case, assignee=cast.deputy)
    client.get(target)

    with_one = count(lambda: client.get(target))
    for number in range(20):
        actions.undertake(
            incident=case,
            kind=Undertaking.ACTION,
            words=f"Action {number}",
            due_at=FRIDAY,
            assignee=cast.deputy if number % 2 else None,
            by=cast.dsl,
            at=NOW,
        )

    assert with_one == count(lambda: client.get(target)) == LIST
