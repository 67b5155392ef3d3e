"""What was told and is not written up: three reminders, then the ladder, each once, whoever sweeps."""

from datetime import datetime, timedelta

import pytest

from accounts.audit import verify_chain
from accounts.models import OutboxMessage
from accounts.operations.absences import add_absence
from incidents.models import ToldConcern, ToldConcernEscalation
from incidents.operations import told_concerns
from incidents.operations.reminders import TOLD_CONCERNS, next_step
from policies.catalogue import shipped, with_layers
from policies.operations.sweep import sweep
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_told_concerns import adopt, send, told

PACKS = tuple(with_layers(shipped("junior-kings-canterbury-2023").pack))
DAY = timedelta(hours=24)
LADDER = ("dsl", "deputy_dsl", "online_safety_lead", "headteacher", "chair_of_governors", "trust_safeguarding_lead")


def _row(step: int, *, due: datetime | None = NOW + DAY, state: State = State.OPEN) -> ToldConcern:
    return ToldConcern(starts_at=NOW, due_at=due, step=step, state=state)


@pytest.mark.parametrize(("step", "hours"), [(0, 19.2), (1, 24), (2, 24)])
def test_three_reminders_at_their_shares_of_the_time(step: int, hours: float) -> None:
    found = next_step(row=_row(step), packs=PACKS, told=(), now=NOW + timedelta(hours=1))

    assert found is not None
    assert (found.is_reminder, found.roles, found.next_at) == (True, (), NOW + timedelta(hours=hours))


@pytest.mark.parametrize("number", range(len(LADDER) + 1))
def test_then_one_rung_after_another_a_day_apart(number: int) -> None:
    found = next_step(row=_row(3 + number), packs=PACKS, told=LADDER[:number], now=NOW + DAY)

    assert found is not None
    assert found.roles == (*LADDER, "external_contact")[number:]
    assert (found.is_reminder, found.next_at) == (False, NOW + DAY * (number + 2))


def test_after_the_last_rung_there_is_nothing_left(cast: Cast) -> None:
    assert next_step(row=_row(9), packs=PACKS, told=("external_contact",), now=NOW) is None


@pytest.mark.parametrize("row", [_row(0, due=None), _row(0, state=State.DONE), _row(4, state=State.WITHDRAWN)])
def test_without_a_time_or_once_it_has_ended_nothing_is_due(row: ToldConcern) -> None:
    assert next_step(row=row, packs=PACKS, told=(), now=NOW) is None


def test_a_late_sweep_leaves_time_between_two_reminders() -> None:
    late = NOW + timedelta(hours=20)
    found = next_step(row=_row(0), packs=PACKS, told=(), now=late)

    assert found is not None
    assert found.next_at == late + timedelta(hours=1)


# Swept


def _swept(cast: Cast, row: ToldConcern, *, hours: int) -> list[tuple[float, str, bool]]:
    """Sweep twice every half hour for so long; return after how many hours who was told, and whether reminded."""
    for half in range(2 * hours + 1):
        for _ in range(2):
            sweep(now=row.starts_at + timedelta(minutes=30 * half), tables=[TOLD_CONCERNS])
    rungs = ToldConcernEscalation.objects.filter(obligation=row).order_by("step")
    return [((rung.at - row.starts_at) / timedelta(hours=1), rung.told_role, rung.is_reminder) for rung in rungs]


def test_from_the_first_reminder_to_the_contact_outside_each_step_once(cast: Cast) -> None:
    adopt(cast, "junior-kings-canterbury-2023")
    row = told(cast, aware=NOW)

    assert _swept(cast, row, hours=24 * 8) == [
        (12, "reporter", True),
        (19.5, "reporter", True),
        (24, "reporter", True),
        *((24 * (number + 1), role, False) for number, role in enumerate((*LADDER, "external_contact"))),
    ]
    row.refresh_from_db()
    assert (row.alert_at, row.state, row.failures) == (None, State.OPEN, 0)
    assert verify_chain(cast.school) == []
    sent = OutboxMessage.objects.filter(kind="incidents/told_overdue").order_by("queued_at", "id")
    page, home = f"/s/oakfield/incidents/told/{row.pk}/", "/s/oakfield/"
    assert [message.path for message in sent] == [page, page, page, home, home, home, "/"]
    assert sent[6].address == "contact@oakfield-council.example"
    reminders = OutboxMessage.objects.filter(kind="incidents/told_reminder")
    assert {message.recipient for message in reminders} == {cast.teacher}
    assert len(reminders) == 3


def test_once_it_is_written_up_or_withdrawn_nobody_hears_of_it(cast: Cast) -> None:
    adopt(cast, "junior-kings-canterbury-2023")
    written, withdrawn = told(cast, aware=NOW), told(cast, aware=NOW)
    send(cast, written.draft_id)
    told_concerns.withdraw(told=withdrawn, by=cast.dsl, at=NOW, reason="A mistake.")

    assert _swept(cast, written, hours=60) == []
    assert _swept(cast, withdrawn, hours=60) == []


def test_whoever_is_away_and_whoever_has_to_write_it_are_passed_over(cast: Cast) -> None:
    adopt(cast, "junior-kings-canterbury-2023")
    add_absence(school=cast.school, user=cast.dsl, starts_on=NOW.date(), ends_on=None, by=cast.dsl, at=NOW)
    row = told(cast, "deputy", aware=NOW)

    assert [role for _, role, is_reminder in _swept(cast, row, hours=49) if not is_reminder] == [
        "online_safety_lead",
        "headteacher",
    ]


def test_without_a_time_the_sweep_leaves_it_alone(cast: Cast) -> None:
    adopt(cast, "shipbourne-2018")

    assert _swept(cast, told(cast, aware=NOW), hours=60) == []


def test_no_message_says_who_or_what(cast: Cast) -> None:
    adopt(cast, "junior-kings-canterbury-2023")
    row = told(cast, aware=NOW, memory="CNRY")
    _swept(cast, row, hours=48)

    assert not OutboxMessage.objects.filter(path__contains="CNRY").exists()
    assert not OutboxMessage.objects.filter(recipient=cast.next_door_dsl).exists()
