"""What people set themselves is a duty like any other: theirs alone, swept, never withdrawn by the policy."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import OutboxMessage, User
from incidents.models import Escalation, Incident, Obligation
from incidents.operations import actions, obligations, ownership, workflow
from incidents.operations.escalations import OBLIGATIONS
from incidents.queries.closing import still_open
from incidents.queries.workload import duties
from incidents.routes import About
from incidents.statuses import Level, Outcome, Status, Undertaking
from policies.operations.sweep import sweep
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_person, person_of, settle

DAY = timedelta(days=1)
# When the school closes on the Friday of that week.
FRIDAY = datetime.fromisoformat("2026-11-20T16:00:00+00:00")
WORDS = "Ask the form tutor how the week went"


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a new case about a pupil."""
    return make_incident(school=cast.school, by=cast.teacher)


def undertake(cast: Cast, incident: Incident, **changes: Any) -> Obligation:
    details = {"kind": Undertaking.ACTION, "words": WORDS, "due_at": FRIDAY, "by": cast.dsl, "at": NOW, **changes}
    return actions.undertake(incident=incident, **details)


def close(cast: Cast, incident: Incident, at: datetime = NOW) -> None:
    """Close a case, after deciding against whatever still stood in the way."""
    by = cast.dsl if incident.handled_by == "dsl" else cast.head
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=by, at=at)
    settle(incident, by=by, at=at)
    workflow.advance(incident=incident, to=Status.CLOSED, by=by, at=at, reason="Done.", outcome=Outcome.RESOLVED)


def on_the_day_of(cast: Cast, name: str, *, waiting: bool = False) -> list[str]:
    found = duties(cast.access(name), at=NOW, most=500)
    return [row.duty.text for one in found.sections if one.is_of_others is waiting for row in one.rows]


def test_it_is_owed_by_who_promised_it_and_written_into_the_chronology(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case, assignee=cast.deputy, words=f"{WORDS}?")

    row = Obligation.objects.get(pk=row.pk)
    assert (row.asks, row.assignee, row.due_at, row.alert_at) == (f"{WORDS}?", cast.deputy, FRIDAY, FRIDAY)
    assert (row.is_undertaking, row.text, row.owner_role) == (True, "Action on this case", "dsl")
    entry = case.chronology.get(event="incident.undertaken")
    assert (entry.by, entry.text) == (cast.dsl, f"{WORDS}? For Dennis Deputy. By 20 November 2026.")
    assert verify_chain(cast.school) == []


def test_it_stands_on_the_day_of_whoever_promised_it_and_of_nobody_else(cast: Cast, case: Incident) -> None:
    undertake(cast, case, assignee=cast.deputy)

    assert WORDS in on_the_day_of(cast, "deputy")
    for name in ("dsl", "online_safety_lead", "head", "chair", "teacher", "ict", "governor", "next_door_dsl"):
        assert WORDS not in on_the_day_of(cast, name), name


def test_the_owner_of_the_case_sees_that_they_wait_for_it(cast: Cast, case: Incident) -> None:
    Incident.objects.filter(pk=case.pk).update(owner=cast.dsl)
    undertake(cast, case, assignee=cast.deputy)

    assert WORDS not in on_the_day_of(cast, "dsl")
    assert WORDS in on_the_day_of(cast, "dsl", waiting=True)
    assert WORDS not in on_the_day_of(cast, "online_safety_lead", waiting=True)


def test_what_nobody_promised_waits_for_whoever_handles_the_case(cast: Cast, case: Incident) -> None:
    undertake(cast, case)

    for name in ("dsl", "deputy", "online_safety_lead"):
        assert WORDS in on_the_day_of(cast, name)
    for name in ("head", "teacher", "ict", "next_door_dsl"):
        assert WORDS not in on_the_day_of(cast, name)


def test_in_a_case_about_an_adult_it_is_the_heads(cast: Cast) -> None:
    about = [alleged(person_of(cast.colleague, cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=about, about=About.ADULT)
    row = undertake(cast, incident, by=cast.head)

    assert row.owner_role == "headteacher"
    assert WORDS in on_the_day_of(cast, "head")
    for name in ("dsl", "deputy", "chair", "colleague"):
        assert WORDS not in on_the_day_of(cast, name)
    with pytest.raises(Refused, match="cannot read this case"):
        undertake(cast, incident, by=cast.head, assignee=cast.dsl)


@pytest.mark.parametrize("name", ["teacher", "head", "ict", "next_door_dsl"])
def test_nobody_is_given_what_they_may_not_read(cast: Cast, case: Incident, name: str) -> None:
    with pytest.raises(Refused) as refused:
        undertake(cast, case, assignee=cast[name])

    assert refused.value.code == "assignee_cannot_read"
    assert not Obligation.objects.filter(incident=case, pack_id="").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"words": " \n"}, "words_missing"), ({"due_at": NOW}, "due_passed"), ({"due_at": NOW - DAY}, "due_passed")],
)
def test_what_cannot_be_meant_is_refused(cast: Cast, case: Incident, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        undertake(cast, case, **changes)

    assert refused.value.code == code
    assert not case.chronology.filter(event="incident.undertaken").exists()


def test_on_a_closed_case_nothing_is_set_but_a_lesson_followed_up(cast: Cast, case: Incident) -> None:
    close(cast, case)
    closed = Incident.objects.get(pk=case.pk)

    for kind in (Undertaking.ACTION, Undertaking.CHASE, Undertaking.REVIEW):
        with pytest.raises(Refused, match="closed"):
            undertake(cast, closed, kind=kind)
    assert undertake(cast, closed, kind=Undertaking.FOLLOW_UP).state == State.OPEN


def test_what_is_missed_goes_up_the_ladder(cast: Cast, case: Incident) -> None:
    Obligation.objects.all().update(alert_at=None)
    row = undertake(cast, case, assignee=cast.deputy)

    assert sweep(now=FRIDAY - DAY, tables=[OBLIGATIONS]).told == 0
    OutboxMessage.objects.all().delete()
    assert sweep(now=FRIDAY, tables=[OBLIGATIONS]).told == 1
    assert sweep(now=FRIDAY + timedelta(hours=4), tables=[OBLIGATIONS]).told == 1

    assert list(Escalation.objects.order_by("step").values_list("told_role", flat=True)) == [
        "deputy_dsl",
        "headteacher",
    ]
    told = OutboxMessage.objects.order_by("queued_at")
    # The head may not open the case, and learns that a duty was missed, not which.
    assert [message.kind for message in told] == ["incidents/duty_missed", "incidents/duty_missed_elsewhere"]
    assert row.step == 0


def test_the_policy_never_withdraws_it(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case)

    obligations.apply(incident=case, at=NOW + DAY)
    ownership.set_level(incident=case, level=Level.DANGER, reason="They are at risk.", by=cast.dsl, at=NOW + DAY)
    ownership.set_level(incident=case, level=Level.LOW, reason="They are not.", by=cast.dsl, at=NOW + DAY)

    row.refresh_from_db()
    assert (row.state, row.due_at) == (State.OPEN, FRIDAY)


def test_closing_waits_for_it_and_what_follows_up_a_lesson_outlives_the_case(cast: Cast, case: Incident) -> None:
    row, lesson = undertake(cast, case), undertake(cast, case, kind=Undertaking.FOLLOW_UP)
    for duty in still_open(case):
        if duty.pk != row.pk:
            obligations.waive(obligation=duty, by=cast.dsl, at=NOW, reason="Not needed.")
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="1 thing is still open"):
        workflow.advance(incident=case, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="a", outcome=Outcome.RESOLVED)

    obligations.waive(obligation=row, by=cast.dsl, at=NOW, reason="She has left.")
    workflow.advance(incident=case, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Done.", outcome=Outcome.RESOLVED)

    lesson.refresh_from_db()
    assert (lesson.state, lesson.alert_at) == (State.OPEN, FRIDAY)
    assert sweep(now=FRIDAY, tables=[OBLIGATIONS]).told == 1


def test_what_still_stands_when_a_case_ends_ends_with_it(cast: Cast, case: Incident) -> None:
    row, lesson = undertake(cast, case), undertake(cast, case, kind=Undertaking.FOLLOW_UP)

    obligations.end_with_the_case(incident=case, by=cast.dsl, at=NOW)

    row.refresh_from_db()
    lesson.refresh_from_db()
    assert (row.state, row.alert_at, row.reason) == (State.WITHDRAWN, None, "The case was closed.")
    assert lesson.state == State.OPEN


def test_a_new_date_has_a_reason_and_the_old_one_stays_on_record(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case)

    actions.move(obligation=row, due_at=FRIDAY + 7 * DAY, reason="She is ill.", by=cast.deputy, at=NOW + DAY)

    row.refresh_from_db()
    assert (row.starts_at, row.due_at, row.alert_at) == (NOW + DAY, FRIDAY + 7 * DAY, FRIDAY + 7 * DAY)
    entry = case.chronology.get(event="incident.undertaking_moved")
    words = f"{WORDS}. Now by 27 November 2026. It was due on 20 November 2026. She is ill."
    assert (entry.by, entry.text) == (cast.deputy, words)


def refused_move(row: Obligation, by: User, **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        actions.move(obligation=row, by=by, **{"due_at": FRIDAY + DAY, "reason": "Ill", "at": NOW, **changes})
    return refused.value.code


def test_a_date_does_not_move_without_reason_nor_back_nor_when_it_is_done(cast: Cast, case: Incident) -> None:
    row = undertake(cast, case)
    asked = Obligation.objects.get(incident=case, key="do:support_pupil")

    assert refused_move(row, cast.dsl, reason="\t") == "reason_missing"
    assert refused_move(row, cast.dsl, due_at=NOW) == "due_passed"
    assert refused_move(asked, cast.dsl) == "policy_asks"
    obligations.discharge(obligation=row, by=cast.dsl, at=NOW, evidence="")
    assert refused_move(row, cast.dsl) == "settled_already"
    assert not case.chronology.filter(event="incident.undertaking_moved").exists()


def test_an_act_settles_what_was_set_about_its_row_and_nothing_else(cast: Cast, case: Incident) -> None:
    subject, other = uuid.uuid4(), uuid.uuid4()
    about, elsewhere = (undertake(cast, case, kind=Undertaking.CHASE, subject=one) for one in (subject, other))
    plain = undertake(cast, case)
    foreign = undertake(
        cast, make_incident(school=cast.school, by=cast.teacher), kind=Undertaking.CHASE, subject=subject
    )

    actions.settle_about(incident=case, kind=Undertaking.CHASE, subject=subject, by=cast.deputy, at=NOW)
    actions.settle_about(incident=case, kind=Undertaking.CHASE, subject=subject, by=cast.deputy, at=NOW)

    states = [Obligation.objects.get(pk=row.pk).state for row in (about, elsewhere, plain, foreign)]
    assert states == [State.DONE, State.OPEN, State.OPEN, State.OPEN]
    assert case.chronology.filter(event="incident.duty_done").count() == 1


def test_the_case_is_due_when_the_first_of_them_is(cast: Cast, case: Incident) -> None:
    Obligation.objects.filter(incident=case).update(state=State.WITHDRAWN, settled_at=NOW, alert_at=None)
    undertake(cast, case)
    early = undertake(cast, case, due_at=FRIDAY - DAY)

    assert Incident.objects.get(pk=case.pk).next_due_at == FRIDAY - DAY
    actions.move(obligation=early, due_at=FRIDAY + DAY, reason="Later.", by=cast.dsl, at=NOW)
    assert Incident.objects.get(pk=case.pk).next_due_at == FRIDAY


def test_somebody_the_case_is_about_is_never_given_it(cast: Cast) -> None:
    about = [alleged(person_of(cast.deputy, cast.school)), alleged(make_person(school=cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=about, about=About.ADULT)

    with pytest.raises(Refused, match="cannot read this case"):
        undertake(cast, incident, assignee=cast.deputy, by=cast.head)
