"""What the reporter sees of their own concern: their words, how far it is, questions and answers. Nothing else."""

import uuid
from datetime import timedelta

from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import ChronologyEntry
from incidents.operations import closing, notes, ownership, questions, workflow
from incidents.operations.incidents import open_case
from incidents.statuses import Level, Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person, settle
from tests.incidents.conftest import Clock
from tests.incidents.pages import address, audited, browser, case_address, main, references, value_of, words

WORDS = " A racing game.\r\nI think <b>the blue</b> one. \u202eabc\u202c "


def test_a_reporter_follows_it_from_sent_to_closed(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client, page = browser(cast.teacher), case_address("my-concern", incident)
    seen = []

    def look() -> None:
        shown = main(client.get(page))
        assert "They showed me a video that frightened them." in shown
        seen.append(
            next(word for word in ("Sent</dd>", "Seen</dd>", "Being handled</dd>", "Closed</dd>") if word in shown)
        )

    look()
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    look()
    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=NOW)
    look()
    settle(incident, by=cast.dsl)
    workflow.advance(
        incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Secret reason.", outcome=Outcome.REFERRED_ON
    )
    look()

    assert seen == ["Sent</dd>", "Seen</dd>", "Being handled</dd>", "Closed</dd>"]
    assert audited(cast.school).count(("school", Event.RECEIPT_READ)) == 4


def test_a_reporter_never_sees_notes_owner_level_outcome_or_who_reads_it(cast: Cast) -> None:
    incident = make_incident(
        school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school, name="Mia Marlow"))]
    )
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=NOW)
    ownership.set_level(incident=incident, level=Level.HIGH, reason="canaryreason", by=cast.dsl, at=NOW)
    notes.add_note(incident=incident, text="canarynote", by=cast.deputy, at=NOW)
    settle(incident, by=cast.dsl)
    closing.ask(incident=incident, outcome=Outcome.REFERRED_ON, reason="canaryclosing", by=cast.deputy, at=NOW)
    closing.agree(incident=incident, by=cast.dsl, at=NOW)
    open_case(incident=incident, by=cast.dsl, at=NOW)
    client = browser(cast.teacher)

    for name in ("my-concern", "incident-receipt"):
        page = words(client.get(case_address(name, incident)))
        assert not [
            leak
            for leak in (
                "canary",
                "Dora",
                "Dennis",
                "Olive",
                "Referred on",
                "sg-tag",
                "Danger",
                "High</",
                "Acknowledged by",
            )
            if leak in page
        ]
    for name in ("my-concerns", "school-home"):
        page = words(client.get(address(name, cast.school)))
        assert not [leak for leak in ("canary", "Dora", "Dennis", "Mia Marlow") if leak in page]
        assert references(client.get(address(name, cast.school))) == [incident.reference]


def test_a_question_is_answered_in_place_once(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    asked = browser(cast.dsl).post(case_address("question-ask", incident), {"question-text": "Which <b>game</b>?"})
    assert asked.status_code == 302
    question = ChronologyEntry.objects.get(event=Event.QUESTION_ASKED)
    client, target = browser(cast.teacher), case_address("question-answer", incident, question_id=question.pk)
    assert "Answer a question about" in main(client.get(address("school-home", cast.school)))
    assert "Which <b>game</b>?" in main(client.get(case_address("my-concern", incident)))
    box = f"{question.pk}-text"

    empty = client.post(target, {box: " "})
    done = client.post(target, {box: WORDS})
    late = client.post(target, {box: "Or was it the green one?"})

    assert "Write the answer before you send it." in words(empty)
    assert done["Location"] == case_address("my-concern", incident)
    assert ChronologyEntry.objects.get(answers=question).text == WORDS
    assert "That question was answered already." in words(late)
    assert value_of(late, box) == "Or was it the green one?"
    assert WORDS in main(late)
    assert ChronologyEntry.objects.filter(event=Event.QUESTION_ANSWERED).count() == 1
    assert audited(cast.school).count(("school", Event.QUESTION_ANSWERED)) == 1
    assert OutboxMessage.objects.filter(kind="incidents/question_answered").get().recipient == cast.dsl
    case = main(browser(cast.dsl).get(case_address("incident-detail", incident)))
    assert WORDS in case
    assert "not answered yet" not in case


def test_only_the_reporter_answers_and_only_questions_of_their_concern(cast: Cast) -> None:
    incident, other = (make_incident(school=cast.school, by=cast.teacher) for _ in range(2))
    of_another = make_incident(school=cast.school, by=cast.colleague)
    question = questions.ask(incident=incident, text="When?", by=cast.dsl, at=NOW)
    foreign = questions.ask(incident=of_another, text="When?", by=cast.dsl, at=NOW)
    note = notes.add_note(incident=incident, text="x", by=cast.dsl, at=NOW)

    for name, case, asked in (
        ("colleague", incident, question.pk),
        ("dsl", incident, question.pk),
        ("next_door_teacher", incident, question.pk),
        ("teacher", other, question.pk),
        ("teacher", incident, foreign.pk),
        ("teacher", incident, note.pk),
        ("teacher", incident, uuid.uuid4()),
    ):
        target = case_address("question-answer", case, question_id=asked)
        assert browser(cast[name]).post(target, {f"{asked}-text": "x"}).status_code == 404
    assert not ChronologyEntry.objects.filter(event=Event.QUESTION_ANSWERED).exists()


def test_my_concerns_are_mine_newest_first(cast: Cast, clock: Clock) -> None:
    made = [make_incident(school=cast.school, by=cast.teacher, at=NOW - timedelta(days=day)) for day in range(3)]
    make_incident(school=cast.school, by=cast.colleague)
    make_incident(school=cast.next_door, by=cast.next_door_teacher)

    page = browser(cast.teacher).get(address("my-concerns", cast.school))

    assert references(page) == [incident.reference for incident in made]
    nothing = main(browser(cast.ict).get(address("my-concerns", cast.school)))
    assert "You have not logged a concern yet." in nothing
    assert clock.at == NOW


def test_the_first_opening_is_told_to_the_reporter(cast: Cast, clock: Clock) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    client, page = browser(cast.teacher), case_address("my-concern", incident)
    assert "Not yet" in main(client.get(page))
    clock.forward(timedelta(minutes=5))

    browser(cast.dsl).get(case_address("incident-detail", incident))

    assert "today 8:30" in main(client.get(page))
    assert "Not yet" not in main(client.get(page))
