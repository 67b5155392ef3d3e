"""The school's recurring duties: the owner first, then the ladder, a day at least between two rungs."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import AuditEvent, Membership, OutboxMessage
from accounts.outbox import deliver_due
from policies.models import SchoolDuty, SchoolDutyEscalation
from policies.operations import adoptions
from policies.operations.escalations import DUTIES
from policies.operations.sweep import sweep
from tests.conftest import Cast
from tests.factories import NOW
from tests.policies.operations.test_sweep import make_duties

DAY = timedelta(days=1)


@pytest.fixture
def duty(cast: Cast) -> SchoolDuty:
    """A duty of the DSL that is due in ten days; its owner is to be reminded now."""
    adoptions.in_force_or_default(school=cast.school, at=NOW - 60 * DAY)
    [row] = make_duties(cast.school, 1, due=NOW + 10 * DAY, alert_at=NOW, starts_at=NOW - 30 * DAY)
    return row


def climb(duty: SchoolDuty, most: int = 10) -> list[tuple[str, bool, timedelta]]:
    found = []
    for _ in range(most):
        duty.refresh_from_db()
        if duty.alert_at is None:
            break
        assert sweep(now=duty.alert_at, tables=[DUTIES]).told == 1
        rung = SchoolDutyEscalation.objects.order_by("-step")[0]
        found.append((rung.told_role, rung.is_reminder, rung.at - (duty.due_at or NOW)))
    return found


def test_the_owner_is_reminded_then_told_that_it_is_due_then_the_ladder_is_climbed(duty: SchoolDuty) -> None:
    assert climb(duty) == [
        ("dsl", True, -10 * DAY),
        ("dsl", True, 0 * DAY),
        ("deputy_dsl", False, DAY),
        ("headteacher", False, 2 * DAY),
        ("chair_of_governors", False, 3 * DAY),
        ("trust_safeguarding_lead", False, 4 * DAY),
        ("external_contact", False, 5 * DAY),
    ]
    assert sweep(now=NOW + 400 * DAY, tables=[DUTIES]).told == 0
    assert AuditEvent.objects.filter(event="school_duty.escalated").count() == 7


def test_messages_say_what_kind_of_thing_it_is_and_no_more(cast: Cast, duty: SchoolDuty) -> None:
    climb(duty)
    deliver_due(NOW + 30 * DAY)

    kinds = list(OutboxMessage.objects.order_by("queued_at").values_list("kind", flat=True))
    assert kinds == ["policies/duty_due"] * 2 + ["policies/duty_missed"] * 4 + ["policies/duty_missed_outside"]
    assert all("Review it" not in str(sent.body) for sent in mail.outbox)
    assert len(mail.outbox) == 7


def test_where_nobody_holds_the_role_the_next_is_reminded(cast: Cast, duty: SchoolDuty) -> None:
    Membership.objects.filter(role="dsl").delete()

    assert climb(duty, 3)[0][0] == "deputy_dsl"


def test_where_nobody_at_all_is_there_the_contact_outside_is_told_at_last(cast: Cast, duty: SchoolDuty) -> None:
    Membership.objects.exclude(role="staff").delete()

    sweep(now=NOW, tables=[DUTIES])
    assert not SchoolDutyEscalation.objects.exists()
    for day in range(10, 14):
        sweep(now=NOW + day * DAY, tables=[DUTIES])

    assert [rung.told_role for rung in SchoolDutyEscalation.objects.all()] == ["external_contact"]
    duty.refresh_from_db()
    assert duty.alert_at is None
