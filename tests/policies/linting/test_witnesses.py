"""A case in point meets its condition; where none is found, nothing meets it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.catalogue import shipped, shipped_ids
from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not, is_met
from policies.engine.facts import ONE_OF, SOME_OF, IncidentFacts
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType, PartHolder
from policies.linting.witnesses import can_be_met, witnesses

# Few facts with few values, so that conditions meet and contradict each other often.
LISTS: dict[str, list[Any]] = {"types": list(IncidentType)[:3], "alleged": list(PartHolder)[:3]}
SINGLE: dict[str, list[Any]] = {"category": list(Category), "serious": [True, False], "crime": list(ONE_OF["crime"])}


def leaves() -> st.SearchStrategy[Condition]:
    def of_list(fact: str) -> st.SearchStrategy[Condition]:
        values = st.sampled_from(LISTS[fact])
        several = st.frozensets(values, min_size=1)
        return st.one_of(
            values.map(lambda value: Equals(fact, value)),
            several.map(lambda held: AnyOf(fact, held)),
            several.map(lambda held: AllOf(fact, held)),
            st.integers(1, 3).map(lambda number: AtLeast(fact, number)),
        )

    def of_one(fact: str) -> st.SearchStrategy[Condition]:
        values = st.sampled_from(SINGLE[fact])
        return st.one_of(
            values.map(lambda value: Equals(fact, value)),
            st.frozensets(values, min_size=1).map(lambda held: AnyOf(fact, held)),
            st.frozensets(values, min_size=1, max_size=2).map(lambda held: AllOf(fact, held)),
            st.integers(1, 2).map(lambda number: AtLeast(fact, number)),
        )

    return st.one_of(st.sampled_from(sorted(LISTS)).flatmap(of_list), st.sampled_from(sorted(SINGLE)).flatmap(of_one))


def conditions() -> st.SearchStrategy[Condition]:
    def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, max_size=3).map(tuple)
        return st.one_of(several.map(All), several.map(AnyPart), parts.map(Not))

    return st.recursive(leaves(), joined, max_leaves=8)


def facts() -> st.SearchStrategy[IncidentFacts]:
    known = {fact: st.frozensets(st.sampled_from(values)) for fact, values in LISTS.items()}
    single = {fact: st.sampled_from([None, *values]) for fact, values in SINGLE.items()}
    return st.builds(IncidentFacts, **known, **single).filter(lambda one: bool(one.category or one.types))


@settings(max_examples=400, deadline=None)
@given(conditions())
def test_a_case_in_point_meets_its_condition(condition: Condition) -> None:
    for found in witnesses(condition):
        assert is_met(condition, found)
        assert found.category or found.types


@settings(max_examples=400, deadline=None)
@given(conditions(), facts())
def test_a_condition_that_something_meets_has_a_case_in_point(condition: Condition, met_by: IncidentFacts) -> None:
    assert can_be_met(condition) or not is_met(condition, met_by)


@pytest.mark.parametrize(
    ("condition", "cases"),
    [
        (ALWAYS, [IncidentFacts(category=Category.CONTENT)]),
        (AnyPart(()), []),
        (Equals("serious", True), [IncidentFacts(serious=True, category=Category.CONTENT)]),
        (Not(AtLeast("category", 1)), [IncidentFacts(types=frozenset({IncidentType.OTHER}))]),
        (All((Equals("types", IncidentType.NUDES), Not(AtLeast("types", 1)))), []),
        (
            AnyOf("types", frozenset({IncidentType.IIOC, IncidentType.NUDES})),
            [IncidentFacts(types=frozenset({kind})) for kind in (IncidentType.IIOC, IncidentType.NUDES)],
        ),
        (
            AtLeast("types", 2),
            [IncidentFacts(types=frozenset(list(IncidentType)[:2]))],
        ),
    ],
)
def test_a_case_in_point_holds_no_more_than_it_has_to(condition: Condition, cases: list[IncidentFacts]) -> None:
    assert list(witnesses(condition)) == cases


def test_cases_in_point_come_to_an_end() -> None:
    several = All(tuple(AnyOf(fact, frozenset(SOME_OF[fact])) for fact in ("types", "alleged", "harmed", "named")))

    assert len(list(witnesses(several))) == 500


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_every_rule_of_every_pack_can_be_met(pack_id: str) -> None:
    assert [rule.id for rule in shipped(pack_id).pack.rules if not can_be_met(rule.when)] == []
