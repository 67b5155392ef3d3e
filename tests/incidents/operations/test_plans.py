"""Plans: written, reviewed, ended; each version stays, a review is owed, and what the policy asks is done by it."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.errors import Refused
from incidents.care import Likelihood, PlanKind
from incidents.models import Incident, Obligation, Plan, PlanVersion
from incidents.operations import plans
from incidents.operations.plans import PlanText
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.asking import ask_for, owed
from tests.incidents.operations.test_actions import FRIDAY, close
from tests.incidents.operations.test_contacts import part

WEEK = timedelta(days=7)
TEXT = PlanText("She is afraid of the bus.", "Mr Cole walks with her.", date(2026, 11, 20), "To sit in front.")
RISK = replace(TEXT, likelihood=Likelihood.POSSIBLE)
SUPPORT, ASSESS = "do:support_pupil", "do:risk_assessment"


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case in which one pupil was harmed and another is said to have done it."""
    named = [make_person(school=cast.school, name=name) for name in ("Amira Hadley", "Ben Reed")]
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(named[0]), alleged(named[1])])


def write(
    cast: Cast,
    case: Incident,
    kind: PlanKind = PlanKind.SUPPORT,
    name: str | None = "Amira Hadley",
    text: PlanText = TEXT,
    **changes: Any,
) -> Plan:
    details = {"plan_id": uuid.uuid4(), "by": cast.dsl, "at": NOW, **changes}
    return plans.write(incident=case, kind=kind, pupil=part(case, name) if name else None, text=text, **details)


def review(cast: Cast, plan: Plan, **changes: Any) -> PlanVersion:
    text = replace(TEXT, measures="She walks alone now.", review_on=date(2026, 11, 27))
    details = {"after": 1, "text": text, "found": "She is well.", "by": cast.deputy, "at": NOW + WEEK, **changes}
    return plans.review(plan=plan, **details)


def reviews(case: Incident) -> list[tuple[str, Any, str | None]]:
    rows = Obligation.objects.filter(incident=case, kind="review").order_by("starts_at")
    return [(row.state, row.due_at, row.words) for row in rows]


def test_a_plan_is_kept_and_owed_a_review_on_the_day_it_names(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)

    version = PlanVersion.objects.get()
    assert (version.plan, version.number, version.worries, version.measures) == (plan, 1, TEXT.worries, TEXT.measures)
    assert (version.wishes, version.likelihood, version.found, version.written_by) == (TEXT.wishes, "", None, cast.dsl)
    assert reviews(case) == [(State.OPEN, FRIDAY, "Review the support plan for Amira Hadley")]
    assert case.chronology.get(event="incident.plan_written").text == (
        "Support plan for Amira Hadley. She is afraid of the bus.\nWhat we do: Mr Cole walks with her.\n"
        "What the child wants: To sit in front.\nTo be reviewed by 20 November 2026."
    )


def test_supporting_every_pupil_is_done_once_each_has_a_plan(cast: Cast, case: Incident) -> None:
    write(cast, case)
    assert owed(case, SUPPORT).state == State.OPEN

    write(cast, case, PlanKind.SAFETY, "Ben Reed")

    row = owed(case, SUPPORT)
    assert (row.state, row.settled_by, row.reason) == (State.DONE, cast.dsl, "Safety plan for Ben Reed written.")


def test_one_plan_for_everybody_supports_every_pupil(cast: Cast, case: Incident) -> None:
    write(cast, case, name=None)

    assert owed(case, SUPPORT).state == State.DONE


def test_a_risk_assessment_is_what_the_policy_asks_and_supports_nobody(cast: Cast, case: Incident) -> None:
    ask_for(case, ASSESS)

    write(cast, case, PlanKind.RISK, None, RISK)

    assert owed(case, ASSESS).state == State.DONE
    assert owed(case, SUPPORT).state == State.OPEN
    assert PlanVersion.objects.get().likelihood_label == "Possible"


@pytest.mark.parametrize(
    ("text", "state"), [("Write a risk assessment or a safety plan", State.DONE), ("Assess it", State.OPEN)]
)
def test_a_safety_plan_will_do_where_the_policy_says_so(cast: Cast, case: Incident, text: str, state: State) -> None:
    ask_for(case, ASSESS, text=text)

    write(cast, case, PlanKind.SAFETY)

    assert owed(case, ASSESS).state == state


def test_what_waits_for_something_else_is_not_done_by_a_plan(cast: Cast, case: Incident) -> None:
    ask_for(case, "consult:police")
    ask_for(case, ASSESS, after_key="consult:police")

    write(cast, case, PlanKind.RISK, None, RISK)

    assert owed(case, ASSESS).state == State.OPEN


def test_a_review_adds_a_version_and_owes_the_next(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)

    review(cast, plan, at=NOW + timedelta(days=3))

    first, second = PlanVersion.objects.order_by("number")
    assert (first.measures, second.measures) == ("Mr Cole walks with her.", "She walks alone now.")
    assert (second.number, second.found, second.written_by) == (2, "She is well.", cast.deputy)
    assert [(state, due) for state, due, _ in reviews(case)] == [(State.DONE, FRIDAY), (State.OPEN, FRIDAY + WEEK)]
    assert case.chronology.get(event="incident.plan_reviewed").text.endswith("\nThe review found: She is well.")


def test_two_who_review_at_once_do_not_write_over_each_other(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)
    review(cast, plan, at=NOW + timedelta(days=3))

    with pytest.raises(Refused, match="Somebody else has reviewed this plan"):
        review(cast, plan, at=NOW + timedelta(days=3))

    assert PlanVersion.objects.count() == 2


def test_a_plan_ends_with_a_reason_and_nobody_reviews_it_any_more(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)

    plans.end(plan=plan, reason="She has changed school.", by=cast.deputy, at=NOW + WEEK)

    plan.refresh_from_db()
    assert (plan.ended_at, plan.ended_by, plan.end_reason) == (NOW + WEEK, cast.deputy, "She has changed school.")
    assert [state for state, _, _ in reviews(case)] == [State.WAIVED]
    for attempt in (lambda: review(cast, plan), lambda: plans.end(plan=plan, reason="Again", by=cast.dsl, at=NOW)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "plan_ended"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (PlanKind.SUPPORT, replace(TEXT, worries=" "), "worries_missing"),
        (PlanKind.SAFETY, replace(TEXT, measures="\n"), "measures_missing"),
        (PlanKind.RISK, TEXT, "likelihood_missing"),
        (PlanKind.SUPPORT, replace(TEXT, review_on=date(2026, 11, 16)), "due_passed"),
    ],
)
def test_a_plan_that_says_too_little_is_refused(
    cast: Cast, case: Incident, kind: PlanKind, text: PlanText, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        write(cast, case, kind, text=text)

    assert refused.value.code == code
    assert not Plan.objects.exists()
    assert not case.chronology.filter(event__startswith="incident.plan").exists()


def test_a_review_says_what_it_found_and_an_end_why(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)

    with pytest.raises(Refused) as refused:
        review(cast, plan, found=" ")
    assert refused.value.code == "found_missing"
    with pytest.raises(Refused) as refused:
        plans.end(plan=plan, reason="", by=cast.dsl, at=NOW)
    assert refused.value.code == "reason_missing"


def test_on_a_closed_case_nothing_is_planned(cast: Cast, case: Incident) -> None:
    plan = write(cast, case)
    close(cast, case)

    for attempt in (lambda: write(cast, case), lambda: review(cast, plan)):
        with pytest.raises(Refused, match="closed"):
            attempt()


def test_sent_twice_it_is_written_once(cast: Cast, case: Incident) -> None:
    plan_id = uuid.uuid4()

    assert write(cast, case, plan_id=plan_id) == write(cast, case, plan_id=plan_id)

    assert PlanVersion.objects.count() == 1
    assert len(reviews(case)) == 1


def test_a_version_is_never_changed(cast: Cast, case: Incident) -> None:
    write(cast, case)
    version = PlanVersion.objects.get()
    version.measures = "Nothing"

    with pytest.raises(Refused, match="only ever added to"):
        version.save()
