"""The story of one case, newest first, and the questions in it."""

from datetime import timedelta

from incidents.entry_kinds import EntryKind, kind_of
from incidents.events import Event
from incidents.operations import notes, questions
from incidents.operations.chronology import correct
from incidents.queries.chronology import HAPPENED, chronology_of, questions_to_reporter, timeline
from tests.conftest import Cast
from tests.factories import NOW, make_incident

DAY = timedelta(days=1)


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


def test_a_correction_stands_with_what_it_corrects_and_numbers_are_those_of_the_whole(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    wrong = notes.add_note(incident=incident, text="One", by=cast.dsl, at=NOW + timedelta(minutes=1))
    notes.add_note(incident=incident, text="Other", by=cast.dsl, at=NOW + timedelta(minutes=2))
    later = correct(entry=wrong, text="Two", reason="Why", by=cast.dsl, at=NOW + timedelta(minutes=3))
    correct(entry=later, text="Two", reason="Why", by=cast.deputy, at=NOW + timedelta(hours=1), happened_at=NOW - DAY)

    found = chronology_of(incident, kind=EntryKind.NOTE, order=HAPPENED)

    assert [(item.number, [entry.text for entry in item.versions]) for item in found.items] == [
        (2, ["One", "Two", "Two"]),
        (3, ["Other"]),
    ]
    assert found.items[0].happened_at == NOW - DAY
    assert found.kinds == [(EntryKind.REPORTED, 1), (EntryKind.NOTE, 2)]
    assert found.total == 3


def test_every_event_has_a_kind_with_a_word() -> None:
    assert all(kind_of(event.value).label for event in Event)
    assert kind_of("incident.referral_made") is EntryKind.REFERRAL
    assert kind_of("something.new") is EntryKind.OTHER


def test_what_is_written_in_one_moment_with_the_concern_comes_after_it(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    for number in range(5):
        notes.add_note(incident=incident, text=f"Note {number}", by=cast.dsl, at=NOW)

    assert chronology_of(incident).items[0].first.event == Event.REPORTED
