"""A question asked of bits is answered as its condition is."""

import pytest
from hypothesis import given, settings

from policies.engine.atoms import known_of, numbered, question
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
    is_met,
)
from policies.engine.facts import MOMENTS, ONE_OF, SOME_OF, YES_OR_NO, IncidentFacts
from policies.engine.vocabulary import Imagery, IncidentType
from tests.policies.engine.builders import facts
from tests.policies.engine.coverings import pairwise_facts
from tests.policies.engine.drawn import any_facts, conditions, of_few_words

NUDES, IIOC, SCAM = IncidentType.NUDES, IncidentType.IIOC, IncidentType.SCAM
SERIOUS, EXAM = Equals("serious", True), Equals("exam_room", True)


def answer(condition: Condition, known: IncidentFacts) -> bool:
    """Ask as a policy does."""
    bits, (needs, bars, rest) = known_of(known), question(condition)
    return not bits & bars and all(bits & need for need in needs) and (rest is None or rest(bits))


def every_question() -> list[Condition]:
    found: list[Condition] = [Equals(name, word) for name, words in (ONE_OF | SOME_OF).items() for word in words]
    found += [Equals(name, value) for name in sorted(YES_OR_NO) for value in (True, False)]
    found += [AllOf(name, frozenset()) for name in (*ONE_OF, *YES_OR_NO)]
    for name, words in ONE_OF.items():
        found += [AnyOf(name, frozenset(words)), AnyOf(name, frozenset()), AllOf(name, frozenset(words))]
        found += [AllOf(name, frozenset({word})) for word in words]
    for name, words in SOME_OF.items():
        found += [AnyOf(name, frozenset(words)), AllOf(name, frozenset(words)), AllOf(name, frozenset())]
        found += [AllOf(name, frozenset(list(words)[:2])), AnyOf(name, frozenset(list(words)[1:3]))]
    found += [AtLeast(name, number) for name in (*ONE_OF, *SOME_OF, *YES_OR_NO) for number in range(4)]
    return found


def test_every_question_about_one_fact_is_answered_as_its_condition() -> None:
    known = [IncidentFacts(), *pairwise_facts()[::7]]
    asked = [(condition, one) for condition in every_question() for one in known]

    assert [pair for pair in asked if answer(*pair) is not is_met(*pair)] == []
    assert [pair for pair in asked if answer(Not(pair[0]), pair[1]) is is_met(*pair)] == []


@settings(deadline=None, max_examples=300)
@given(conditions(with_not=True), of_few_words())
def test_so_is_every_joined_question(condition: Condition, known: IncidentFacts) -> None:
    assert answer(condition, known) is is_met(condition, known)


@settings(deadline=None, max_examples=100)
@given(conditions(with_not=True), any_facts())
def test_whatever_is_known(condition: Condition, known: IncidentFacts) -> None:
    assert answer(condition, known) is is_met(condition, known)


@pytest.mark.parametrize(
    "condition",
    [
        AnyPart(()),
        All((Not(SERIOUS), Not(EXAM))),
        All((Not(EXAM), Not(SERIOUS))),
        All((Not(EXAM), Equals("category", "content"), Not(SERIOUS))),
        AnyPart((All((SERIOUS, EXAM)), All((SERIOUS, Equals("category", "content"))))),
    ],
)
@pytest.mark.parametrize("serious", [None, True, False])
@pytest.mark.parametrize("exam_room", [None, True, False])
def test_joined_questions_are_answered_whatever_the_category(
    condition: Condition, serious: bool | None, exam_room: bool | None
) -> None:
    known = facts(category="content", serious=serious, exam_room=exam_room)

    assert answer(condition, known) is is_met(condition, known)


def test_every_value_of_every_fact_has_a_bit_of_its_own() -> None:
    given = numbered()
    bits = [bit for of_fact in given.values() for bit in of_fact.values()]

    assert {name: set(of_fact) for name, of_fact in given.items() if of_fact} == {
        **{name: set(words) for name, words in (ONE_OF | SOME_OF).items()},
        **{name: {True, False} for name in YES_OR_NO},
    }
    assert {name for name, of_fact in given.items() if not of_fact} == MOMENTS
    assert sorted(bits) == [1 << place for place in range(len(bits))]


def test_what_is_known_has_a_bit_each() -> None:
    assert known_of(IncidentFacts()) == 0
    assert known_of(facts(types=["nudes"])).bit_count() == 1
    assert known_of(facts(types=["nudes", "scam"], serious=False, imagery="none", devices=["school"])).bit_count() == 5
    each = [facts(types=[kind.value]) for kind in IncidentType]
    each += [facts(types=["other"], serious=value) for value in (True, False)]
    assert len({known_of(one) for one in each}) == len(each)


@pytest.mark.parametrize("fact", ["logged_at", "became_aware_at"])
def test_nothing_is_asked_about_moments(fact: str) -> None:
    at = "2026-11-12T08:20:00+00:00"
    known = facts(category="content", logged_at=at, became_aware_at=at)

    assert not answer(AtLeast(fact, 1), known)
    assert not answer(Equals(fact, known.logged_at), known)
    assert not answer(AnyOf(fact, frozenset({known.logged_at})), known)
    assert not answer(AllOf(fact, frozenset({known.logged_at})), known)


@pytest.mark.parametrize(
    ("condition", "needs", "bars", "has_rest"),
    [
        (ALWAYS, 0, False, False),
        (SERIOUS, 1, False, False),
        (All((SERIOUS, AnyOf("types", frozenset({NUDES, IIOC})))), 2, False, False),
        (AllOf("types", frozenset({NUDES, IIOC, SCAM})), 3, False, False),
        (AnyPart((SERIOUS, EXAM)), 1, False, False),
        (AnyPart((All((SERIOUS, EXAM)), Equals("types", NUDES))), 2, False, False),
        (Not(SERIOUS), 0, True, False),
        (All((SERIOUS, Not(AnyOf("types", frozenset({NUDES}))), Not(EXAM))), 1, True, False),
        (Not(All((SERIOUS, EXAM))), 0, False, True),
        (AtLeast("types", 2), 0, False, True),
        (All((SERIOUS, AtLeast("types", 2), Not(Not(EXAM)))), 1, False, True),
        (AnyPart((Not(SERIOUS), EXAM)), 0, False, True),
        (AnyPart(tuple([All((SERIOUS, EXAM))] * 4)), 16, False, False),
        (AnyPart(tuple([All((SERIOUS, EXAM))] * 5)), 0, False, True),
        (Equals("imagery", Imagery.NONE), 1, False, False),
    ],
)
def test_most_conditions_are_asked_by_numbers_alone(
    condition: Condition, needs: int, bars: bool, has_rest: bool
) -> None:
    asked = question(condition)

    assert (len(asked.needs), asked.bars != 0, asked.rest is not None) == (needs, bars, has_rest)
