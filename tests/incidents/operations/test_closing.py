"""Closing with a second person: asked by one, agreed to by another, never by the same, never with things open."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from accounts.errors import Refused
from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident
from incidents.operations import closing, ownership, triage, workflow
from incidents.operations.triage import Facts
from incidents.queries.closing import asks_second_person
from incidents.routes import About
from incidents.statuses import Decision, Level, Outcome, Status
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle

LATER = NOW + timedelta(hours=1)
DONE = {"outcome": Outcome.RESOLVED, "reason": "Both families were told."}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case of the level high, with everything settled."""
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    ownership.set_level(incident=incident, level=Level.HIGH, reason="It is grave.", by=cast.dsl, at=NOW)
    OutboxMessage.objects.all().delete()
    return settle(incident, by=cast.dsl)


def refused(code: str, act: object, **given: object) -> None:
    with pytest.raises(Refused) as refusal:
        act(**given)  # type: ignore[operator]
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_one_asks_another_agrees_and_both_are_named(cast: Cast, case: Incident) -> None:
    refused("second_person_needed", workflow.advance, incident=case, to=Status.CLOSED, by=cast.dsl, at=LATER, **DONE)
    closing.ask(incident=case, by=cast.dsl, at=LATER, **DONE)

    found = Incident.objects.get(pk=case.pk)
    assert (found.status, found.closing_asked_by, found.closing_outcome) == (Status.OPEN, cast.dsl, "resolved")
    told = OutboxMessage.objects.filter(kind="incidents/closing_asked")
    assert {message.recipient for message in told} == {cast.deputy, cast.online_safety_lead}
    refused("same_person", closing.agree, incident=case, by=cast.dsl, at=LATER)
    refused("asked_already", closing.ask, incident=case, by=cast.deputy, at=LATER, **DONE)
    # Nor is it closed past the one who was asked.
    refused("second_person_needed", workflow.advance, incident=case, to=Status.CLOSED, by=cast.deputy, at=LATER, **DONE)

    closing.agree(incident=case, by=cast.deputy, at=LATER)

    found = Incident.objects.get(pk=case.pk)
    assert (found.status, found.outcome, found.closed_by) == (Status.CLOSED, "resolved", cast.deputy)
    assert (found.closing_asked_by, found.closing_outcome, found.closing_reason) == (None, "", None)
    entry = ChronologyEntry.objects.get(incident=case, event=Event.CLOSED)
    assert entry.text == "Resolved. Both families were told. Dora Safe asked for it, Dennis Deputy agreed."
    refused("nothing_asked", closing.agree, incident=case, by=cast.online_safety_lead, at=LATER)


def test_it_is_sent_back_with_the_reason_or_taken_back(cast: Cast, case: Incident) -> None:
    closing.ask(incident=case, by=cast.dsl, at=NOW, **DONE)
    refused("reason_missing", closing.decline, incident=case, reason=" ", by=cast.deputy, at=LATER)
    closing.decline(incident=case, reason="Ring the father first.", by=cast.deputy, at=LATER)

    assert Incident.objects.get(pk=case.pk).closing_asked_by is None
    assert OutboxMessage.objects.get(kind="incidents/closing_declined").recipient == cast.dsl
    closing.ask(incident=case, by=cast.dsl, at=LATER, **DONE)
    closing.decline(incident=case, reason="I rang too early.", by=cast.dsl, at=LATER)
    assert OutboxMessage.objects.filter(kind="incidents/closing_declined").count() == 1
    texts = ChronologyEntry.objects.filter(incident=case, event=Event.CLOSING_DECLINED)
    assert {entry.text for entry in texts} == {"Ring the father first.", "I rang too early."}


def test_what_comes_up_meanwhile_stands_in_the_way_of_agreeing(cast: Cast, case: Incident) -> None:
    closing.ask(incident=case, by=cast.dsl, at=NOW, **DONE)
    facts = Facts(Category.CONTENT, frozenset({IncidentType.NUDES}))
    triage.learn(incident=case, facts=facts, by=cast.deputy, at=NOW)

    refused("duties_open", closing.agree, incident=case, by=cast.deputy, at=LATER)
    settle(case, by=cast.deputy)
    closing.agree(incident=case, by=cast.deputy, at=LATER)

    assert Incident.objects.get(pk=case.pk).status == Status.CLOSED


def test_any_other_move_takes_back_what_was_asked(cast: Cast, case: Incident) -> None:
    closing.ask(incident=case, by=cast.dsl, at=NOW, **DONE)
    workflow.advance(
        incident=case, to=Status.MONITORING, by=cast.dsl, at=NOW, reason="Not yet.", review_at=NOW + timedelta(days=9)
    )

    refused("nothing_asked", closing.agree, incident=case, by=cast.deputy, at=LATER)
    assert Incident.objects.get(pk=case.pk).status == Status.MONITORING


def test_nobody_is_asked_where_nobody_has_to_be_or_could_be(cast: Cast, case: Incident) -> None:
    ownership.set_level(incident=case, level=Level.STANDARD, reason="It is over.", by=cast.dsl, at=NOW)
    refused("nobody_to_ask", closing.ask, incident=case, by=cast.dsl, at=NOW, **DONE)
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)
    workflow.advance(incident=adult, to=Status.ACKNOWLEDGED, by=cast.head, at=NOW)
    ownership.set_level(incident=adult, level=Level.HIGH, reason="It is grave.", by=cast.head, at=NOW)
    settle(adult, by=cast.head)

    refused("nobody_to_ask", closing.ask, incident=adult, by=cast.head, at=NOW, **DONE)
    workflow.advance(incident=adult, to=Status.CLOSED, by=cast.head, at=NOW, **DONE)

    entry = ChronologyEntry.objects.get(incident=adult, event=Event.CLOSED)
    assert entry.text.endswith("Nobody else may read this case, so no second person agreed.")


def test_who_calls_the_danger_over_does_not_thereby_close_it_alone(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, is_danger_reported=True)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.set_level(incident=incident, level=Level.LOW, reason="It was a film.", by=cast.dsl, at=NOW)

    assert asks_second_person(Incident.objects.get(pk=incident.pk)) is not None


def test_a_duplicate_needs_no_second_person_because_the_matter_goes_on(cast: Cast, case: Incident) -> None:
    first = make_incident(school=cast.school, by=cast.teacher)
    triage.decide(incident=case, decision=Decision.DUPLICATE, reason="Twice.", duplicate_of=first, by=cast.dsl, at=NOW)

    workflow.advance(
        incident=case, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Logged twice.", outcome=Outcome.DUPLICATE
    )

    closed = Incident.objects.get(pk=case.pk)
    assert (closed.status, closed.outcome) == (Status.CLOSED, Outcome.DUPLICATE)

    assert Incident.objects.get(pk=case.pk).outcome == "duplicate"


@pytest.mark.django_db(transaction=True)
def test_two_who_agree_and_send_back_at_once_do_one_of_it(cast: Cast, case: Incident) -> None:
    closing.ask(incident=case, by=cast.dsl, at=NOW, **DONE)
    barrier, sentences = threading.Barrier(2), []

    def race(agrees: bool) -> None:
        try:
            barrier.wait(10)
            if agrees:
                closing.agree(incident=case, by=cast.deputy, at=LATER)
            else:
                closing.decline(incident=case, reason="Not yet.", by=cast.online_safety_lead, at=LATER)
        except Refused as refusal:
            sentences.append(refusal.sentence)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=(agrees,)) for agrees in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sentences == ["Nobody asks for this to be closed any more. Look at the chronology."]
    told = ChronologyEntry.objects.filter(incident=case, event__in=[Event.CLOSED, Event.CLOSING_DECLINED])
    assert told.count() == 1
