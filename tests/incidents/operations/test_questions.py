"""Questions to the reporter: asked, answered once, told to whoever waits."""

import threading

import pytest
from django.db import connections

from accounts.errors import Refused
from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import questions, workflow
from incidents.statuses import Outcome, Status
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle
from tests.incidents.pages import audited


def _asked(cast: Cast) -> tuple[Incident, ChronologyEntry]:
    incident = make_incident(school=cast.school, by=cast.teacher)
    OutboxMessage.objects.all().delete()
    return incident, questions.ask(incident=incident, text="Which game was it?", by=cast.dsl, at=NOW)


def test_a_question_tells_the_reporter_and_the_answer_whoever_asked(cast: Cast) -> None:
    incident, question = _asked(cast)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == ("incidents/question_asked", cast.teacher)
    assert message.path == f"/s/oakfield/incidents/mine/{incident.reference}/"
    OutboxMessage.objects.all().delete()

    reply = questions.answer(incident=incident, question=question, text="A racing game.", by=cast.teacher, at=NOW)

    assert (reply.answers, reply.by) == (question, cast.teacher)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == ("incidents/question_answered", cast.dsl)
    assert sorted(event for _, event in audited(cast.school)) == sorted(
        [Event.REPORTED, Event.QUESTION_ASKED, Event.QUESTION_ANSWERED]
    )


def test_a_second_answer_is_refused_and_the_first_one_stays(cast: Cast) -> None:
    incident, question = _asked(cast)
    questions.answer(incident=incident, question=question, text="A racing game.", by=cast.teacher, at=NOW)

    with pytest.raises(Refused) as refusal:
        questions.answer(incident=incident, question=question, text="Another one.", by=cast.teacher, at=NOW)

    assert refusal.value.code == "answered_already"
    assert ChronologyEntry.objects.get(answers=question).text == "A racing game."


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(cast: Cast) -> None:
    incident, question = _asked(cast)
    barrier, refused = threading.Barrier(2), []

    def answer(text: str) -> None:
        try:
            barrier.wait(10)
            questions.answer(incident=incident, question=question, text=text, by=cast.teacher, at=NOW)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=answer, args=(text,)) for text in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["answered_already"]
    assert ChronologyEntry.objects.filter(answers=question).count() == 1


def test_only_a_question_of_this_case_can_be_answered(cast: Cast) -> None:
    incident, question = _asked(cast)
    other = make_incident(school=cast.school, by=cast.teacher)
    logged = ChronologyEntry.objects.get(incident=incident, event=Event.REPORTED)

    with pytest.raises(ChronologyEntry.DoesNotExist):
        questions.answer(incident=other, question=question, text="A racing game.", by=cast.teacher, at=NOW)
    with pytest.raises(Refused, match="answered_already"):
        questions.answer(incident=incident, question=logged, text="A racing game.", by=cast.teacher, at=NOW)


def test_blanks_and_closed_cases_are_refused_with_a_sentence(cast: Cast) -> None:
    incident, question = _asked(cast)
    with pytest.raises(Refused, match="question_empty"):
        questions.ask(incident=incident, text=" \r\n", by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="answer_empty"):
        questions.answer(incident=incident, question=question, text="\t", by=cast.teacher, at=NOW)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    settle(incident, by=cast.dsl)
    workflow.advance(incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)
    closed = Incident.objects.get(pk=incident.pk)

    with pytest.raises(Refused, match="case_closed"):
        questions.ask(incident=closed, text="And when?", by=cast.dsl, at=NOW)
