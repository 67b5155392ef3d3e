"""Up the ladder: at the right moments, to somebody whom it is not about, and never to nobody."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.access import conflicts_of
from accounts.audit import verify_chain
from accounts.models import Absence, AuditEvent, Membership, OutboxMessage, Relation, School, User
from accounts.operations import people
from accounts.outbox import deliver_due
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import visible_incidents
from incidents.models import Escalation, Incident, Obligation
from incidents.operations import obligations
from incidents.operations.escalations import OBLIGATIONS
from incidents.routes import EXTERNAL_CONTACT, About
from policies import ladders
from policies.engine.packs import EscalationStep
from policies.operations import adoptions
from policies.operations.escalations import DUTIES
from policies.operations.sweep import Swept, sweep
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, make_member, person_of
from tests.numbers import examples

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CAST = ("dsl", "deputy", "online_safety_lead", "head", "chair", "trust_lead", "governor", "teacher")


def swept(at: Any = NOW) -> Swept:
    return sweep(now=at, tables=[OBLIGATIONS])


def only(incident: Incident, **details: Any) -> Obligation:
    """Leave one obligation of a case, a deed of the DSL that is due now unless told otherwise; forget the messages."""
    row = Obligation.objects.filter(incident=incident).first()
    assert row is not None
    Obligation.objects.exclude(pk=row.pk).update(state="withdrawn", settled_at=NOW, alert_at=None)
    values = {"key": "do:keep_safe", "kind": "do", "target": "keep_safe", "owner_role": "dsl", "strength": 2}
    values |= {"within": "4h", "state": "open", "settled_at": None, "settled_by": None, "after_key": ""}
    values |= {"starts_at": NOW - 4 * HOUR, "due_at": NOW, "alert_at": NOW} | details
    Obligation.objects.filter(pk=row.pk).update(**values)
    OutboxMessage.objects.all().delete()
    row.refresh_from_db()
    return row


def make_late(cast: Cast, **details: Any) -> Obligation:
    return only(make_incident(school=cast.school, by=cast.teacher), **details)


def follow(cast: Cast, pack_id: str) -> None:
    early = NOW - 30 * DAY
    day = timezone.localtime(early).date()
    adoptions.adopt(school=cast.school, pack_id=pack_id, starts_on=day, at=early, by=cast.head, note="Approved")


def told() -> list[str]:
    return list(Escalation.objects.order_by("at", "step").values_list("told_role", flat=True))


def readers() -> set[str]:
    return set(OutboxMessage.objects.values_list("recipient__full_name", flat=True))


# When and whom


def climb(at: Any, times: int) -> Iterator[tuple[str, Any]]:
    """Sweep at every moment at which there is something to do; yield who was told then."""
    for _ in range(times):
        assert swept(at - timedelta(microseconds=1)) == Swept()
        assert swept(at).told == 1
        row = Obligation.objects.get(state="open", strength=2)
        rung = Escalation.objects.order_by("-step")[0]
        yield rung.told_role, rung.at
        at = row.alert_at


def test_the_starters_steps_come_after_nothing_and_four_hours_then_a_rung_every_day(cast: Cast) -> None:
    make_late(cast)

    rungs = list(climb(NOW, 5))

    assert [role for role, _ in rungs] == [
        "deputy_dsl",
        "headteacher",
        "chair_of_governors",
        "trust_safeguarding_lead",
        EXTERNAL_CONTACT,
    ]
    assert [at - NOW for _, at in rungs] == [0 * HOUR, 4 * HOUR, 28 * HOUR, 52 * HOUR, 76 * HOUR]
    row = Obligation.objects.get(state="open")
    assert (row.alert_at, row.step) == (None, 5), "it stays visible as overdue, and nobody is left to tell"
    assert row.is_late(NOW + DAY)
    assert swept(NOW + 365 * DAY) == Swept()
    last = OutboxMessage.objects.order_by("-queued_at")[0]
    assert (last.address, last.path) == (cast.school.external_contact_email, "/")


def test_a_school_without_steps_of_its_own_follows_the_floors(cast: Cast) -> None:
    follow(cast, "shipbourne-2018")
    make_late(cast)

    assert [at - NOW for _, at in climb(NOW, 3)] == [0 * HOUR, 24 * HOUR, 48 * HOUR]


def test_what_is_due_at_once_has_its_grace(cast: Cast) -> None:
    row = make_late(cast, within="immediately", alert_at=NOW)

    assert swept(NOW).told == 0
    row.refresh_from_db()
    assert row.alert_at == NOW + HOUR
    assert [at - NOW for _, at in climb(NOW + HOUR, 2)] == [HOUR, 4 * HOUR]


def test_what_is_counted_in_days_is_climbed_from_its_own_moment(cast: Cast) -> None:
    due = NOW.replace(hour=23, minute=59, second=59)
    make_late(cast, within="5 school days", due_at=due, alert_at=due)

    assert [at - due for _, at in climb(due, 2)] == [0 * HOUR, 4 * HOUR]


def test_a_sweep_that_comes_late_gives_whoever_is_told_an_hour_before_the_next(cast: Cast) -> None:
    make_late(cast)
    late = NOW + 72 * HOUR

    assert [swept(late + minutes * HOUR / 60).told for minutes in (0, 59, 60, 119, 120)] == [1, 0, 1, 0, 1]


def test_twice_at_the_same_moment_is_once(cast: Cast) -> None:
    make_late(cast)

    assert swept(NOW + 9 * DAY) == Swept(told=1)
    before = list(Obligation.objects.order_by("pk").values())
    assert swept(NOW + 9 * DAY) == Swept()
    assert list(Obligation.objects.order_by("pk").values()) == before
    assert Escalation.objects.count() == 1


@pytest.mark.parametrize("change", [{"strength": 1}, {"due_at": None}])
def test_what_nobody_must_do_by_then_is_left_alone(cast: Cast, change: dict[str, Any]) -> None:
    row = make_late(cast, **change)

    assert swept() == Swept()
    row.refresh_from_db()
    assert row.alert_at is None


def test_done_and_paused_are_climbed_no_further(cast: Cast) -> None:
    row = make_late(cast, until="police_advice")
    swept()
    obligations.pause(obligation=row, by=cast.dsl, at=NOW + HOUR, reason="The police asked.")
    assert swept(NOW + 9 * DAY) == Swept()

    obligations.resume(obligation=row, by=cast.dsl, at=NOW + 2 * HOUR)
    # Its time is later by the hour that it rested.
    assert swept(NOW + 4 * HOUR).told == 0
    assert swept(NOW + 5 * HOUR).told == 1
    obligations.discharge(obligation=row, by=cast.dsl, at=NOW + 6 * HOUR, evidence="Done.")
    assert swept(NOW + 9 * DAY) == Swept()


def test_what_comes_back_is_climbed_anew(cast: Cast) -> None:
    row = make_late(cast)
    swept()
    again = NOW + 2 * DAY
    Obligation.objects.filter(pk=row.pk).update(starts_at=again, due_at=again, alert_at=again, step=1)

    assert [role for role, _ in climb(again, 2)] == ["deputy_dsl", "headteacher"]
    assert list(Escalation.objects.order_by("step").values_list("step", flat=True)) == [0, 1, 2]
    assert OutboxMessage.objects.count() == 3


def test_a_rung_that_nobody_holds_or_whose_holder_is_away_is_passed(cast: Cast) -> None:
    Membership.objects.filter(user=cast.deputy).delete()
    Absence.objects.create(
        school=cast.school, user=cast.head, starts_at=NOW - DAY, added_at=NOW - DAY, added_by=cast.administrator
    )
    make_late(cast)

    swept()

    assert told() == ["online_safety_lead"] or told() == ["chair_of_governors"]
    assert "Hetty Head" not in readers()


# What they learn


def test_whoever_may_open_the_case_is_led_there_and_nobody_else(cast: Cast) -> None:
    row = make_late(cast)
    for at in (NOW, NOW + 4 * HOUR, NOW + 28 * HOUR):
        swept(at)

    by_name = {message.recipient.full_name: message for message in OutboxMessage.objects.select_related("recipient")}
    case, home = row.incident.get_absolute_url(), f"/s/{cast.school.slug}/"
    assert (by_name["Dennis Deputy"].kind, by_name["Dennis Deputy"].path) == ("incidents/duty_missed", case)
    for name in ("Hetty Head", "Charles Chair"):
        assert (by_name[name].kind, by_name[name].path) == ("incidents/duty_missed_elsewhere", home)
    deliver_due(NOW + 2 * DAY)
    above = [sent for sent in mail.outbox if sent.subject == "A duty was missed"]
    assert len(above) == 2
    for sent in mail.outbox:
        assert row.incident.reference not in sent.subject + (str(sent.body) if sent in above else "")
    for sent in above:
        assert not {"child", "pupil", "case"} & set(str(sent.body).replace("\n", " ").lower().split()), sent.body


def test_a_governor_learns_of_the_role_and_nothing_of_the_case(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    row = only(incident, owner_role="safeguarding_governor")

    for at in (NOW, NOW + 4 * HOUR, NOW + 28 * HOUR, NOW + 52 * HOUR):
        swept(at)

    rows = OutboxMessage.objects.filter(recipient__in=[cast.chair, cast.governor])
    assert rows.exists()
    for message in rows:
        assert str(incident.pk) not in f"{message.path} {message.dedupe_key}"
        assert incident.reference not in f"{message.path} {message.dedupe_key}"
        assert message.kind == "incidents/duty_missed_elsewhere"
    assert Escalation.objects.filter(obligation=row).exists()


@pytest.mark.parametrize(
    ("about", "accused", "handler"),
    [(About.ADULT, "colleague", "headteacher"), (About.HEADTEACHER, "head", "chair_of_governors")],
)
@pytest.mark.parametrize("owner", ["reporter", "dsl", "headteacher", "ict_technician", "chair_of_governors"])
def test_a_case_that_few_may_know_of_never_reaches_the_team_or_an_office_below(
    cast: Cast, about: About, accused: str, handler: str, owner: str
) -> None:
    person = alleged(person_of(cast[accused], cast.school))
    incident = make_incident(school=cast.school, by=cast.teacher, about=about, people=[person])
    assert incident.handled_by == handler
    only(incident, owner_role=owner)

    for day in range(9):
        swept(NOW + day * DAY)

    offices = ["headteacher", "chair_of_governors", "trust_safeguarding_lead", EXTERNAL_CONTACT]
    roles = told()
    assert set(roles) <= set(offices[offices.index(handler) :])
    assert roles[-1] == EXTERNAL_CONTACT
    assert not {"Dora Safe", "Dennis Deputy", "Olive Online", cast[accused].full_name} & readers()
    assert not AuditEvent.objects.filter(event="incident.duty_escalated", chain__name="school").exists()
    assert verify_chain(cast.school) == []


def test_a_role_that_a_step_names_is_told_though_it_stands_on_no_ladder(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (EscalationStep(None, "safeguarding_governor"), EscalationStep(None, "owner"))
    monkeypatch.setattr(ladders, "steps_of", lambda packs: steps)
    make_late(cast)

    swept()

    assert told() == ["safeguarding_governor"]
    assert readers() == {"Gwen Governor"}


# RT-1: the promised number in `./run assure numbers`.


@settings(
    max_examples=examples(60, promised=2_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    accused=st.sets(st.sampled_from(CAST), max_size=2),
    related=st.sets(st.tuples(st.sampled_from(CAST), st.sampled_from(CAST)).filter(lambda p: p[0] != p[1]), max_size=2),
    gone=st.sets(st.sampled_from(CAST[:6]), max_size=5),
    away=st.sets(st.sampled_from(CAST[:6]), max_size=3),
    about=st.sampled_from(About),
    owner=st.sampled_from(["reporter", "dsl", "deputy_dsl", "headteacher", "governors", "ict_technician", "slt"]),
)
def test_nobody_is_told_of_what_is_about_them_or_a_relative_and_somebody_always_is(
    cast: Cast,
    accused: set[str],
    related: set[tuple[str, str]],
    gone: set[str],
    away: set[str],
    about: About,
    owner: str,
) -> None:
    with transaction.atomic():
        for one, two in related:
            people.relate(
                person=person_of(cast[one], cast.school),
                related=person_of(cast[two], cast.school),
                relation=Relation.SIBLING,
                at=NOW,
            )
        User.objects.filter(pk__in=[cast[name].pk for name in gone]).update(is_active=False)
        for name in away:
            Absence.objects.create(
                school=cast.school, user=cast[name], starts_at=NOW - DAY, added_at=NOW - DAY, added_by=cast.teacher
            )
        persons = [person_of(cast[name], cast.school) for name in accused]
        incident = make_incident(school=cast.school, by=cast.colleague, people=[*map(alleged, persons)], about=about)
        only(incident, owner_role=owner)

        for day in range(8):
            swept(NOW + day * DAY)

        messages = list(OutboxMessage.objects.select_related("recipient"))
        subjects = set(incident.people.filter(part="alleged").values_list("person_id", flat=True))
        for message in messages:
            user = message.recipient
            assert bool(user) is (message.address != cast.school.external_contact_email)
            if user is None:
                continue
            assert user.is_active
            assert not conflicts_of(user) & subjects
            assert user not in [cast[name] for name in away]
            if message.kind == "incidents/duty_missed":
                name = next(name for name in CAST if cast[name] == user)
                assert incident in visible_incidents(cast.access(name))
        assert [message for message in messages if message.recipient is None], "the contact outside is told at last"
        assert len(told()) == len(set(told())), "no rung twice"
        if incident.is_restricted:
            assert not set(told()) & set(SAFEGUARDING_TEAM)
        transaction.set_rollback(True)


# Cost


def statements(at: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        sweep(now=at, tables=[OBLIGATIONS, DUTIES])
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([query for query in asked.captured_queries if not query["sql"].startswith(marks)])


def copies(row: Obligation, count: int) -> None:
    """Store the same obligation under other keys."""
    rows = []
    for number in range(count):
        one = Obligation.objects.get(pk=row.pk)
        one.pk, one._state.adding, one.key = None, True, f"do:{number}"
        one.id = Obligation._meta.pk.get_default()
        rows.append(one)
    Obligation.objects.bulk_create(rows)


def test_nothing_due_takes_no_more_than_three_statements_and_hundreds_as_many_as_one(cast: Cast) -> None:
    row = make_late(cast)
    Obligation.objects.filter(pk=row.pk).update(alert_at=NOW + HOUR)
    assert statements(NOW) <= 3
    Obligation.objects.filter(pk=row.pk).update(alert_at=NOW)
    one = statements(NOW)
    for _ in range(3):
        copies(only_another(cast), 100)

    assert statements(NOW) == one <= 20
    assert Escalation.objects.count() == 1 + 3 * 101
    assert verify_chain(cast.school) == []


def only_another(cast: Cast) -> Obligation:
    """Return an open obligation of another case, due now."""
    incident = make_incident(school=cast.school, by=cast.teacher)
    Obligation.objects.filter(incident=incident).update(alert_at=None)
    row = Obligation.objects.filter(incident=incident, state="open", strength=2, due_at__isnull=False)[0]
    values = {"within": "4h", "due_at": NOW, "alert_at": NOW, "owner_role": "dsl", "starts_at": NOW - HOUR}
    Obligation.objects.filter(pk=row.pk).update(**values)
    return row


def test_several_schools_are_swept_together_each_with_its_own_people(cast: Cast) -> None:
    make_member(school=cast.next_door, role=Role.DEPUTY_DSL, name="Next Deputy")
    here = make_late(cast)
    there = make_incident(school=cast.next_door, by=cast.next_door_teacher)
    row = Obligation.objects.filter(incident=there, state="open", strength=2, due_at__isnull=False)[0]
    Obligation.objects.filter(incident=there).update(alert_at=None)
    Obligation.objects.filter(pk=row.pk).update(due_at=NOW, alert_at=NOW, within="4h", owner_role="dsl")
    OutboxMessage.objects.all().delete()

    assert swept().told == 2

    pairs = set(OutboxMessage.objects.values_list("school__slug", "recipient__full_name"))
    assert pairs == {("oakfield", "Dennis Deputy"), ("birchwood", "Next Deputy")}
    assert {rung.school_id for rung in Escalation.objects.all()} == {here.school_id, there.school_id}
    schools = School.objects.all()
    assert list(itertools.chain.from_iterable(verify_chain(school) for school in schools)) == []
