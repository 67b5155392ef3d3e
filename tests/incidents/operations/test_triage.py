"""Triage: each decision with its reason, what is known from old to new, and the duties brought in step."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.audit import verify_chain
from accounts.errors import Refused
from accounts.models import AuditEvent, Person, Vulnerability
from incidents.events import Event
from incidents.facts import facts_for
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.operations import ownership, triage
from incidents.operations.triage import Facts, Triage
from incidents.queries.triage import as_seen, first_questions
from incidents.routes import About
from incidents.statuses import Decision, Level, Status
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Imagery, IncidentType, PartHolder
from tests.conftest import Cast
from tests.factories import NOW, harmed, make_incident, make_person

LATER = NOW + timedelta(hours=1)
NUDES = Facts(Category.CONTENT, frozenset({IncidentType.NUDES}), {"imagery": "indecent", "devices": ["personal"]})


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def learn(cast: Cast, case: Incident, facts: Facts, **changes: Any) -> None:
    triage.learn(incident=case, facts=facts, **{"by": cast.dsl, "at": LATER, **changes})


def said_of(case: Incident, event: Event) -> list[str]:
    return list(ChronologyEntry.objects.filter(incident=case, event=event).order_by("at").values_list("pk", flat=True))


def test_what_is_known_becomes_facts_and_brings_its_duties(cast: Cast, case: Incident) -> None:
    before = Obligation.objects.filter(incident=case).count()

    learn(cast, case, NUDES)

    found = Incident.objects.get(pk=case.pk)
    facts = facts_for([found])[found]
    assert facts.types == {IncidentType.NUDES}
    assert facts.imagery is Imagery.INDECENT
    assert facts.harmed == {PartHolder.PUPIL}
    assert facts.pupil_involved is True
    assert Obligation.objects.filter(incident=case).count() > before
    entry = ChronologyEntry.objects.get(incident=case, event=Event.FACTS_CHANGED)
    assert "Devices: not known → a personal device." in entry.text
    assert verify_chain(cast.school) == []


def test_the_audit_names_what_changed_and_never_to_what(cast: Cast, case: Incident) -> None:
    learn(cast, case, NUDES)

    row = AuditEvent.objects.get(event=Event.FACTS_CHANGED)
    assert row.data["facts"] == ["devices", "imagery", "types"]
    assert "nude" not in f"{row.data}{row.summary}"


def test_the_same_again_is_no_change_and_what_is_taken_back_withdraws_its_duties(cast: Cast, case: Incident) -> None:
    learn(cast, case, NUDES)
    asked = Obligation.objects.filter(incident=case).outstanding().count()
    learn(cast, case, NUDES)
    assert len(said_of(case, Event.FACTS_CHANGED)) == 1

    learn(cast, case, Facts(Category.CONTENT), at=LATER + timedelta(hours=1))

    assert Obligation.objects.filter(incident=case).outstanding().count() < asked
    newest = ChronologyEntry.objects.filter(incident=case, event=Event.FACTS_CHANGED).latest("at")
    assert "Imagery: indecent images of a child are involved → not known." in newest.text


@pytest.mark.parametrize(
    ("known", "types", "code"),
    [
        ({"colour": "red"}, [], "facts_invalid"),
        ({"imagery": "many"}, [], "facts_invalid"),
        ({"imagery_viewed": "yes"}, [], "facts_invalid"),
        ({"harmed": ["pupil"]}, [], "facts_invalid"),
        ({"vulnerable_pupil": True}, [], "facts_invalid"),
        ({}, [IncidentType.STAFF_MISUSE], "adults_elsewhere"),
        ({}, [IncidentType.LOW_LEVEL_CONCERN], "adults_elsewhere"),
    ],
)
def test_what_is_no_fact_or_belongs_elsewhere_is_refused(
    cast: Cast, case: Incident, known: dict[str, Any], types: list[IncidentType], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        learn(cast, case, Facts(Category.CONTENT, frozenset(types), known))

    assert refusal.value.code == code
    assert Incident.objects.get(pk=case.pk).known == {}


def test_misuse_by_an_adult_stays_implied_and_is_never_stored(cast: Cast) -> None:
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT)

    learn(cast, adult, Facts(Category.CONTENT, frozenset({IncidentType.STAFF_MISUSE, IncidentType.SCAM})), by=cast.head)

    found = Incident.objects.get(pk=adult.pk)
    assert found.types == ["scam"]
    assert facts_for([found])[found].types == {"scam", "staff_misuse"}


@pytest.mark.parametrize("decision", [Decision.BEHAVIOUR, Decision.NO_FURTHER_ACTION, Decision.SAFEGUARDING])
def test_every_decision_has_its_reason_also_one_not_to_act(cast: Cast, case: Incident, decision: Decision) -> None:
    with pytest.raises(Refused, match="reason_missing"):
        triage.decide(incident=case, decision=decision, reason=" \n", by=cast.dsl, at=LATER)
    assert Incident.objects.get(pk=case.pk).status == Status.REPORTED

    triage.decide(incident=case, decision=decision, reason="It is so.", by=cast.dsl, at=LATER)

    found = Incident.objects.get(pk=case.pk)
    assert (found.status, found.decision, found.acknowledged_by) == (Status.ACKNOWLEDGED, decision, cast.dsl)
    entry = ChronologyEntry.objects.get(incident=case, event=Event.TRIAGED)
    assert entry.text == f"{decision.label}. It is so."


def test_a_duplicate_names_another_case_of_the_school_and_never_itself(cast: Cast, case: Incident) -> None:
    first, away = (
        make_incident(school=cast.school, by=cast.teacher),
        make_incident(school=cast.next_door, by=cast.next_door_teacher),
    )

    def decide(of: Incident | None, decision: Decision = Decision.DUPLICATE, which: Incident = case) -> None:
        triage.decide(incident=which, decision=decision, reason="Twice.", duplicate_of=of, by=cast.dsl, at=LATER)

    for of, code in ((None, "duplicate_missing"), (case, "duplicate_of_itself"), (away, "duplicate_of_nothing")):
        with pytest.raises(Refused, match=code):
            decide(of)
    with pytest.raises(Refused, match="duplicate_missing"):
        decide(first, Decision.BEHAVIOUR)
    decide(first)
    with pytest.raises(Refused, match="duplicate_of_nothing"):
        decide(Incident.objects.get(pk=case.pk), which=first)
    decide(None, Decision.BEHAVIOUR)
    assert Incident.objects.get(pk=case.pk).duplicate_of == ""


def test_saving_says_what_the_policy_asks_besides_and_no_more(cast: Cast, case: Incident) -> None:
    said = Triage(NUDES, Decision.SAFEGUARDING, "It is grave.", level=Level.HIGH, level_reason="It spreads.")

    found = triage.save(incident=case, said=said, seen=as_seen(case), by=cast.dsl, at=LATER)

    assert found.more > 0
    assert found.at_once > 0
    assert found.forbidden > 0
    now = Incident.objects.get(pk=case.pk)
    less = Triage(Facts(Category.CONTENT), Decision.SAFEGUARDING, level=Level.HIGH)
    back = triage.save(incident=now, said=less, seen=as_seen(now), by=cast.dsl, at=LATER)
    assert (back.more, back.fewer) == (0, found.more)


def test_all_of_it_or_nothing(cast: Cast, case: Incident) -> None:
    said = Triage(NUDES, Decision.SAFEGUARDING, "It is grave.", level=Level.STANDARD, owner=cast.teacher)

    with pytest.raises(Refused, match="owner_cannot_read"):
        triage.save(incident=case, said=said, seen=as_seen(case), by=cast.dsl, at=LATER)

    found = Incident.objects.get(pk=case.pk)
    assert (found.decision, found.types, found.status) == ("", [], Status.REPORTED)


@pytest.mark.parametrize(
    ("flag", "begins", "lowest"),
    [
        (Vulnerability.SEND, Level.HIGH, Level.STANDARD),
        (Vulnerability.EAL, Level.HIGH, Level.STANDARD),
        (Vulnerability.YOUNG_CARER, Level.HIGH, Level.STANDARD),
        (Vulnerability.LOOKED_AFTER, Level.HIGH, Level.HIGH),
        (Vulnerability.CHILD_PROTECTION_PLAN, Level.HIGH, Level.HIGH),
    ],
)
def test_what_makes_a_pupil_more_vulnerable_raises_the_level_and_never_lowers_it(
    cast: Cast, flag: Vulnerability, begins: Level, lowest: Level
) -> None:
    pupil = make_person(school=cast.school)
    Person.objects.filter(pk=pupil.pk).update(vulnerabilities=[flag])
    pupil.refresh_from_db()

    case = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])
    danger = make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)], is_danger_reported=True)

    assert (case.level, danger.level) == (begins, Level.DANGER)
    entry = ChronologyEntry.objects.get(incident=case, event=Event.LEVEL_SET)
    assert entry.by is None
    assert entry.text.startswith("From standard to high, because of what is known of a pupil in it: ")
    for level in (Level.STANDARD, Level.LOW):
        if level > lowest:
            with pytest.raises(Refused, match="level_too_low"):
                ownership.set_level(incident=case, level=level, reason="Small.", by=cast.dsl, at=LATER)
        else:
            ownership.set_level(incident=case, level=level, reason="Small.", by=cast.dsl, at=LATER)
    assert Incident.objects.get(pk=case.pk).level == lowest


def test_a_pupil_of_whom_it_is_learnt_later_raises_the_level_at_triage(cast: Cast, case: Incident) -> None:
    ownership.set_level(incident=case, level=Level.LOW, reason="Small.", by=cast.dsl, at=NOW)
    Person.objects.filter(parts__incident=case).update(vulnerabilities=[Vulnerability.LOOKED_AFTER])
    case = Incident.objects.get(pk=case.pk)

    said = Triage(Facts(Category.CONTENT), Decision.SAFEGUARDING, "It is grave.", level=Level.LOW)
    triage.save(incident=case, said=said, seen=as_seen(case), by=cast.dsl, at=LATER)

    assert Incident.objects.get(pk=case.pk).level == Level.HIGH


def test_only_what_matters_is_asked_first_and_what_was_answered_stays(cast: Cast, case: Incident) -> None:
    before = first_questions(case)
    learn(cast, case, Facts(Category.CONTENT, frozenset({IncidentType.NUDES}), {"exam_room": False}))

    after = first_questions(Incident.objects.get(pk=case.pk))

    assert "imagery_viewed" in after
    assert "imagery_viewed" not in before
    assert "exam_room" in after
    assert "harm_threshold" not in after
