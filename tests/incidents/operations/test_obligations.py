"""What is owed: there once, in step with the facts, done with evidence, waived with a reason, never deleted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent
from incidents.models import ChronologyEntry, Incident, InvolvedPerson, Obligation
from incidents.operations import obligations, ownership, workflow
from incidents.routes import About
from incidents.statuses import Level, Outcome, Part, Status
from policies.engine.durations import parse_within
from policies.engine.evaluate import Decision, explain
from policies.engine.facts import IncidentFacts
from policies.engine.obligations import Override
from policies.engine.packs import Pack
from policies.engine.vocabulary import Strength
from policies.operations import adoptions
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person, person_of, settle

HOUR = timedelta(hours=1)


@pytest.fixture(params=["junior-kings-canterbury-2023"])
def policy(cast: Cast, request: pytest.FixtureRequest) -> str:
    """Let the school follow a policy, from before anything happens."""
    early = NOW - timedelta(days=30)
    adoptions.adopt(
        school=cast.school,
        pack_id=request.param,
        starts_on=timezone.localtime(early).date(),
        at=early,
        by=cast.head,
        note="Approved",
    )
    return str(request.param)


def owed(incident: Incident, key: str) -> Obligation:
    return Obligation.objects.get(incident=incident, key=key)


def some(incident: Incident, **wanted: object) -> Obligation:
    """Return a plain deed that is still to be done."""
    found = Obligation.objects.filter(incident=incident, kind="do", state=State.OPEN, after_key="", **wanted)
    return found.exclude(strength=Strength.MUST_NOT).order_by("key")[0]


def stand(incident: Incident) -> list[tuple[str, str]]:
    return list(Obligation.objects.filter(incident=incident).order_by("key").values_list("key", "state"))


def test_logging_brings_what_the_policy_asks_with_its_clause_owner_and_time(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, people=[harmed(make_person(school=cast.school))])

    told = owed(incident, "notify:dsl")
    assert (told.owner_role, told.state, told.due_at, told.pack_id) == ("reporter", "open", NOW, policy)
    assert told.alert_at == NOW + HOUR
    assert "reporting-a-concern" in told.clause
    assert owed(incident, "forbid:promise_confidentiality!").alert_at is None
    assert not Obligation.objects.filter(kind="restrict").exists()


def test_the_24_hours_run_from_becoming_aware_and_logging_ends_them(cast: Cast, policy: str) -> None:
    aware = NOW - timedelta(hours=30)
    incident = make_incident(
        school=cast.school, by=cast.teacher, became_aware_at=aware, late_reason="I was away.", people=None
    )

    record = owed(incident, "record:incident")
    assert (record.within, record.starts_at, record.due_at) == ("24h", aware, aware + timedelta(hours=24))
    assert (record.state, record.settled_at, record.settled_by) == (State.DONE, NOW, cast.teacher)
    assert record.due_at == NOW - timedelta(hours=6)


@pytest.mark.parametrize(
    ("logged", "due"),
    [
        # On a Friday evening 24 hours are over before the next school day is; on a Monday morning the other way round.
        (datetime(2026, 11, 13, 18, 0, tzinfo=UTC), datetime(2026, 11, 14, 18, 0, tzinfo=UTC)),
        (datetime(2026, 11, 9, 9, 0, tzinfo=UTC), datetime(2026, 11, 9, 16, 0, tzinfo=UTC)),
    ],
)
def test_where_hours_and_days_compete_the_earlier_end_counts(
    cast: Cast, policy: str, monkeypatch: pytest.MonkeyPatch, logged: datetime, due: datetime
) -> None:
    def asks_both(packs: tuple[Pack, ...], facts: IncidentFacts) -> Decision:
        decision = explain(packs, facts)
        beside = (Override("a-floor", "4", Strength.MUST, parse_within("24h")),)
        one = next(line for line in decision.obligations if line.kind == "do" and line.strength is Strength.MUST)
        both = one.but(target="both", within=parse_within("same school day"), overrides=beside, after=None)
        return replace(decision, obligations=(*decision.obligations, both))

    monkeypatch.setattr("incidents.operations.obligations.explain", asks_both)
    incident = make_incident(school=cast.school, by=cast.teacher, at=logged)

    row = owed(incident, "do:both")
    assert (row.within, row.other_times, row.due_at, row.alert_at) == ("same school day", ["24h"], due, due)

    later = logged + HOUR
    obligations.apply(incident=incident, at=later)
    assert owed(incident, "do:both").due_at == due


def test_a_school_without_the_24_hours_is_given_none(cast: Cast) -> None:
    adoptions.adopt(
        school=cast.school,
        pack_id="kingsmeadow-2019",
        starts_on=timezone.localtime(NOW).date(),
        at=NOW,
        by=cast.head,
        note="Approved",
    )

    assert owed(make_incident(school=cast.school, by=cast.teacher), "record:incident").due_at is None


def test_applying_again_changes_nothing(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    before = list(Obligation.objects.order_by("pk").values())
    events = AuditEvent.objects.count()

    applied = obligations.apply(incident=incident, at=NOW + HOUR)

    assert applied == obligations.Applied((), (), ())
    assert list(Obligation.objects.order_by("pk").values()) == before
    assert AuditEvent.objects.count() == events


def test_new_facts_bring_new_duties_from_that_moment_and_withdraw_none_of_the_others(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    before = set(dict(stand(incident)))

    ownership.set_level(
        incident=incident, level=Level.DANGER, reason="They are at risk now.", by=cast.dsl, at=NOW + HOUR
    )

    danger = owed(incident, "refer:police_emergency")
    assert (danger.starts_at, danger.due_at, danger.severity) == (NOW + HOUR, NOW + HOUR, Level.DANGER)
    assert before <= set(dict(stand(incident)))
    assert AuditEvent.objects.filter(event="incident.duties_applied").count() == 1


def test_what_is_no_longer_asked_for_is_withdrawn_with_the_reason_and_comes_back(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    for level, words in ((Level.DANGER, "At risk."), (Level.LOW, "It was a mistake.")):
        ownership.set_level(incident=incident, level=level, reason=words, by=cast.dsl, at=NOW)

    gone = owed(incident, "refer:police_emergency")
    assert (gone.state, gone.settled_at, gone.alert_at) == (State.WITHDRAWN, NOW, None)
    assert gone.reason == obligations.NO_LONGER_ASKED

    ownership.set_level(incident=incident, level=Level.DANGER, reason="Again.", by=cast.dsl, at=NOW + HOUR)
    back = owed(incident, "refer:police_emergency")
    assert (back.pk, back.state, back.due_at, back.reason) == (gone.pk, State.OPEN, NOW + HOUR, None)


def test_done_needs_what_shows_it_and_stays_done(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    duty = some(incident)

    obligations.discharge(obligation=duty, by=cast.dsl, at=NOW, evidence="Spoke to them both.")

    duty.refresh_from_db()
    assert (duty.state, duty.settled_by, duty.reason) == (State.DONE, cast.dsl, "Spoke to them both.")
    entry = ChronologyEntry.objects.get(incident=incident, event="incident.duty_done")
    assert duty.text in entry.text
    with pytest.raises(Refused) as refusal:
        obligations.waive(obligation=duty, by=cast.dsl, at=NOW, reason="After all not.")
    assert refusal.value.code == "settled_already"
    assert verify_chain(cast.school) == []


def test_a_decision_not_to_act_needs_its_reason(cast: Cast, policy: str) -> None:
    duty = some(make_incident(school=cast.school, by=cast.teacher))

    with pytest.raises(Refused) as refusal:
        obligations.waive(obligation=duty, by=cast.dsl, at=NOW, reason="  ")
    obligations.waive(obligation=duty, by=cast.dsl, at=NOW, reason="The family has moved away.")

    assert refusal.value.code == "reason_missing"
    duty.refresh_from_db()
    assert (duty.state, duty.reason) == (State.WAIVED, "The family has moved away.")


def test_what_is_forbidden_is_never_ticked_off(cast: Cast, policy: str) -> None:
    ban = owed(make_incident(school=cast.school, by=cast.teacher), "forbid:promise_confidentiality!")

    for act, words in ((obligations.discharge, "evidence"), (obligations.waive, "reason")):
        with pytest.raises(Refused) as refusal:
            act(obligation=ban, by=cast.dsl, at=NOW, **{words: "Because."})
        assert refusal.value.code == "is_a_ban"


def test_only_what_its_clause_holds_up_can_rest_and_the_clock_is_later_by_so_much(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    plain, held = some(incident), owed(incident, "notify:dsl")
    Obligation.objects.filter(pk=held.pk).update(until="police_advice")

    with pytest.raises(Refused) as refusal:
        obligations.pause(obligation=plain, by=cast.dsl, at=NOW, reason="Waiting.")
    obligations.pause(obligation=held, by=cast.dsl, at=NOW, reason="The police asked us to wait.")
    held.refresh_from_db()
    assert (held.state, held.alert_at) == (State.PAUSED, None)
    obligations.resume(obligation=held, by=cast.dsl, at=NOW + 3 * HOUR)

    assert refusal.value.code == "never_pauses"
    held.refresh_from_db()
    assert (held.state, held.due_at, held.paused_seconds) == (State.OPEN, NOW + 3 * HOUR, 3 * 3600)


def test_acknowledging_the_concern_is_the_acknowledgement_the_policy_asks_for(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    assert owed(incident, "acknowledge:dsl").state == State.OPEN

    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW + HOUR)

    seen = owed(incident, "acknowledge:dsl")
    assert (seen.state, seen.settled_by, seen.settled_at) == (State.DONE, cast.dsl, NOW + HOUR)


def test_closing_ends_what_is_still_owed_and_opening_again_brings_it_back(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=incident, owner=cast.dsl, by=cast.dsl, at=NOW)
    settle(incident, by=cast.dsl)
    workflow.advance(
        incident=incident, to=Status.CLOSED, by=cast.dsl, at=NOW, reason="Settled.", outcome=Outcome.RESOLVED
    )
    assert not Obligation.objects.filter(incident=incident).outstanding().exists()

    workflow.advance(incident=incident, to=Status.OPEN, by=cast.dsl, at=NOW + HOUR, reason="It happened again.")

    assert Obligation.objects.filter(incident=incident, state=State.OPEN).exists()
    assert all(row.alert_at is None for row in Obligation.objects.exclude(state=State.OPEN))


def test_about_the_head_nothing_is_owed_by_the_head(cast: Cast, policy: str) -> None:
    incident = make_incident(
        school=cast.school,
        by=cast.teacher,
        about=About.HEADTEACHER,
        people=[alleged(person_of(cast.head, cast.school))],
    )

    lado = owed(incident, "consult:lado")
    assert (lado.owner_role, lado.within) == ("chair_of_governors", "1 working day")
    assert not Obligation.objects.filter(incident=incident, owner_role="headteacher").exists()
    assert owed(incident, "notify:chair_of_governors").state == State.OPEN


def test_late_discovery_moves_the_duties_along(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    before = set(Obligation.objects.filter(incident=incident).values_list("owner_role", flat=True))
    assert "dsl" in before
    InvolvedPerson.objects.create(
        school=cast.school,
        incident=incident,
        person=person_of(cast.dsl, cast.school),
        part=Part.ALLEGED,
        added_at=NOW,
        added_by=cast.head,
    )

    obligations.apply(incident=incident, at=NOW + HOUR)

    still = Obligation.objects.filter(incident=incident).outstanding()
    assert "dsl" not in set(still.values_list("owner_role", flat=True))
    assert not still.filter(kind__in=("notify", "acknowledge"), target="dsl").exists()


def test_what_is_due_next_is_kept_on_the_case(cast: Cast, policy: str) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher)
    assert owed(incident, "notify:dsl").due_at == NOW
    assert incident.next_due_at is None
    ownership.set_level(incident=incident, level=Level.DANGER, reason="At risk.", by=cast.dsl, at=NOW + HOUR)
    incident.refresh_from_db()
    assert incident.next_due_at == NOW + HOUR

    for duty in Obligation.objects.filter(incident=incident, due_at__isnull=False, state=State.OPEN):
        obligations.discharge(obligation=duty, by=cast.dsl, at=NOW, evidence="Done.")

    incident.refresh_from_db()
    assert incident.next_due_at is None
