"""An allegation step by step: the four tests, the officer, the person, what is done meanwhile, how it ended."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import OutboxMessage
from incidents.allegations import AllegationOutcome, Considered, HarmTest, LowLevelKind, Reply, Step
from incidents.entry_kinds import EntryKind, kind_of
from incidents.events import Event
from incidents.models import Allegation, AllegationStep, Incident, LowLevelConcern, Obligation
from incidents.operations import allegations, referrals, sharing, workflow
from incidents.operations.allegations import Care, Comparison, Ending, Precautions
from incidents.queries.allegations import OFFICER, course_of, next_of, steps_of
from incidents.queries.closing import still_open
from incidents.queries.low_level_concerns import visible_low_level
from incidents.statuses import Kept, Method, Outcome, Status
from policies.engine.vocabulary import Agency, HarmThreshold, Kind
from policies.operations import adoptions
from policies.statuses import State
from tests.conftest import Cast
from tests.factories import NOW, alleged, end_allegation, harmed, make_incident, make_person, person_of, settle

LATER = NOW + timedelta(hours=1)
NO = Considered.NOT_NEEDED
CLOSE = {"to": Status.CLOSED, "reason": "Done.", "outcome": Outcome.RESOLVED, "at": LATER}


@pytest.fixture
def case(cast: Cast) -> Incident:
    """A case about a colleague who may have harmed a child, judged by the law alone, acknowledged by the head."""
    adoptions.adopt(
        school=cast.school, pack_id="starter", starts_on=NOW.date(), at=NOW, by=cast.administrator, note="Approved"
    )
    people = [harmed(make_person(school=cast.school)), alleged(person_of(cast.colleague, cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people)
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.head, at=NOW)
    return incident


def now(case: Incident) -> Incident:
    return Incident.objects.get(pk=case.pk)


def answers(*replies: Reply) -> Comparison:
    each = dict(zip(HarmTest, replies or (Reply.YES, Reply.NO, Reply.NO, Reply.UNCLEAR), strict=True))
    return Comparison(each, "The teacher saw it.", {HarmTest.HARMED: "A grip that left a mark."})


def compare(cast: Cast, case: Incident, *replies: Reply) -> Allegation:
    return allegations.compare(incident=case, tested=answers(*replies), by=cast.head, at=LATER)


def ending(outcome: AllegationOutcome = AllegationOutcome.UNFOUNDED, **changes: Any) -> Ending:
    said = {"barring": NO, "barring_words": "Nothing to tell.", "teaching": NO, "teaching_words": "Nothing to tell."}
    return Ending(outcome, "Two people were there and saw nothing of it.", **(said | changes))


def tell_the_officer(cast: Cast, case: Incident) -> None:
    contact = referrals.Contact(
        agency=Agency.LADO,
        kind=Kind.CONSULT,
        method=Method.PHONE,
        made_at=NOW,
        made_by=cast.head,
        said="What the teacher saw.",
        advice="Say nothing to him yet.",
    )
    pk = make_person(school=cast.school).pk
    referrals.record(incident=case, referral_id=pk, contact=contact, chase_at=None, by=cast.head, at=LATER)


def refused(code: str, act: Any, **said: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act(**said)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("replies", "threshold"),
    [
        ((Reply.NO, Reply.NO, Reply.NO, Reply.NO), HarmThreshold.NOT_MET),
        ((Reply.NO, Reply.NO, Reply.NO, Reply.UNCLEAR), HarmThreshold.UNSURE),
        ((Reply.UNCLEAR, Reply.UNCLEAR, Reply.UNCLEAR, Reply.YES), HarmThreshold.MET),
        ((Reply.YES, Reply.NO, Reply.NO, Reply.NO), HarmThreshold.MET),
    ],
)
def test_one_yes_meets_the_threshold_and_only_noes_are_below_it(
    cast: Cast, case: Incident, replies: tuple[Reply, ...], threshold: HarmThreshold
) -> None:
    row = compare(cast, case, *replies)

    assert row.threshold == threshold
    # The policy is asked anew with what is known now.
    assert now(case).known["harm_threshold"] == threshold.value


def test_what_was_answered_is_kept_with_who_and_when_and_settles_what_was_asked(cast: Cast, case: Incident) -> None:
    compare(cast, case)

    entry = case.chronology.get(event=Event.ALLEGATION_TESTED)
    assert entry.text.startswith("It meets the harm threshold.")
    assert "Harmed a child: yes. A grip that left a mark." in entry.text
    assert (entry.by, entry.at) == (cast.head, LATER)
    course = course_of(now(case), at=LATER)
    assert course.threshold is HarmThreshold.MET
    assert course.recorded["threshold"].lines[0] == ("Harmed a child", "Yes. A grip that left a mark.")
    assert not Obligation.objects.filter(incident=case, key="do:document_decision").outstanding().exists()
    assert kind_of(Event.ALLEGATION_TESTED) is EntryKind.DECISION
    assert verify_chain(cast.school) == []


def test_a_step_that_is_written_anew_stands_beside_the_earlier_one(cast: Cast, case: Incident) -> None:
    compare(cast, case)
    allegations.compare(incident=case, tested=answers(*[Reply.NO] * 4), by=cast.head, at=LATER + timedelta(minutes=5))

    assert [step.said["harmed"] for step in steps_of(case)] == ["yes", "no"]
    assert course_of(case, at=LATER).is_below
    assert Allegation.objects.count() == 1
    with pytest.raises(Refused):
        AllegationStep.objects.update(step="care")


def test_the_case_manager_is_led_from_step_to_step(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "by": cast.head, "at": LATER}

    def next_step() -> str:
        return course_of(now(case), at=LATER).next_step

    assert (next_step(), next_of(case)) == (Step.THRESHOLD, "say whether it meets the harm threshold")
    compare(cast, case)
    assert (next_step(), next_of(case)) == (OFFICER, "go on with the allegation")
    tell_the_officer(cast, case)
    assert next_step() == Step.CARE
    allegations.look_after(care=Care("Grace Kind", "The union.", date(2026, 11, 19), "The officer, today"), **said)
    assert next_step() == Step.PRECAUTIONS
    allegations.take_precautions(taken=Precautions("Other duties.", "It is enough."), **said)
    assert next_step() == Step.OUTCOME
    allegations.end(ending=ending(), **said)
    assert (next_step(), next_of(case)) == ("", "")


def test_asking_the_officer_discharges_what_is_due_within_a_working_day(cast: Cast, case: Incident) -> None:
    duty = Obligation.objects.get(incident=case, key="consult:lado")
    assert (duty.within, duty.owner_role) == ("1 working day", "headteacher")
    assert course_of(case, at=LATER).officer.asked

    tell_the_officer(cast, case)

    assert Obligation.objects.get(pk=duty.pk).state == State.DONE
    officer = course_of(case, at=LATER).officer
    assert (officer.is_told, officer.asked, len(officer.made)) == (True, (), 1)


def test_who_looks_after_them_settles_that_and_nobody_tells_them_without_leave(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "by": cast.head, "at": LATER}
    refused("contact_missing", allegations.look_after, care=Care(" "), **said)
    refused("allowed_by_missing", allegations.look_after, care=Care("Grace", "", NOW.date(), " "), **said)

    allegations.look_after(care=Care("Grace Kind", "The union."), **said)

    entry = case.chronology.get(event=Event.ALLEGATION_CARE)
    assert entry.text == "Grace Kind looks after the person it is about. They may not be told yet.\nThe union."
    assert Obligation.objects.get(incident=case, key="do:support_staff").state == State.DONE


def test_precautions_say_whether_somebody_is_suspended_and_why(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "by": cast.head, "at": LATER}
    refused("what_missing", allegations.take_precautions, taken=Precautions(" ", "Why"), **said)
    refused("reason_missing", allegations.take_precautions, taken=Precautions("What", " "), **said)

    allegations.take_precautions(taken=Precautions("Works from home.", "Nothing less.", is_suspended=True), **said)

    assert "The person is suspended." in case.chronology.get(event=Event.ALLEGATION_PRECAUTIONS).text


def test_no_outcome_before_the_tests_and_the_officer(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "ending": ending(), "by": cast.head, "at": LATER}
    refused("threshold_missing", allegations.end, **said)
    compare(cast, case)
    refused("officer_missing", allegations.end, **said)
    duty = Obligation.objects.get(incident=case, key="consult:lado")
    referrals.decline(obligation=duty, reason="The officer had rung us first.", by=cast.head, at=LATER)

    allegations.end(**said)

    assert Allegation.objects.get().outcome == AllegationOutcome.UNFOUNDED
    assert course_of(case, at=LATER).officer.declined == ("The officer had rung us first.",)


@pytest.mark.parametrize("outcome", AllegationOutcome)
def test_each_of_the_five_outcomes_is_kept_with_its_reason(
    cast: Cast, case: Incident, outcome: AllegationOutcome
) -> None:
    compare(cast, case)
    tell_the_officer(cast, case)

    allegations.end(incident=case, ending=ending(outcome), by=cast.head, at=LATER)

    assert course_of(case, at=LATER).outcome is outcome
    text = case.chronology.get(event=Event.ALLEGATION_ENDED).text
    assert text.startswith(f"{outcome.label}. Two people were there")
    assert "Disclosure and Barring Service: considered, and not referred. Nothing to tell." in text


def test_what_is_proved_asks_first_whether_the_bodies_are_told(cast: Cast, case: Incident) -> None:
    compare(cast, case)
    tell_the_officer(cast, case)
    said = {"incident": case, "by": cast.head, "at": LATER}
    open_yet = ending(AllegationOutcome.SUBSTANTIATED, barring=Considered.NOT_YET)
    refused("bodies_missing", allegations.end, ending=open_yet, **said)
    refused("body_words_missing", allegations.end, ending=ending(teaching_words=" "), **said)

    allegations.end(ending=ending(barring=Considered.NOT_YET, barring_words=""), **said)


def test_below_the_threshold_it_becomes_a_low_level_concern(cast: Cast, case: Incident) -> None:
    said = {"incident": case, "kind": LowLevelKind.ALONE, "what": "Alone with her.", "by": cast.head, "at": LATER}
    refused("not_below", allegations.keep_as_low_level, **said)
    compare(cast, case, *[Reply.NO] * 4)

    allegations.keep_as_low_level(**said)

    row = LowLevelConcern.objects.get()
    assert (row.person, row.came_from, row.what) == (person_of(cast.colleague, cast.school), case, "Alone with her.")
    assert (row.kind, row.shared_by, row.handled_by) == ("alone", cast.teacher.full_name, "headteacher")
    assert course_of(case, at=LATER).next_step == ""
    refused("entered_already", allegations.keep_as_low_level, **said)


def test_an_adults_case_is_not_closed_before_it_is_known_how_it_ended(cast: Cast, case: Incident) -> None:
    compare(cast, case, *[Reply.NO] * 4)
    for row in still_open(now(case)):
        if row.kind in (Kind.CONSULT, Kind.REFER):
            referrals.decline(obligation=row, reason="Below the threshold.", by=cast.head, at=LATER)
    settled_but_open = now(case)
    assert [row.key for row in still_open(settled_but_open) if row.kind == Kind.CONSULT] == []
    end_allegation(case, by=cast.head, at=LATER)

    workflow.advance(incident=settle(case, by=cast.head, at=LATER), by=cast.head, **CLOSE)

    assert now(case).status == Status.CLOSED
    refused("case_closed", compare, cast=cast, case=case)


def test_without_an_outcome_closing_is_refused_with_a_sentence(cast: Cast) -> None:
    incident = make_incident(
        school=cast.school, by=cast.teacher, people=[alleged(person_of(cast.colleague, cast.school))]
    )
    workflow.advance(incident=incident, to=Status.ACKNOWLEDGED, by=cast.head, at=NOW)
    settle(incident, by=cast.head)
    Allegation.objects.update(outcome="")

    refused("allegation_open", workflow.advance, incident=incident, by=cast.head, **CLOSE)


def test_a_case_about_children_has_no_allegation(cast: Cast) -> None:
    child = make_incident(school=cast.school, by=cast.teacher)

    refused("not_adult", compare, cast=cast, case=child)
    assert next_of(child) == ""


@pytest.mark.parametrize("why", ["accused", "stepped back"])
def test_below_the_threshold_it_falls_to_no_office_below_the_one_that_handles_the_case(cast: Cast, why: str) -> None:
    accused = [alleged(person_of(cast.colleague, cast.school))]
    if why == "accused":
        accused.append(alleged(person_of(cast.head, cast.school)))
    case = make_incident(school=cast.school, by=cast.teacher, people=accused)
    if why == "stepped back":
        sharing.step_back(incident=case, user=cast.head, kind=Kept.DECLARED, reason="A friend.", by=cast.head, at=LATER)
    workflow.advance(incident=now(case), to=Status.ACKNOWLEDGED, by=cast.chair, at=LATER)
    allegations.compare(incident=now(case), tested=answers(*[Reply.NO] * 4), by=cast.chair, at=LATER)

    allegations.keep_as_low_level(
        incident=now(case), kind=LowLevelKind.LANGUAGE, what="Words of contempt.", by=cast.chair, at=LATER
    )

    assert {row.handled_by for row in LowLevelConcern.objects.all()} == {"chair_of_governors"}
    assert not visible_low_level(cast.access("head")).exists()
    assert not OutboxMessage.objects.filter(kind="incidents/low_level_waits", recipient=cast.head).exists()


def test_what_is_confined_to_people_by_name_is_not_entered_where_others_read(cast: Cast, case: Incident) -> None:
    compare(cast, case, *[Reply.NO] * 4)
    said = {"kind": LowLevelKind.LANGUAGE, "what": "Words of contempt.", "by": cast.head, "at": LATER}
    sharing.seal(incident=case, named=[cast.dsl], reason="Very few may know.", by=cast.head, at=LATER)

    refused("sealed", allegations.keep_as_low_level, incident=now(case), **said)

    assert not LowLevelConcern.objects.exists()
