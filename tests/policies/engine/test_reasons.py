"""Why a rule applies to these very facts: only what they meet of its condition."""

import pytest

from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not, in_words
from policies.engine.evaluate import evaluate, explain
from policies.engine.facts import IncidentFacts
from policies.engine.labels import ADULTS_HERE
from policies.engine.reasons import reason
from policies.engine.vocabulary import DeviceKind, FoundOn, Imagery, IncidentType, PartHolder
from tests.policies.engine.builders import facts, line, pack, rule, the

NUDES, SCAM, UPSKIRTING = IncidentType.NUDES, IncidentType.SCAM, IncidentType.UPSKIRTING
SERIOUS, EXAM = Equals("serious", True), Equals("exam_room", True)
PHOTOS = AnyOf("imagery", frozenset({Imagery.POSSIBLE, Imagery.INDECENT}))
KNOWN = facts(types=["upskirting", "scam"], serious=True, imagery="possible", alleged=["pupil"])


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ALWAYS, "always"),
        (SERIOUS, "it is serious"),
        (AnyOf("types", frozenset({NUDES, UPSKIRTING})), "it is upskirting"),
        (AnyOf("types", frozenset({NUDES, UPSKIRTING, SCAM})), "it is a scam or phishing and upskirting"),
        (PHOTOS, "images of a child may be involved"),
        (AllOf("types", frozenset({SCAM, UPSKIRTING})), "it is a scam or phishing and upskirting"),
        (AnyPart((EXAM, SERIOUS, PHOTOS)), "it is serious"),
        (AnyPart((All((SERIOUS, PHOTOS)), SERIOUS)), "it is serious and images of a child may be involved"),
        (All((SERIOUS, PHOTOS)), "it is serious and images of a child may be involved"),
        (All((AnyPart((EXAM, SERIOUS)), SERIOUS)), "it is serious"),
        (All((SERIOUS,)), "it is serious"),
        (Not(EXAM), "it was not in an exam room"),
        (AtLeast("types", 1), "a type is known"),
        # What is not met is told as it stands.
        (AnyPart((EXAM,)), "it was in an exam room"),
        (AnyOf("devices", frozenset({DeviceKind.SCHOOL})), "it involves a device of the school"),
        (AnyOf("imagery", frozenset({Imagery.NONE})), "no images are involved"),
    ],
)
def test_a_reason_names_what_the_facts_meet(condition: Condition, words: str) -> None:
    assert reason(condition, KNOWN) == words


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Not(SERIOUS), "it is not serious"),
        (Not(Equals("serious", False)), "it is serious"),
        (Not(Equals("types", NUDES)), "it is not nude or semi-nude images of a pupil"),
        (Not(AnyOf("types", frozenset({SCAM, UPSKIRTING}))), "it is not a scam or phishing or upskirting"),
        (Not(Equals("alleged", PartHolder.PUPIL)), "it is not said to have been done by a pupil"),
        (Not(AnyOf("alleged", ADULTS_HERE)), "it is not said to have been done by an adult who works or helps here"),
        (Not(Equals("found_on", FoundOn.EMAIL)), "it was not found on e-mail"),
        (Not(Equals("named", PartHolder.PUPIL)), "it does not name a pupil"),
        (Not(Equals("devices", DeviceKind.SCHOOL)), "it does not involve a device of the school"),
        (Not(Equals("imagery", Imagery.NONE)), "it is not known that no images are involved"),
        (Not(AllOf("types", frozenset({SCAM, UPSKIRTING}))), "not (it is a scam or phishing and upskirting)"),
        (Not(AtLeast("types", 1)), "not (a type is known)"),
        (Not(Not(SERIOUS)), "not (it is not serious)"),
        (Not(AnyPart((SERIOUS, EXAM))), "it is not serious and it was not in an exam room"),
    ],
)
def test_what_must_not_be_so_reads_as_a_sentence(condition: Condition, words: str) -> None:
    assert in_words(condition) == words


def test_many_are_told_by_what_they_leave_out_and_adults_together() -> None:
    but_two = AnyOf("types", frozenset(IncidentType) - {NUDES, SCAM})
    adults = AnyOf("alleged", ADULTS_HERE | {PartHolder.PARENT})

    assert in_words(but_two) == "it is of any type but a scam or phishing or nude or semi-nude images of a pupil"
    assert in_words(adults) == "it is said to have been done by an adult who works or helps here or a parent or carer"


def test_more_than_eight_left_out_are_not_told_by_what_they_leave_out() -> None:
    types = sorted(IncidentType)

    assert in_words(AnyOf("types", frozenset(types[8:]))).startswith("it is of any type but ")
    assert not in_words(AnyOf("types", frozenset(types[9:]))).startswith("it is of any type but ")
    assert not in_words(AllOf("types", frozenset(types[8:]))).startswith("it is of any type but ")
    assert in_words(AnyOf("types", frozenset(types))).count(",") > len(types) - 5


def test_an_explanation_is_the_same_decision_with_its_reasons() -> None:
    floor = pack("a-floor", rule("a", line("notify:dsl", rule="a", why="EXAM"), when=AnyPart((EXAM, SERIOUS))))
    school = pack(
        "a-school",
        rule("a", line("do:debrief", rule="a", why="whatever"), when=PHOTOS),
        rule("b", line("do:log_change", rule="b"), when=EXAM),
        rule("c", line("do:verify_fix", why="kept")),
    )
    packs = [floor, school]

    explained = explain(packs, KNOWN)

    assert [(one.key, one.why) for one in explained.obligations] == [
        ("do:debrief", "images of a child may be involved"),
        ("do:verify_fix", "kept"),
        ("notify:dsl", "it is serious"),
    ]
    plain = evaluate(packs, KNOWN)
    assert [one.key for one in plain.obligations] == [one.key for one in explained.obligations]
    assert (plain.may_see, plain.layers, plain.escalation) == (
        explained.may_see, explained.layers, explained.escalation
    )  # fmt: skip
    assert the(plain, "notify:dsl").why == "EXAM"
    assert explain(packs, IncidentFacts()).obligations == evaluate(packs, IncidentFacts()).obligations
