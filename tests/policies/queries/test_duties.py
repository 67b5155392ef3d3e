"""Whose a duty of the school is, and what of it is urgent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.access import access_school
from accounts.roles import Role
from policies.models import STUCK, SchoolDuty
from policies.operations import adoptions, duties
from policies.queries.duties import all_due_for, due_for, duties_of, may_settle, stuck_rounds
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_member

LATER = NOW + timedelta(days=100)


@pytest.fixture
def adopted(cast: Cast) -> Cast:
    """Let both schools follow the same policy."""
    for school in (cast.school, cast.next_door):
        adoptions.adopt(school=school, pack_id="starter", starts_on=NOW.date(), at=NOW, by=None)
    return cast


def keys(found: list[SchoolDuty]) -> list[str]:
    return [row.duty_key for row in found]


def test_each_is_shown_their_own_that_are_late_or_near_the_most_urgent_first(adopted: Cast) -> None:
    found = due_for(adopted.access("dsl", LATER), at=LATER)

    assert keys(found) == ["contacts-check", "governor-meeting", "lessons"]
    assert {row.school_id for row in found} == {adopted.school.pk}
    assert keys(due_for(adopted.access("dsl"), at=NOW)) == []
    assert keys(due_for(adopted.access("head", LATER), at=LATER)) == ["governors-report-term", "low-level-review"]
    assert keys(due_for(adopted.access("dsl", LATER), at=LATER, most=1)) == ["contacts-check"]


def test_what_is_done_is_shown_no_more(adopted: Cast) -> None:
    lessons = SchoolDuty.objects.for_school(adopted.school).get(duty_key="lessons")
    duties.discharge(duty=lessons, by=adopted.dsl, at=LATER, evidence="Yes", done_on=LATER.date())

    assert keys(due_for(adopted.access("dsl", LATER), at=LATER)) == ["contacts-check", "governor-meeting"]


def test_one_statement_and_none_for_plain_staff(adopted: Cast, django_assert_num_queries: Callable[[int], Any]) -> None:
    dsl, teacher = adopted.access("dsl", LATER), adopted.access("teacher", LATER)

    with django_assert_num_queries(1):
        due_for(dsl, at=LATER)
    with django_assert_num_queries(0):
        assert due_for(teacher, at=LATER) == []


def test_every_open_round_of_ones_own_stands_in_the_calendar_whenever_it_is_due(adopted: Cast) -> None:
    found = all_due_for(adopted.access("dsl"))

    assert "child-protection-policy" in keys(found)
    assert {row.owner_role for row in found} == {"dsl"}
    assert [row.due_at for row in found] == sorted(row.due_at for row in found if row.due_at)
    assert all_due_for(adopted.access("teacher")) == []


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SAFEGUARDING_GOVERNOR, Role.CHAIR_OF_GOVERNORS])
def test_governors_act_for_their_body(cast: Cast, role: Role) -> None:
    adoptions.adopt(
        school=cast.school, pack_id="canterbury-cross-2023", starts_on=NOW.date(), at=NOW, by=cast.head, note="Yes"
    )
    user = make_member(school=cast.school, role=role)

    found = all_due_for(access_school(user, "oakfield", at=NOW))

    assert "trustees-meeting" in keys(found)
    assert {row.owner_role for row in found} <= {"governors", role.value}


def test_who_may_settle_is_the_owner_or_who_looks_after_all_while_it_is_open(adopted: Cast) -> None:
    access_check = SchoolDuty.objects.for_school(adopted.school).get(duty_key="access-check")
    everybody = ["teacher", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict", "administrator"]

    assert [who for who in everybody if may_settle(adopted.access(who), access_check)] == [
        "dsl",
        "deputy",
        "head",
        "ict",
    ]
    access_check.state = State.DONE
    assert [who for who in everybody if may_settle(adopted.access(who), access_check)] == []


def test_what_the_sweep_cannot_act_upon_is_shown_to_those_who_run_the_school(
    adopted: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    SchoolDuty.objects.filter(duty_key="lessons").update(failures=STUCK)
    SchoolDuty.objects.filter(duty_key="contacts-check").update(failures=STUCK - 1)
    everybody = ("teacher", "dsl", "deputy", "online_safety_lead", "head", "chair", "governor", "ict", "administrator")

    shown = {name: keys(stuck_rounds(adopted.access(name))) for name in everybody}

    runs = ("dsl", "deputy", "head", "administrator")
    assert {name: found for name, found in shown.items() if found} == {name: ["lessons"] for name in runs}
    for name in ("head", "governor"):
        listed = duties_of(adopted.access(name), at=NOW).stuck
        assert [row.duty.duty_key for row in listed] == shown[name]
    dsl, governor = adopted.access("dsl"), adopted.access("governor")
    with django_assert_num_queries(1):
        assert len(stuck_rounds(dsl)) == 1
    with django_assert_num_queries(0):
        assert stuck_rounds(governor) == []
    SchoolDuty.objects.update(state=State.WAIVED, settled_at=NOW, alert_at=None)
    assert stuck_rounds(dsl) == []
