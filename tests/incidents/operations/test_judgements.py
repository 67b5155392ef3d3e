"""Another edition: cases keep the one they were judged by, until a command judges the open ones again."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import verify_chain
from accounts.errors import Refused
from incidents.models import ChronologyEntry, Incident
from incidents.operations import judgements, ownership, workflow
from incidents.queries.judgements import judgements_due
from incidents.statuses import Outcome, Status
from policies.operations import adoptions
from policies.queries.packs import adoption_in_force
from tests.conftest import Cast
from tests.factories import NOW, make_incident, settle
from tests.incidents.conftest import Clock

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def judged(cast: Cast, clock: Clock) -> Incident:
    """Return a case that was judged by the default, after which the school adopted its own policy."""
    incident = make_incident(school=cast.school, by=cast.teacher)
    adoptions.adopt(
        school=cast.school,
        pack_id="shipbourne-2018",
        starts_on=timezone.localtime(LATER).date(),
        at=LATER,
        by=cast.head,
        note="Approved",
    )
    clock.forward(timedelta(hours=2))
    return incident


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("reconcile", *arguments, stdout=output)
    return output.getvalue()


def close(incident: Incident, cast: Cast) -> None:
    move = {"incident": incident, "by": cast.dsl, "at": LATER}
    workflow.advance(to=Status.ACKNOWLEDGED, **move)
    ownership.assign(owner=cast.dsl, **move)
    incident.refresh_from_db()
    if incident.status != Status.OPEN:
        workflow.advance(to=Status.OPEN, **move)
    settle(incident, by=cast.dsl, at=LATER)
    workflow.advance(to=Status.CLOSED, reason="It is settled.", outcome=Outcome.RESOLVED, **move)


def test_a_case_keeps_the_edition_it_was_judged_by(cast: Cast, judged: Incident) -> None:
    judged.refresh_from_db()

    assert judged.adoption.edition.pack_id == "starter"
    assert make_incident(school=cast.school, by=cast.teacher, at=LATER).adoption.edition.pack_id == "shipbourne-2018"


def test_what_would_change_is_named(cast: Cast, judged: Incident) -> None:
    (found,) = judgements_due(cast.school, at=LATER)

    assert found.incident == judged
    assert found.adoption == adoption_in_force(cast.school, at=LATER)
    assert "acknowledge:dsl" in found.dropped
    assert "inform_parents:parents" in found.changed
    assert set(found.added).isdisjoint(found.dropped)


def test_a_dry_run_changes_nothing(cast: Cast, judged: Incident) -> None:
    said = run("--school", cast.school.slug)

    judged.refresh_from_db()
    assert judged.adoption.is_default
    assert judged.reference in said
    assert "1 open case would be judged again. Dry run." in said


def test_applying_judges_open_cases_again_and_says_so_on_the_case(cast: Cast, judged: Incident) -> None:
    said = json.loads(run("--apply", "--json"))

    judged.refresh_from_db()
    assert [(row["reference"], row["applied"]) for row in said] == [(judged.reference, True)]
    assert judged.adoption == adoption_in_force(cast.school, at=LATER)
    entry = ChronologyEntry.objects.get(incident=judged, event="incident.judged_again")
    assert entry.by is None
    assert "edition 2018-09" in entry.text
    assert verify_chain(cast.school) == []
    assert json.loads(run("--apply", "--json")) == []


def test_of_a_restricted_case_nothing_is_said_but_that_it_is_there(cast: Cast, judged: Incident) -> None:
    Incident.objects.filter(pk=judged.pk).update(handled_by="headteacher")

    said, told = run(), json.loads(run("--json"))

    assert judged.reference not in said
    assert "oakfield a restricted case" in said
    assert told == [{"school": "oakfield", "is_restricted": True, "applied": False}]


def test_a_closed_case_is_left_alone(cast: Cast, judged: Incident) -> None:
    close(judged, cast)

    assert json.loads(run("--apply", "--json")) == []
    with pytest.raises(Refused) as refusal:
        judgements.judge_again(
            incident=judged, adoption=adoption_in_force(cast.school, at=LATER), at=LATER, by=cast.head
        )
    assert refusal.value.code == "case_closed"


def test_the_policy_of_another_school_is_refused(cast: Cast, judged: Incident) -> None:
    foreign = adoptions.in_force_or_default(school=cast.next_door, at=LATER)

    with pytest.raises(Refused) as refusal:
        judgements.judge_again(incident=judged, adoption=foreign, at=LATER)

    assert refusal.value.code == "adoption_foreign"


def test_an_unknown_school_is_refused_in_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match="There is no school 'nowhere'"):
        run("--school", "nowhere")
