"""When a rule applies: what each question answers about what is known, and about what is not."""

from itertools import product

import pytest

from policies.engine.conditions import (
    ALWAYS,
    All,
    AllOf,
    AnyOf,
    AnyPart,
    AtLeast,
    Condition,
    Equals,
    Not,
    facts_asked,
    in_words,
    is_met,
    uses_not,
)
from policies.engine.facts import IncidentFacts
from policies.engine.vocabulary import DeviceKind, Imagery, IncidentType, Suspicion
from tests.policies.engine.builders import facts

NUDES, IIOC, SCAM = IncidentType.NUDES, IncidentType.IIOC, IncidentType.SCAM
YES, NO = Equals("serious", True), Equals("exam_room", True)
BARE = IncidentFacts()


def of_types(*types: IncidentType) -> IncidentFacts:
    return IncidentFacts(types=frozenset(types))


@pytest.mark.parametrize(
    ("condition", "types", "answer"),
    [
        (Equals("types", NUDES), (NUDES,), True),
        (Equals("types", NUDES), (NUDES, SCAM), True),
        (Equals("types", NUDES), (SCAM,), False),
        (Equals("types", NUDES), (), False),
        (AnyOf("types", frozenset({NUDES, IIOC})), (IIOC,), True),
        (AnyOf("types", frozenset({NUDES, IIOC})), (NUDES, IIOC), True),
        (AnyOf("types", frozenset({NUDES, IIOC})), (SCAM,), False),
        (AnyOf("types", frozenset()), (SCAM,), False),
        (AllOf("types", frozenset({NUDES, IIOC})), (NUDES, IIOC), True),
        (AllOf("types", frozenset({NUDES, IIOC})), (NUDES, IIOC, SCAM), True),
        (AllOf("types", frozenset({NUDES, IIOC})), (NUDES,), False),
        (AllOf("types", frozenset({NUDES, IIOC})), (), False),
        (AllOf("types", frozenset()), (), True),
        (AtLeast("types", 1), (), False),
        (AtLeast("types", 1), (NUDES,), True),
        (AtLeast("types", 2), (NUDES,), False),
        (AtLeast("types", 2), (NUDES, IIOC), True),
        (AtLeast("types", 2), (NUDES, IIOC, SCAM), True),
    ],
)
def test_a_list_is_asked_what_it_holds(condition: Condition, types: tuple[IncidentType, ...], answer: bool) -> None:
    assert is_met(condition, of_types(*types)) is answer
    assert is_met(Not(condition), of_types(*types)) is not answer


@pytest.mark.parametrize(
    ("condition", "imagery", "answer"),
    [
        (Equals("imagery", Imagery.INDECENT), Imagery.INDECENT, True),
        (Equals("imagery", Imagery.INDECENT), Imagery.POSSIBLE, False),
        (AnyOf("imagery", frozenset({Imagery.INDECENT, Imagery.POSSIBLE})), Imagery.POSSIBLE, True),
        (AnyOf("imagery", frozenset({Imagery.INDECENT, Imagery.POSSIBLE})), Imagery.NONE, False),
        (AllOf("imagery", frozenset({Imagery.INDECENT})), Imagery.INDECENT, True),
        (AllOf("imagery", frozenset({Imagery.INDECENT})), Imagery.NONE, False),
        (AllOf("imagery", frozenset({Imagery.INDECENT, Imagery.POSSIBLE})), Imagery.INDECENT, False),
        (AtLeast("imagery", 1), Imagery.NONE, True),
        (AtLeast("imagery", 2), Imagery.INDECENT, False),
    ],
)
def test_one_value_is_asked_what_it_is(condition: Condition, imagery: Imagery, answer: bool) -> None:
    assert is_met(condition, IncidentFacts(imagery=imagery)) is answer


@pytest.mark.parametrize(
    "condition",
    [
        Equals("imagery", Imagery.NONE),
        Equals("serious", False),
        AnyOf("crime", frozenset(Suspicion)),
        AnyOf("serious", frozenset({None})),
        AllOf("crime", frozenset({Suspicion.NO})),
        AllOf("crime", frozenset()),
        AtLeast("crime", 1),
        AtLeast("crime", 0),
        Equals("devices", DeviceKind.SCHOOL),
        AnyOf("devices", frozenset(DeviceKind)),
        AtLeast("devices", 1),
    ],
)
def test_what_is_not_known_answers_no_question_but_not(condition: Condition) -> None:
    assert not is_met(condition, BARE)
    assert is_met(Not(condition), BARE)


def test_no_is_known_and_is_not_yes() -> None:
    denied = IncidentFacts(serious=False)

    assert is_met(Equals("serious", False), denied)
    assert not is_met(Equals("serious", True), denied)
    assert is_met(AtLeast("serious", 1), denied)


@pytest.mark.parametrize(("left", "right"), list(product([True, False], repeat=2)))
def test_parts_are_joined_by_and_or_and_not(left: bool, right: bool) -> None:
    known = IncidentFacts(serious=left, exam_room=right)

    assert is_met(All((YES, NO)), known) is (left and right)
    assert is_met(AnyPart((YES, NO)), known) is (left or right)
    assert is_met(Not(YES), known) is not left
    assert is_met(All((AnyPart((YES, NO)), Not(All((YES, NO))))), known) is (left != right)


def test_without_parts_all_is_met_and_any_is_not() -> None:
    assert is_met(ALWAYS, BARE)
    assert is_met(All(()), BARE)
    assert not is_met(AnyPart(()), BARE)


def test_a_condition_says_what_it_asks_about() -> None:
    nested = All((AnyPart((YES, Equals("types", NUDES))), Not(AtLeast("devices", 1)), AllOf("crime", frozenset())))

    assert facts_asked(nested) == {"serious", "types", "devices", "crime"}
    assert facts_asked(ALWAYS) == frozenset()
    assert facts_asked(AnyOf("named", frozenset())) == {"named"}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (Not(YES), True),
        (All((YES, Not(NO))), True),
        (AnyPart((YES, All((NO, Not(YES))))), True),
        (All((YES, AnyPart((NO,)))), False),
        (ALWAYS, False),
        (AtLeast("types", 1), False),
    ],
)
def test_it_is_known_whether_a_condition_uses_not(condition: Condition, answer: bool) -> None:
    assert uses_not(condition) is answer


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ALWAYS, "always"),
        (Equals("types", NUDES), "it is nude or semi-nude images of a pupil"),
        (Equals("types", IncidentType.UPSKIRTING), "it is upskirting"),
        (YES, "it is serious"),
        (Equals("serious", False), "it is not serious"),
        (AtLeast("devices", 1), "a device is involved"),
        (AtLeast("types", 2), "a type is known, 2 or more"),
        (AtLeast("serious", 1), "it is known whether it is serious"),
        (AnyOf("devices", frozenset(DeviceKind)), "it involves a device of the school or a personal device"),
        (AllOf("devices", frozenset(DeviceKind)), "it involves a device of the school and a personal device"),
        (
            AnyOf("imagery", frozenset({Imagery.POSSIBLE, Imagery.INDECENT})),
            "images of a child may be involved or indecent images of a child are involved",
        ),
        (Not(YES), "it is not serious"),
        (All((YES, NO)), "it is serious and it was in an exam room"),
        (AnyPart((YES, NO)), "it is serious or it was in an exam room"),
        (All((YES, AnyPart((YES, NO)))), "it is serious and (it is serious or it was in an exam room)"),
        (AnyPart((NO, All((YES, NO)))), "it was in an exam room or (it is serious and it was in an exam room)"),
        (All((YES, AnyPart((NO,)))), "it is serious and it was in an exam room"),
        (All((YES, ALWAYS)), "it is serious and always"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Condition, words: str) -> None:
    assert in_words(condition) == words


def test_facts_given_as_words_meet_conditions() -> None:
    known = facts(types=["nudes"], devices=["personal"])

    assert is_met(All((Equals("types", NUDES), AtLeast("devices", 1))), known)
