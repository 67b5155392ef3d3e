"""My day: what waits for whom, and nothing of anybody else's."""

import uuid
from datetime import datetime, timedelta

import pytest

from incidents.models import Incident, Obligation
from incidents.operations import drafts, questions, workflow
from incidents.queries.workload import MOST, duties, handling, reporting
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("name", ["teacher", "governor", "ict", "administrator"])
def test_those_who_handle_nothing_are_shown_nothing_to_handle(cast: Cast, name: str) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    assert handling(cast.access(name), at=NOW) is None


def test_danger_new_and_own_cases_each_stand_in_their_own_list(cast: Cast) -> None:
    danger = make_incident(school=cast.school, by=cast.teacher, is_danger_reported=True)
    new = make_incident(school=cast.school, by=cast.teacher)
    mine = make_incident(school=cast.school, by=cast.teacher)
    Incident.objects.filter(pk=mine.pk).update(owner=cast.dsl, status=Status.OPEN)
    make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, is_danger_reported=True)
    make_incident(school=cast.next_door, by=cast.next_door_teacher, is_danger_reported=True)

    waiting = handling(cast.access("dsl"), at=NOW)

    assert waiting is not None
    listed = [[row.id for row in rows] for rows in (waiting.danger, waiting.unseen, waiting.mine)]
    assert (listed, waiting.alarms) == ([[danger.pk], [new.pk], [mine.pk]], [])
    of_the_deputy = handling(cast.access("deputy"), at=NOW)
    assert of_the_deputy is not None
    assert of_the_deputy.mine == []


def test_a_reporter_sees_their_own_latest_drafts_and_open_questions(cast: Cast) -> None:
    made = [make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(days=day)) for day in range(MOST + 2)]
    make_incident(school=cast.school, by=cast.colleague)
    draft = drafts.save_draft(
        school=cast.school, author=cast.teacher, draft_id=uuid.uuid4(), content={"fields": {}}, at=NOW
    )
    waiting = questions.ask(incident=made[0], text="When?", by=cast.dsl, at=NOW)
    answered = questions.ask(incident=made[1], text="Where?", by=cast.dsl, at=NOW)
    questions.answer(incident=made[1], question=answered, text="Here.", by=cast.teacher, at=NOW)
    questions.ask(incident=made[2], text="Too late?", by=cast.dsl, at=NOW)
    workflow.advance(incident=made[2], to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    settle(made[2], by=cast.dsl)
    workflow.advance(incident=made[2], to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)

    day = reporting(cast.access("teacher"))

    assert (day.drafts, day.concerns, day.questions) == ([draft], made[:MOST], [waiting])
    of_another = reporting(cast.access("colleague"))
    assert (of_another.drafts, len(of_another.concerns), of_another.questions) == ([], 1, [])


def listed(cast: Cast, name: str, *, at: datetime = NOW, most: int = MOST) -> dict[str, list[tuple[str, bool]]]:
    """Return the sections of somebody's duties: what is asked, and whether they may open its case."""
    found = duties(cast.access(name), at=at, most=most)
    return {part.key: [(row.duty.row.key, row.opens_case) for row in part.rows] for part in found.sections}


def test_duties_stand_where_their_time_puts_them_and_only_with_whom_they_concern(cast: Cast) -> None:
    case = make_incident(school=cast.school, by=cast.teacher)
    Obligation.objects.filter(key="do:support_pupil").update(owner_role="network_manager", due_at=NOW + HOUR)
    make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)

    now, later = listed(cast, "dsl"), listed(cast, "dsl", at=NOW + 9 * HOUR)

    assert now["today"] == [("acknowledge:dsl", True)]
    assert now["later"] == [("inform_parents:parents", True)]
    assert later["late"] == [("acknowledge:dsl", True)]
    assert "waiting" not in now
    assert listed(cast, "deputy") == now
    assert listed(cast, "ict") == {"today": [("do:support_pupil", False)]}
    assert listed(cast, "governor") == listed(cast, "next_door_dsl") == {}
    assert {key for rows in listed(cast, "head").values() for key, _ in rows} >= {"consult:lado"}
    Incident.objects.filter(pk=case.pk).update(owner=cast.deputy)
    assert ("do:support_pupil", True) in listed(cast, "deputy")["waiting"]
    assert "waiting" not in listed(cast, "dsl")


def test_what_waits_for_another_rests_or_is_settled_is_not_listed(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    shown = Obligation.objects.filter(key="inform_parents:parents")
    assert listed(cast, "dsl")["later"] == [("inform_parents:parents", True)]

    shown.update(after_key="acknowledge:dsl")
    assert "later" not in listed(cast, "dsl")
    shown.update(after_key="", state="done", alert_at=None, settled_at=NOW)
    assert "later" not in listed(cast, "dsl")


def test_only_the_most_urgent_are_listed_and_all_of_them_are_counted(cast: Cast) -> None:
    for number in range(5):
        make_incident(school=cast.school, by=cast.teacher, is_danger_reported=number == 4)

    found = {part.key: part for part in duties(cast.access("dsl"), at=NOW, most=3).sections}

    assert {key: len(part.rows) for key, part in found.items() if len(part.rows) > 3} == {}
    assert (len(found["later"].rows), found["later"].total) == (3, 5)
    assert found["later"].rows[0].duty.row.severity == Level.DANGER
