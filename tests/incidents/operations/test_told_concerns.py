"""Told but not written: opened with the policy clock, settled by the concern that is sent, withdrawn with a reason."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent, Membership, OutboxMessage, User
from incidents.models import ConcernDraft, ToldConcern
from incidents.operations import told_concerns
from incidents.operations.incidents import report_concern
from incidents.queries.told_concerns import waiting_to_be_written
from incidents.routes import About
from policies.operations import adoptions
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, make_concern

AWARE = NOW - timedelta(hours=1)
DAY = timedelta(hours=24)


def told(
    cast: Cast, writer: str = "teacher", *, by: str = "dsl", aware: datetime = AWARE, memory: str = ""
) -> ToldConcern:
    """Note that somebody of the cast has to write something up."""
    return told_concerns.open_told(
        school=cast.school, writer=cast[writer], became_aware_at=aware, by=cast[by], at=NOW, memory=memory
    )


def adopt(cast: Cast, pack_id: str) -> None:
    """Let the school follow another policy from now on."""
    adoptions.adopt(school=cast.school, pack_id=pack_id, starts_on=NOW.date(), at=NOW, by=cast.head)


def send(cast: Cast, draft_id: uuid.UUID, *, by: str = "teacher", about: About = About.NO_ADULT) -> None:
    """Send a concern from a draft."""
    concern = make_concern(about=about)
    report_concern(school=cast.school, by=cast[by], at=NOW + timedelta(hours=2), draft_id=draft_id, concern=concern)


def test_where_the_policy_gives_24_hours_they_run_from_when_its_writer_became_aware(cast: Cast) -> None:
    adopt(cast, "junior-kings-canterbury-2023")

    row = told(cast)

    assert (row.starts_at, row.due_at, row.alert_at) == (AWARE, AWARE + DAY, AWARE + DAY / 2)
    assert (row.within, row.clause) == ("24h", "reporting-a-concern-about-a-student-4")
    assert (row.pack_id, row.owner_role) == ("junior-kings-canterbury-2023", "reporter")
    assert (row.state, row.step) == (State.OPEN, 0)


@pytest.mark.parametrize("pack_id", ["shipbourne-2018", "canterbury-cross-2023", "kingsmeadow-2019"])
def test_where_the_policy_gives_no_time_there_is_none_and_nothing_is_swept(cast: Cast, pack_id: str) -> None:
    adopt(cast, pack_id)

    row = told(cast)

    assert (row.due_at, row.alert_at, row.within) == (None, None, "")
    assert row.clause


@pytest.mark.parametrize(
    ("hours", "step", "next_hours"), [(1, 0, 12), (12, 1, 19.2), (20, 2, 24), (24, 3, 24), (90, 3, 24)]
)
def test_reminders_that_would_lie_in_the_past_are_left_out(
    cast: Cast, hours: int, step: int, next_hours: float
) -> None:
    aware = NOW - timedelta(hours=hours)

    row = told(cast, aware=aware)

    assert (row.step, row.alert_at) == (step, aware + timedelta(hours=next_hours))


def test_whoever_has_to_write_it_is_told_and_nobody_else(cast: Cast) -> None:
    row = told(cast)
    told(cast, "colleague", by="colleague")

    messages = list(OutboxMessage.objects.values_list("kind", "recipient", "path"))
    assert messages == [("incidents/told_opened", cast.teacher.pk, f"/s/oakfield/incidents/told/{row.pk}/")]


def test_it_is_opened_for_nobody_outside_and_for_no_moment_ahead(cast: Cast) -> None:
    with pytest.raises(Refused, match="in the future"):
        told(cast, aware=NOW + timedelta(minutes=1))
    with pytest.raises(Refused, match="do not work or help here"):
        told(cast, "next_door_teacher")
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    with pytest.raises(Refused, match="do not work or help here"):
        told(cast, "colleague")
    Membership.objects.filter(user=cast.ict).update(ends_on=NOW.date() - timedelta(days=1))
    with pytest.raises(Refused, match="do not work or help here"):
        told(cast, "ict")
    assert not ToldConcern.objects.exists()


def test_the_draft_begins_with_when_its_writer_became_aware_and_is_one(cast: Cast) -> None:
    row = told(cast, aware=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    draft = told_concerns.begin_writing(told=row, by=cast.teacher, at=NOW)

    assert draft.pk == row.draft_id
    assert draft.author == cast.teacher
    assert draft.typed()["fields"] == {"aware_date": "2026-07-01", "aware_time": "23:30"}
    assert told_concerns.begin_writing(told=row, by=cast.teacher, at=NOW) == draft
    assert ConcernDraft.objects.count() == 1


@pytest.mark.parametrize("name", ["dsl", "colleague", "head"])
def test_nobody_else_writes_it_up(cast: Cast, name: str) -> None:
    row = told(cast)

    with pytest.raises(Refused, match="Somebody else was asked"):
        told_concerns.begin_writing(told=row, by=cast[name], at=NOW)

    assert not ConcernDraft.objects.exists()


def test_sending_the_concern_settles_it(cast: Cast) -> None:
    row, other = told(cast), told(cast)
    told_concerns.begin_writing(told=row, by=cast.teacher, at=NOW)

    send(cast, row.draft_id)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.settled_by, row.alert_at) == (State.DONE, cast.teacher, None)
    assert row.settled_at == NOW + timedelta(hours=2)
    assert other.state == State.OPEN
    with pytest.raises(Refused, match="Nothing is waited for"):
        told_concerns.begin_writing(told=row, by=cast.teacher, at=NOW)


def test_a_concern_from_another_draft_or_by_somebody_else_settles_nothing(cast: Cast) -> None:
    row = told(cast)

    send(cast, uuid.uuid4())
    send(cast, row.draft_id, by="colleague")

    row.refresh_from_db()
    assert row.state == State.OPEN


@pytest.mark.parametrize("by", ["dsl", "teacher"])
def test_it_is_withdrawn_once_and_with_a_reason(cast: Cast, by: str) -> None:
    row = told(cast)
    with pytest.raises(Refused, match="Write down why"):
        told_concerns.withdraw(told=row, by=cast[by], at=NOW, reason=" ")

    told_concerns.withdraw(told=row, by=cast[by], at=NOW, reason="It was in another concern. ")

    row.refresh_from_db()
    assert (row.state, row.reason, row.settled_by) == (State.WITHDRAWN, "It was in another concern. ", cast[by])
    for act in (told_concerns.withdraw, told_concerns.remind):
        with pytest.raises(Refused, match="Nothing is waited for"):
            act(told=row, by=cast.dsl, at=NOW, **({"reason": "Again"} if act is told_concerns.withdraw else {}))


def test_what_its_writer_did_is_recorded_alike_whether_they_sent_something_or_not(cast: Cast) -> None:
    sent, nothing, taken_back = told(cast), told(cast), told(cast)
    send(cast, sent.draft_id, about=About.ADULT)
    told_concerns.withdraw(told=nothing, by=cast.teacher, at=NOW, reason="A mistake.")
    told_concerns.withdraw(told=taken_back, by=cast.dsl, at=NOW, reason="A mistake.")

    rows = AuditEvent.objects.filter(event__startswith="told.").exclude(event="told.opened")
    said = {row.target: (row.event, row.summary, row.actor, row.data, row.chain.name) for row in rows}
    assert said[f"told:{sent.pk}"] == said[f"told:{nothing.pk}"]
    assert said[f"told:{taken_back.pk}"][0] == "told.withdrawn"
    assert verify_chain(cast.school) == []


def test_a_reminder_by_hand_is_one_an_hour(cast: Cast) -> None:
    adopt(cast, "shipbourne-2018")
    row = told(cast)

    for minutes in (0, 1, 70):
        told_concerns.remind(told=row, by=cast.dsl, at=NOW + timedelta(minutes=minutes))

    sent = OutboxMessage.objects.filter(kind="incidents/told_reminder")
    assert [message.recipient for message in sent] == [cast.teacher] * 2


# Who knows of it


@pytest.mark.parametrize(
    ("name", "mine", "others"),
    [
        ("teacher", 1, 0),
        ("dsl", 0, 2),
        ("deputy", 0, 2),
        ("online_safety_lead", 0, 2),
        ("colleague", 1, 0),
        ("head", 0, 0),
        ("chair", 0, 0),
        ("governor", 0, 0),
        ("administrator", 0, 0),
        ("trust_lead", 0, 0),
        ("next_door_dsl", 0, 0),
    ],
)
def test_its_writer_and_the_team_know_of_it_and_nobody_else(cast: Cast, name: str, mine: int, others: int) -> None:
    told(cast)
    told(cast, "colleague", by="colleague")
    ended = told(cast)
    told_concerns.withdraw(told=ended, by=cast.dsl, at=NOW, reason="A mistake.")

    waiting = waiting_to_be_written(cast.access(name))

    assert (len(waiting.mine), len(waiting.others)) == (mine, others)


def test_what_is_due_first_comes_first_and_one_query_finds_it(cast: Cast, django_assert_num_queries: object) -> None:
    late, early = told(cast, aware=NOW - timedelta(hours=1)), told(cast, aware=NOW - timedelta(hours=5))
    access = cast.access("dsl")

    with django_assert_num_queries(1):  # type: ignore[operator]
        waiting = waiting_to_be_written(access, most=8)
        assert [row.writer.full_name for row in waiting.others] == ["Tessa Teacher"] * 2

    assert waiting.others == [early, late]
