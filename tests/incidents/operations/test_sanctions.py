"""Sanctions: the decision and its reason are kept, for none too; what the policy asks is settled by it."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.errors import Refused
from incidents.models import Incident, Sanction
from incidents.operations import sanctions
from incidents.operations.sanctions import Ruling
from policies.engine.vocabulary import Strength
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, harmed, make_incident, make_person
from tests.incidents.asking import ask_for, owed
from tests.incidents.operations.test_actions import close
from tests.incidents.operations.test_contacts import part

APPLY, CONSIDER = "do:apply_sanction", "do:consider_sanction"
RULING = Ruling("Hetty Head", date(2026, 11, 16), "He knew what he did.", "Two days without the phone")
NONE = replace(RULING, what=" ", reason="He is six and did not understand.")


@pytest.fixture
def case(cast: Cast) -> Incident:
    """Return a case in which two pupils are said to have harmed a third; the policy asks about a sanction."""
    names = ("Amira Hadley", "Ben Reed", "Carl Stone")
    named = [make_person(school=cast.school, name=name) for name in names]
    people = [harmed(named[0]), alleged(named[1]), alleged(named[2])]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people)
    ask_for(incident, APPLY)
    ask_for(incident, CONSIDER, strength=int(Strength.CONSIDER))
    return incident


def decide(
    cast: Cast, case: Incident, name: str = "Ben Reed", ruling: Ruling = RULING, sanction_id: uuid.UUID | None = None
) -> Sanction:
    made = sanction_id or uuid.uuid4()
    return sanctions.decide(incident=case, pupil=part(case, name), ruling=ruling, sanction_id=made, by=cast.dsl, at=NOW)


def states(case: Incident) -> list[str]:
    return [owed(case, key).state for key in (APPLY, CONSIDER)]


def test_a_decision_is_kept_with_who_made_it_and_why(cast: Cast, case: Incident) -> None:
    decide(cast, case)

    row = Sanction.objects.get()
    assert (row.what, row.is_none, row.decided_on) == ("Two days without the phone", False, date(2026, 11, 16))
    assert (row.decided_by_whom, row.recorded_by) == ("Hetty Head", cast.dsl)
    assert case.chronology.get(event="incident.sanction_decided").text == (
        "Ben Reed: Two days without the phone. Decided by Hetty Head on 16 November 2026. He knew what he did."
    )


def test_the_policy_is_met_once_it_was_decided_about_everybody_accused(cast: Cast, case: Incident) -> None:
    decide(cast, case)
    assert states(case) == [State.OPEN, State.OPEN]

    decide(cast, case, "Carl Stone", NONE)

    assert states(case) == [State.DONE, State.DONE]
    reason = owed(case, APPLY).reason or ""
    assert "Ben Reed: Two days without the phone." in reason
    assert "Carl Stone: No sanction." in reason


def test_where_there_is_none_for_anybody_it_is_not_needed_with_the_reasons(cast: Cast, case: Incident) -> None:
    decide(cast, case, ruling=NONE)
    decide(cast, case, "Carl Stone", NONE)

    assert states(case) == [State.WAIVED, State.WAIVED]
    assert "He is six and did not understand." in (owed(case, CONSIDER).reason or "")


def test_a_decision_about_the_pupil_who_was_harmed_settles_nothing(cast: Cast, case: Incident) -> None:
    decide(cast, case, "Amira Hadley")

    assert states(case) == [State.OPEN, State.OPEN]


def test_a_later_decision_stands_beside_the_earlier_and_counts(cast: Cast, case: Incident) -> None:
    decide(cast, case)
    sanctions.decide(
        incident=case,
        pupil=part(case, "Ben Reed"),
        ruling=NONE,
        sanction_id=uuid.uuid4(),
        by=cast.dsl,
        at=NOW.replace(hour=9),
    )
    decide(cast, case, "Carl Stone", NONE)

    assert Sanction.objects.count() == 3
    assert states(case) == [State.WAIVED, State.WAIVED]


@pytest.mark.parametrize(
    ("ruling", "code"),
    [
        (replace(RULING, reason=" "), "reason_missing"),
        (replace(NONE, reason=""), "reason_missing"),
        (replace(RULING, decided_by="\t"), "decider_missing"),
        (replace(RULING, decided_on=date(2026, 11, 18)), "decided_in_future"),
    ],
)
def test_a_decision_without_reason_or_decider_is_refused(cast: Cast, case: Incident, ruling: Ruling, code: str) -> None:
    with pytest.raises(Refused) as refused:
        decide(cast, case, ruling=ruling)

    assert refused.value.code == code
    assert not Sanction.objects.exists()


def test_sent_twice_it_is_kept_once_and_a_closed_case_is_opened_first(cast: Cast, case: Incident) -> None:
    made: Any = uuid.uuid4()
    assert decide(cast, case, sanction_id=made) == decide(cast, case, sanction_id=made)
    assert Sanction.objects.count() == 1

    close(cast, case)
    with pytest.raises(Refused, match="closed"):
        decide(cast, case)


def test_a_decision_is_never_changed(cast: Cast, case: Incident) -> None:
    row = decide(cast, case)
    row.reason = "Another"

    with pytest.raises(Refused, match="only ever added to"):
        row.save()
