"""The story of one case, newest first, and the questions in it."""

from datetime import timedelta

from incidents.operations import notes, questions
from incidents.queries.chronology import questions_to_reporter, timeline
from tests.conftest import Cast
from tests.factories import NOW, make_incident


def test_the_story_is_of_this_case_alone_and_newest_first(cast: Cast) -> None:
    incident, other = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    for number in range(3):
        notes.add_note(incident=incident, text=f"Note {number}", by=cast.dsl, at=NOW + timedelta(minutes=number + 1))
    notes.add_note(incident=other, text="Elsewhere", by=cast.dsl, at=NOW)

    assert [entry.text for entry in timeline(incident)] == ["Note 2", "Note 1", "Note 0", "The concern was logged."]


def test_questions_stand_oldest_first_with_their_answers(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    first = questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)
    second = questions.ask(incident=incident, text="Where?", by=cast.dsl, at=NOW + timedelta(minutes=1))
    answer = questions.answer(incident=incident, question=second, text="Here.", by=cast.teacher, at=NOW)

    asked = questions_to_reporter(incident)

    assert asked == [first, second]
    assert [getattr(question, "answer", None) for question in asked] == [None, answer]
