"""My day: what waits for whom, and nothing of anybody else's."""

import uuid
from datetime import timedelta

import pytest

from incidents.models import Incident
from incidents.operations import drafts, questions, workflow
from incidents.queries.workload import MOST, handling, reporting
from incidents.routes import About
from incidents.statuses import Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident


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
    workflow.advance(incident=made[2], to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)

    day = reporting(cast.access("teacher"))

    assert (day.drafts, day.concerns, day.questions) == ([draft], made[:MOST], [waiting])
    of_another = reporting(cast.access("colleague"))
    assert (of_another.drafts, len(of_another.concerns), of_another.questions) == ([], 1, [])
