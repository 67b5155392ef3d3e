"""Packs prepared for many evaluations: what is remembered, and which of several clauses is cited."""

import pytest

from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not, generality
from policies.engine.facts import IncidentFacts
from policies.engine.policy import policy_of
from policies.engine.vocabulary import IncidentType, Layer, OwnerRole
from tests.policies.engine.builders import FLOOR, PARTNERSHIP, SCHOOL, decide, facts, line, pack, reader, rule, the

NUDES, IIOC, SCAM = IncidentType.NUDES, IncidentType.IIOC, IncidentType.SCAM
EVERY = len(IncidentType) + 1
SERIOUS = Equals("serious", True)


def of(*types: IncidentType) -> AnyOf:
    return AnyOf("types", frozenset(types))


def test_what_was_united_once_is_remembered() -> None:
    school = pack("a-school", rule("a", line("do:debrief")), rule("b", line("do:debrief"), when=SERIOUS))

    assert the(decide(school), "do:debrief") is the(decide(school), "do:debrief")
    assert the(decide(school), "do:debrief") is not the(decide(school, serious=True), "do:debrief")
    assert policy_of([school]) is policy_of((school, school))
    assert policy_of([school]) is not policy_of([pack("a-school")])


def test_a_policy_knows_its_layers_readers_and_escalation() -> None:
    floor = pack("a-floor", layer=FLOOR, roles=(reader("dsl"),))
    policy = policy_of([pack("a-school", layer=SCHOOL), floor])

    assert policy.layers == ("a-floor", "a-school")
    assert policy.readers == {OwnerRole.DSL}
    assert policy.escalation == ()
    assert policy.fired(IncidentFacts()) == {}


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        (ALWAYS, EVERY),
        (SERIOUS, EVERY),
        (AnyOf("alleged", frozenset()), EVERY),
        (AtLeast("types", 1), EVERY),
        (Not(of(NUDES)), EVERY),
        (Equals("types", NUDES), 1),
        (of(NUDES, IIOC), 2),
        (of(), EVERY),
        (AllOf("types", frozenset({NUDES, IIOC, SCAM})), 3),
        (AllOf("types", frozenset()), EVERY),
        (All((SERIOUS, of(NUDES, IIOC))), 2),
        (All((of(NUDES, IIOC), Equals("types", SCAM), SERIOUS)), 1),
        (AnyPart((of(NUDES, IIOC), Equals("types", SCAM))), 3),
        (AnyPart((of(NUDES, IIOC), Equals("types", NUDES))), 2),
        (AnyPart((of(NUDES), SERIOUS)), EVERY),
        (AnyPart((SERIOUS, of(NUDES))), EVERY),
        (AnyPart(()), EVERY),
        (All((AnyPart((of(NUDES), of(IIOC))), AnyPart((of(NUDES), SERIOUS)))), 2),
    ],
)
def test_a_condition_is_as_general_as_the_types_that_would_do(condition: Condition, number: int) -> None:
    assert generality(condition) == number


@pytest.mark.parametrize("order", [1, -1])
def test_among_equals_the_clause_about_this_very_thing_is_cited(order: int) -> None:
    rules = [
        rule("a", line("notify:dsl", clause="1")),
        rule("b", line("notify:dsl", clause="2"), when=of(NUDES, IIOC)),
        rule("c", line("notify:dsl", clause="3"), when=of(NUDES)),
    ]
    school = pack("a-school", *rules[::order])

    assert the(decide(school, types=["nudes"]), "notify:dsl").clause == "3"
    assert the(decide(school, types=["iioc"]), "notify:dsl").clause == "2"
    assert the(decide(school, types=["scam"]), "notify:dsl").clause == "1"


def test_of_two_alike_the_first_by_its_words_is_cited() -> None:
    rules = [rule("a", line("notify:dsl", clause="2"), when=of(NUDES)), rule("b", line("notify:dsl"), when=of(IIOC))]

    assert the(decide(pack("a-school", *rules), types=["nudes", "iioc"]), "notify:dsl").clause == "1"


@pytest.mark.parametrize(
    ("layers", "silent"),
    [
        ([FLOOR], False),
        ([FLOOR, PARTNERSHIP], False),
        ([FLOOR, SCHOOL], False),
        ([SCHOOL], False),
    ],
)
@pytest.mark.parametrize("other", [False, True])
def test_a_policy_is_silent_where_none_of_its_lines_asks(layers: list[Layer], silent: bool, other: bool) -> None:
    packs = [pack(f"a-{layer.name}", rule("a", line("do:debrief")), layer=layer) for layer in layers]
    if other:
        packs.append(pack("another-school", rule("b", line("notify:dsl")), layer=SCHOOL))
        silent = SCHOOL not in layers

    assert the(decide(*packs), "do:debrief").silent_in_policy is silent


def test_facts_that_nothing_is_known_of_are_answered() -> None:
    school = pack("a-school", rule("a", line("do:debrief")), rule("b", line("notify:dsl"), when=SERIOUS))

    assert list(policy_of([school]).fired(IncidentFacts())) == [("do:debrief", False)]
    assert list(policy_of([school]).fired(facts(serious=True))) == [("do:debrief", False), ("notify:dsl", False)]
