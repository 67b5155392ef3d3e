"""Moving a case: each move writes who, when and why, once; a refused one changes nothing."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import OutboxMessage
from incidents.events import Event
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.operations import ownership, workflow
from incidents.routes import About
from incidents.statuses import Outcome, Status, Undertaking
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle
from tests.incidents.pages import audited

LATER = NOW + timedelta(hours=1)


def _story(incident: Incident) -> list[tuple[str, str, str]]:
    entries = ChronologyEntry.objects.filter(incident=incident).select_related("by").order_by("at", "event")
    return [(entry.event, entry.by.full_name, entry.text) for entry in entries]


def test_a_case_goes_from_new_to_closed_and_back_and_everything_is_written_down(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    other = make_incident(school=cast.next_door, by=cast.next_door_teacher)

    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW + timedelta(minutes=1))
    ownership.assign(incident=incident, owner=cast.deputy, by=cast.dsl, at=NOW + timedelta(minutes=2))
    settle(incident, by=cast.dsl, at=NOW + timedelta(minutes=2))
    workflow.advance(
        incident=incident,
        to=Status.CLOSED,
        by=cast.deputy,
        at=NOW + timedelta(minutes=3),
        reason=" Spoke to both families. ",
        outcome=Outcome.RESOLVED,
    )
    closed = Incident.objects.get(pk=incident.pk)
    workflow.advance(incident=incident, to=Status.OPEN, by=cast.dsl, at=LATER, reason="It happened again.")

    decided = [entry for entry in _story(incident) if entry[0] == Event.DUTY_WAIVED]
    assert len(decided) > 1
    assert _story(incident) == [
        (Event.REPORTED, "Tessa Teacher", "The concern was logged."),
        (Event.ACKNOWLEDGED, "Dora Safe", "The concern was seen and is being looked at."),
        (Event.ASSIGNED, "Dora Safe", "Dennis Deputy owns this case."),
        *decided,
        (Event.CLOSED, "Dennis Deputy", "Resolved.  Spoke to both families. "),
        (Event.REOPENED, "Dora Safe", "It happened again."),
    ]
    assert (closed.status, closed.outcome, closed.closed_by) == ("closed", "resolved", cast.deputy)
    found = Incident.objects.get(pk=incident.pk)
    assert (found.status, found.outcome, found.closed_at, found.closed_by) == ("open", "", None, None)
    assert (found.acknowledged_by, found.status_changed_at, found.owner) == (cast.dsl, LATER, cast.deputy)
    # Opening it again brings back what the policy asks for: the system's own line, and no entry of the story.
    told = [event for event, _, _ in _story(incident)]
    assert [event for _, event in audited(cast.school)] == [*told, Event.DUTIES_APPLIED]
    assert len(audited(cast.next_door)) == len(_story(other)) == 1
    assert verify_chain(cast.school) == []


@pytest.mark.parametrize(
    ("to", "reason", "outcome", "code"),
    [
        (Status.CLOSED, "Done.", Outcome.RESOLVED, "move_impossible"),
        (Status.OPEN, "Again.", None, "move_impossible"),
        (Status.REPORTED, "", None, "move_impossible"),
        (Status.MONITORING, "", None, "move_impossible"),
    ],
)
def test_a_refused_move_changes_nothing(
    cast: Cast, to: Status, reason: str, outcome: Outcome | None, code: str
) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    messages = OutboxMessage.objects.count()

    with pytest.raises(Refused) as refusal:
        workflow.advance(incident=incident, to=to, by=cast.dsl, at=LATER, reason=reason, outcome=outcome)

    assert refusal.value.code == code
    assert Incident.objects.get(pk=incident.pk).status == Status.REPORTED
    assert len(_story(incident)) == len(audited(cast.school)) == 1
    assert OutboxMessage.objects.count() == messages


def test_guards_are_asked_of_the_row_as_it_is_now(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)

    for to, code in ((Status.OPEN, "owner_missing"), (Status.CLOSED, "duties_open")):
        with pytest.raises(Refused) as refusal:
            workflow.advance(incident=incident, to=to, by=cast.dsl, at=LATER)
        assert refusal.value.code == code
    settle(incident, by=cast.dsl)
    with pytest.raises(Refused, match="outcome_missing"):
        workflow.advance(incident=incident, to=Status.CLOSED, by=cast.dsl, at=LATER)


def test_a_case_is_watched_until_a_day_and_looked_at_again(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    settle(incident, by=cast.dsl)
    first, second = NOW + timedelta(days=14), NOW + timedelta(days=28)

    def looks() -> list[tuple[str, object]]:
        rows = Obligation.objects.filter(incident=incident, kind=Undertaking.REVIEW).order_by("due_at")
        return [(row.state, row.due_at) for row in rows]

    def watch(until: datetime, at: datetime) -> None:
        move = {"to": Status.MONITORING, "by": cast.dsl, "at": at, "reason": "It is calm.", "review_at": until}
        workflow.advance(incident=incident, **move)

    with pytest.raises(Refused, match="review_date_missing"):
        workflow.advance(incident=incident, to=Status.MONITORING, by=cast.dsl, at=NOW, reason="It is calm.")
    with pytest.raises(Refused, match="due_passed"):
        watch(NOW - timedelta(days=1), NOW)
    assert looks() == []
    watch(first, LATER)
    found = Incident.objects.get(pk=incident.pk)
    assert (found.status, found.next_due_at, looks()) == (Status.MONITORING, first, [("open", first)])
    watch(second, first)
    assert looks() == [("done", first), ("open", second)]
    # The look that was to come is the closing itself.
    workflow.advance(
        incident=incident, to=Status.CLOSED, by=cast.dsl, at=second, reason="Calm.", outcome=Outcome.RESOLVED
    )
    assert looks() == [("done", first), ("done", second)]
    workflow.advance(incident=incident, to=Status.OPEN, by=cast.dsl, at=second, reason="Again.")
    watch(second + timedelta(days=7), second)
    workflow.advance(incident=incident, to=Status.OPEN, by=cast.dsl, at=second, reason="It is not calm.")
    assert (looks()[-1][0], Incident.objects.get(pk=incident.pk).status) == ("done", Status.OPEN)
    assert verify_chain(cast.school) == []


@pytest.mark.parametrize("about", [About.ADULT, About.HEADTEACHER])
def test_an_adults_case_leaves_no_trace_in_the_schools_own_chain(cast: Cast, about: About) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, about=about)
    handler = cast.head if about is About.ADULT else cast.chair

    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=handler, at=LATER)

    assert {chain for chain, _ in audited(cast.school)} == {f"case:{incident.pk}"}
    assert len(audited(cast.school)) == 2


def test_closing_tells_the_reporter_and_acknowledging_tells_nobody(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    OutboxMessage.objects.all().delete()

    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    assert not OutboxMessage.objects.exists()

    settle(incident, by=cast.dsl)
    workflow.advance(
        incident=incident, to=Status.CLOSED, by=cast.dsl, at=LATER, reason="Done.", outcome=Outcome.BEHAVIOUR
    )
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == ("incidents/concern_closed", cast.teacher)
    assert message.path == f"/s/oakfield/incidents/mine/{incident.reference}/"


@pytest.mark.django_db(transaction=True)
def test_two_who_acknowledge_at_once_do_it_once(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    barrier, refused = threading.Barrier(2), []

    def acknowledge(name: str) -> None:
        try:
            barrier.wait(10)
            workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast[name], at=LATER)
        except Refused as refusal:
            refused.append(refusal.sentence)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=acknowledge, args=(name,)) for name in ("dsl", "deputy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["This case is acknowledged already. Somebody may have been quicker: look at the chronology."]
    assert [event for event, _, _ in _story(incident)] == [Event.REPORTED, Event.ACKNOWLEDGED]
