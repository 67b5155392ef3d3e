"""A duty alone: a role that may not open the case sees what it has to do, does it, and learns nothing else."""

import uuid

import pytest

from accounts.models import Relation
from accounts.operations import people
from incidents.models import Incident, Obligation
from policies.engine.vocabulary import Strength
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of
from tests.incidents.pages import address, browser, case_address, main, words
from tests.incidents.views.test_obligations import OTHERS, SAID, act, alone, of_role, owed


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a new case about a pupil."""
    return make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school))])


def test_a_role_that_may_not_open_the_case_does_its_duty_and_learns_nothing_else(cast: Cast) -> None:
    pupil = make_person(school=cast.school, name="Amira Hadley")
    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)], narrative="A marmalade bus.")
    duty = of_role(case, "network_manager")

    page = alone(cast, duty, by="ict")
    shown = words(page)
    answer = act(cast, duty, "done", SAID, by="ict")

    assert page.status_code == 200
    for stands in (duty.text, duty.clause, "Due in 1 h", "Network manager"):
        assert stands in shown
    for secret in (case.reference, "Hadley", "marmalade", "Tessa Teacher", duty.why, "Content", str(case.pk)):
        assert secret not in shown
    assert answer["Location"] == address("obligation-list", cast.school)
    row = owed(case, duty.key)
    assert (row.state, row.settled_by, row.reason) == (State.DONE, cast.ict, SAID)
    assert case.reference not in words(browser(cast.ict).get(answer["Location"]))
    assert SAID in words(browser(cast.dsl).get(case_address("incident-detail", case)))
    assert "There is nothing left to do here." in words(alone(cast, duty, by="ict"))


@pytest.mark.parametrize("by", [name for name in OTHERS if name != "ict"])
def test_another_role_has_no_such_duty(cast: Cast, case: Incident, by: str) -> None:
    duty = of_role(case, "network_manager")

    assert alone(cast, duty, by=by).status_code == 404
    assert act(cast, duty, "done", SAID, by=by).status_code == 404
    assert act(cast, duty, "done", SAID, by="ict").status_code == 302


@pytest.mark.parametrize("deed", ["waive", "pause", "resume", "nonsense"])
def test_alone_a_duty_is_done_or_left(cast: Cast, case: Incident, deed: str) -> None:
    duty = of_role(case, "network_manager", until="police_advice")

    assert act(cast, duty, deed, SAID, by="ict").status_code == 404
    assert owed(case, duty.key).state == State.OPEN


@pytest.mark.parametrize("kind", ["is accused", "is a relative of the accused"])
def test_nobody_has_a_duty_in_a_case_about_them(cast: Cast, kind: str) -> None:
    ict, sibling = person_of(cast.ict, cast.school), make_person(school=cast.school)
    people.relate(person=ict, related=sibling, relation=Relation.SIBLING, at=NOW)
    accused = ict if kind == "is accused" else sibling
    others = make_incident(school=cast.school, by=cast.teacher)
    named = [harmed(make_person(school=cast.school)), alleged(accused)]
    # Handled by the safeguarding team whoever is accused, as if the case had been passed back to it.
    case = make_incident(school=cast.school, by=cast.teacher, people=named)
    Incident.objects.filter(pk=case.pk).update(handled_by="dsl")
    about_them, about_others = of_role(case, "network_manager"), of_role(others, "network_manager")

    assert alone(cast, about_others, by="ict").status_code == 200
    assert alone(cast, about_them, by="ict").status_code == 404
    assert act(cast, about_them, "done", SAID, by="ict").status_code == 404
    listed = words(browser(cast.ict).get(address("obligation-list", cast.school)))
    assert str(about_others.pk) in listed
    assert str(about_them.pk) not in listed


@pytest.mark.parametrize("changes", [{"kind": "notify"}, {"strength": Strength.MUST_NOT}, {"owner_role": "staff"}])
def test_what_tells_itself_or_only_forbids_or_is_everybodys_has_no_page(
    cast: Cast, case: Incident, changes: dict[str, object]
) -> None:
    assert alone(cast, of_role(case, "network_manager"), by="ict").status_code == 200

    assert alone(cast, of_role(case, "network_manager", **changes), by="ict").status_code == 404


def test_on_a_case_few_may_know_of_no_other_role_has_a_duty(cast: Cast, case: Incident) -> None:
    duty = of_role(case, "network_manager")
    assert alone(cast, duty, by="ict").status_code == 200

    Incident.objects.filter(pk=case.pk).update(handled_by="headteacher")

    assert alone(cast, duty, by="ict").status_code == 404
    assert act(cast, duty, "done", SAID, by="ict").status_code == 404
    assert act(cast, duty, "done", by="head").status_code == 302


def test_whoever_logged_it_does_what_the_policy_asks_of_them(cast: Cast, case: Incident) -> None:
    duty = of_role(case, "reporter")

    assert alone(cast, duty, by="colleague").status_code == 404
    assert act(cast, duty, "done", by="colleague").status_code == 404
    assert case.reference not in words(alone(cast, duty, by="teacher"))
    assert act(cast, duty, "done", by="teacher").status_code == 302
    assert owed(case, duty.key).settled_by == cast.teacher


def test_alone_a_refusal_says_why_and_keeps_what_was_typed(cast: Cast, case: Incident) -> None:
    duty = of_role(case, "network_manager", evidence="log of the filter")

    empty = act(cast, duty, "done", " ", by="ict")
    Obligation.objects.filter(pk=duty.pk).update(after_key="inform_parents:parents")
    waiting = act(cast, duty, "done", SAID, by="ict")

    assert "Write down what shows that it was done: log of the filter." in words(empty)
    assert "Something else has to be done first." in words(waiting)
    assert SAID in main(waiting)
    assert "parents" not in main(waiting)
    assert owed(case, duty.key).state == State.OPEN


def test_whoever_may_open_the_case_is_led_to_it(cast: Cast, case: Incident) -> None:
    duty = of_role(case, "network_manager")

    assert alone(cast, duty, by="dsl")["Location"] == f"{case_address('incident-detail', case)}#duty-{duty.pk}"
    assert alone(cast, owed(case, "forbid:promise_confidentiality!"), by="dsl").status_code == 302
    unknown = address("obligation-detail", cast.school, obligation_id=uuid.uuid4())
    assert browser(cast.dsl).get(unknown).status_code == 404
