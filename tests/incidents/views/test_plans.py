"""The pages of plans: written, read version by version, reviewed and ended by whoever works on the case."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from incidents.care import PlanKind
from incidents.models import Incident, Plan, PlanVersion
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.operations.test_actions import close
from tests.incidents.operations.test_contacts import part
from tests.incidents.operations.test_plans import review, write
from tests.incidents.pages import browser, case_address, main, title, value_of, words
from tests.incidents.views.test_actions import OTHERS
from tests.incidents.views.test_incidents_queries import count, settled

LIST, DETAIL = 12, 12
SAID = {
    "worries": "The <i>bus</i> & the gate",
    "measures": "Mr Cole walks along.",
    "wishes": "",
    "review_on": "2026-11-20",
}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case in which one pupil was harmed and another is said to have done it."""
    named = [make_person(school=cast.school, name=name) for name in ("Amira Hadley", "Ben Reed")]
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(named[0]), alleged(named[1])])


def add(cast: Cast, case: Incident, kind: str = "support", *, by: str = "dsl", **changes: Any) -> Any:
    sent = {**SAID, "pupil": str(part(case, "Amira Hadley").pk), **changes}
    return browser(cast[by]).post(case_address("plan-add", case, plan_kind=kind), sent)


@pytest.mark.parametrize("kind", list(PlanKind))
def test_a_plan_is_written_and_stands_in_the_list(cast: Cast, case: Incident, kind: PlanKind) -> None:
    form = browser(cast.dsl).get(case_address("plan-add", case, plan_kind=kind.value))
    assert kind.purpose in words(form)

    answer = add(cast, case, kind.value, likelihood="likely")

    plan = Plan.objects.get()
    assert answer["Location"] == case_address("plan-detail", case, plan_id=plan.pk)
    page = main(browser(cast.deputy).get(answer["Location"]))
    for stands in (
        SAID["worries"],
        SAID["measures"],
        "Amira Hadley",
        "As it stands",
        "20 November 2026",
        "Due in 3 days",
    ):
        assert stands in page
    assert ("Likely" in page) == (kind is PlanKind.RISK)
    listed = main(browser(cast.dsl).get(case_address("plan-list", case)))
    assert kind.label in listed
    assert SAID["measures"] in listed


def test_a_review_adds_a_version_beside_the_one_before(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)
    target = case_address("plan-review", case, plan_id=plan.pk)
    client = browser(cast.deputy)
    form = client.get(target)
    assert value_of(form, "measures") == "Mr Cole walks with her."

    sent = {**SAID, "found": "She is well.", "after": "1", "review_on": "2026-12-04", "measures": "She walks alone."}
    answer = client.post(target, sent)

    assert answer.status_code == 302
    page = main(client.get(answer["Location"]))
    for stands in ("She walks alone.", "Mr Cole walks with her.", "She is well.", "As it stands", "Version 1"):
        assert stands in page
    late = client.post(target, sent)
    assert "Somebody else has reviewed this plan meanwhile." in words(late)
    assert value_of(late, "measures") == "She walks alone."


def test_a_plan_ends_with_a_reason(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)
    target = case_address("plan-end", case, plan_id=plan.pk)
    client = browser(cast.dsl)

    refused = client.post(target, {"end-reason": " "})
    ended = client.post(target, {"end-reason": "She has left."})

    assert "Write down why the plan ends." in words(refused)
    assert ended["Location"] == case_address("plan-list", case)
    assert "Ended (1)" in main(client.get(ended["Location"]))
    page = main(client.get(case_address("plan-detail", case, plan_id=plan.pk)))
    assert "She has left." in page
    assert "Review it" not in page
    assert "This plan has ended." in words(client.post(target, {"end-reason": "Again"}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pupil": ""}, "Choose who it is for."),
        ({"measures": ""}, "Write down what is done, and who does it."),
        ({"review_on": "2026-11-16"}, "That day is over. Choose a later one."),
    ],
)
def test_a_refusal_keeps_everything_that_was_typed(
    cast: Cast, case: Incident, changes: dict[str, str], sentence: str
) -> None:
    answer = add(cast, case, **changes)

    assert sentence in words(answer)
    assert title(answer).startswith("Error: ")
    assert value_of(answer, "worries") == SAID["worries"]
    assert not Plan.objects.exists()


def test_on_a_closed_case_the_page_says_why_nothing_is_planned(cast: Cast, case: Incident) -> None:
    close(cast, case)

    assert "This case is closed." in main(browser(cast.dsl).get(case_address("plan-list", case)))
    refused = add(cast, case)
    assert "This case is closed. Open it again first." in words(refused)
    assert value_of(refused, "worries") == SAID["worries"]


def test_there_is_no_other_kind_and_no_other_cases_plan(cast: Cast, case: Incident) -> None:
    other = make_incident(school=cast.school, by=cast.teacher)
    plan = write(cast, case)
    client = browser(cast.dsl)

    assert client.get(case_address("plan-add", case, plan_kind="party")).status_code == 404
    for name in ("plan-detail", "plan-review"):
        assert client.get(case_address(name, other, plan_id=plan.pk)).status_code == 404
        assert client.get(case_address(name, case, plan_id=uuid.uuid4())).status_code == 404
    assert client.post(case_address("plan-end", other, plan_id=plan.pk), {"end-reason": "x"}).status_code == 404


@pytest.mark.parametrize("by", OTHERS)
def test_to_everybody_else_there_is_no_such_page(cast: Cast, case: Incident, by: str) -> None:
    plan = write(cast, case)
    client = browser(cast[by])

    for name, values in (
        ("plan-list", {}),
        ("plan-add", {"plan_kind": "support"}),
        ("plan-detail", {"plan_id": plan.pk}),
        ("plan-review", {"plan_id": plan.pk}),
    ):
        assert client.get(case_address(name, case, **values)).status_code in (403, 404)
    assert client.post(case_address("plan-end", case, plan_id=plan.pk), {"end-reason": "x"}).status_code in (403, 404)
    assert add(cast, case, by=by).status_code in (403, 404)
    assert Plan.objects.filter(ended_at__isnull=True).count() == 1


def test_the_pages_ask_as_often_for_many_as_for_one(cast: Cast, case: Incident) -> None:
    client = settled(browser(cast.dsl), cast)
    plan = write(cast, case)
    targets = [case_address("plan-list", case), case_address("plan-detail", case, plan_id=plan.pk)]
    for target in targets:
        client.get(target)
    few = [count(lambda target=target: client.get(target)) for target in targets]  # type: ignore[misc]
    for number in range(8):
        write(cast, case, name="Ben Reed" if number % 2 else None)
        review(cast, plan, after=number + 1, at=NOW + timedelta(days=3))

    many = [count(lambda target=target: client.get(target)) for target in targets]  # type: ignore[misc]

    assert PlanVersion.objects.count() == 17
    assert few == many == [LIST, DETAIL]
