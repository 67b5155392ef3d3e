"""What was to be told is done when the message got through, and not before."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.audit import verify_chain
from accounts.models import AuditEvent, OutboxMessage
from accounts.outbox import deliver_due
from accounts.roles import Role
from incidents.models import Incident, Obligation
from incidents.operations import obligations
from incidents.operations.deliveries import settle_delivered
from policies.operations import adoptions
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member, make_school

HOUR = timedelta(hours=1)


def owed(incident: Incident, key: str = "notify:dsl") -> Obligation:
    return Obligation.objects.get(incident=incident, key=key)


def test_logging_settles_nothing_and_delivery_does(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)

    assert settle_delivered(now=NOW) == 0
    assert owed(incident).state == "open"
    deliver_due(NOW + HOUR / 60)
    assert settle_delivered(now=NOW + HOUR) == 1

    row = owed(incident)
    assert (row.state, row.settled_at, row.settled_by, row.alert_at) == ("done", NOW + HOUR / 60, None, None)
    event = AuditEvent.objects.get(event="incident.duties_told")
    assert (event.actor, event.data) == ("system", {"duties": ["notify:dsl"]})
    incident.refresh_from_db()
    rest = Obligation.objects.filter(incident=incident, state="open", strength=2, due_at__isnull=False).exclude(
        kind="notify"
    )
    assert incident.next_due_at == rest.order_by("due_at").values_list("due_at", flat=True).first()
    assert settle_delivered(now=NOW + HOUR) == 0
    assert verify_chain(cast.school) == []


def test_one_of_several_who_were_told_is_enough(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    OutboxMessage.objects.filter(recipient=cast.deputy).update(sent_at=NOW)

    assert settle_delivered(now=NOW) == 1
    OutboxMessage.objects.update(sent_at=NOW + HOUR)
    assert settle_delivered(now=NOW + HOUR) == 0
    assert owed(incident).settled_at == NOW


def test_what_was_withdrawn_meanwhile_stays_so(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    obligations.waive(obligation=owed(incident), by=cast.dsl, at=NOW, reason="I saw them.")
    OutboxMessage.objects.update(sent_at=NOW)

    assert settle_delivered(now=NOW) == 0
    assert owed(incident).state == "waived"
    assert not OutboxMessage.objects.filter(is_awaited=True).exists()


def test_what_waited_for_it_begins_to_run_and_is_told_in_its_turn(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    gated = Obligation.objects.filter(incident=incident, kind="do", strength=2, state="open")[0]
    changes: dict[str, Any] = {
        "kind": "notify",
        "target": "network_manager",
        "key": "notify:network_manager",
        "any_of": [],
    }
    changes |= {"after_key": "notify:dsl", "within": "4h", "due_at": None, "alert_at": None}
    Obligation.objects.filter(pk=gated.pk).update(**changes)
    OutboxMessage.objects.update(sent_at=NOW)

    settle_delivered(now=NOW + HOUR)

    gated.refresh_from_db()
    assert (gated.starts_at, gated.due_at) == (NOW + HOUR, NOW + 5 * HOUR)
    message = OutboxMessage.objects.get(kind="incidents/told_elsewhere")
    assert (message.recipient, message.about, message.is_awaited) == (cast.ict, [gated.pk], True)


def test_many_are_settled_in_as_many_statements_as_few(cast: Cast) -> None:
    def statements(number: int) -> int:
        for _ in range(number):
            make_incident(school=cast.school, by=cast.teacher)
        OutboxMessage.objects.filter(sent_at=None).update(sent_at=NOW)
        with CaptureQueriesContext(connections["default"]) as asked:
            assert settle_delivered(now=NOW) == number
        return len(asked)

    assert statements(1) == statements(12) <= 20


@pytest.mark.django_db(transaction=True)
def test_a_case_on_which_somebody_works_is_left_for_later() -> None:
    school = make_school()
    make_member(school=school, role=Role.DSL)
    adoptions.in_force_or_default(school=school, at=NOW)
    reporter = make_member(school=school)
    held, free = (make_incident(school=school, by=reporter) for _ in range(2))
    OutboxMessage.objects.update(sent_at=NOW)
    done: list[Any] = []

    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=held.pk)

        def settle() -> None:
            done.append(settle_delivered(now=NOW))
            connections.close_all()

        thread = threading.Thread(target=settle)
        thread.start()
        thread.join(20)

    assert done == [1]
    assert (owed(held).state, owed(free).state) == ("open", "done")
    assert settle_delivered(now=NOW) == 1
