"""Scenario tables: facts in, obligations with clauses out. One file a pack, each scenario on a line of its source."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.catalogue import shipped, shipped_ids, with_layers
from policies.engine.conditions import ALWAYS, is_met
from policies.engine.evaluate import Decision, evaluate
from policies.engine.facts import IncidentFacts, facts_from
from policies.engine.obligations import Obligation
from policies.engine.packs import Rule

FOLDER = Path(__file__).parent / "scenarios"
LEAST = 25
# What an expected line may say of an obligation, besides its kind and target.
WORDS = {"owner", "strength", "within", "clause", "pack", "any_of", "after", "until", "unless", "silent_in_policy"}
KINDS = {"record", "notify", "acknowledge", "consult", "refer", "inform_parents", "do", "forbid", "restrict"}


@cache
def scenarios(pack_id: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{pack_id}.yaml"
    return list(yaml.safe_load(path.read_text())) if path.is_file() else []


def every() -> list[Any]:
    return [
        pytest.param(pack_id, scenario, id=f"{pack_id}: {scenario['name']}")
        for pack_id in shipped_ids()
        for scenario in scenarios(pack_id)
    ]


def decide(pack_id: str, scenario: dict[str, Any]) -> Decision:
    return evaluate(with_layers(shipped(pack_id).pack), facts_from(scenario["facts"]))


def target_of(line: dict[str, Any]) -> tuple[str, str]:
    (kind,) = KINDS & set(line)
    assert set(line) <= WORDS | {kind}, f"unknown words in {line}"
    wanted = line[kind]
    return kind, ",".join(sorted(wanted)) if isinstance(wanted, list) else wanted


def found(decision: Decision, line: dict[str, Any]) -> Obligation | None:
    kind, target = target_of(line)
    return next((one for one in decision.obligations if one.kind.value == kind and one.target == target), None)


@pytest.mark.parametrize(("pack_id", "scenario"), every())
def test_the_policy_answers_as_its_source_says(pack_id: str, scenario: dict[str, Any]) -> None:
    decision = decide(pack_id, scenario)

    for line in scenario.get("expect", []):
        obligation = found(decision, line)
        assert obligation is not None, f"nothing asks for {line}"
        said = obligation.as_json()
        assert {word: said[word] for word in WORDS & set(line)} == {word: line[word] for word in WORDS & set(line)}
    for line in scenario.get("not_expect", []):
        assert found(decision, line) is None, f"something asks for {line}"
    if "may_see" in scenario:
        assert [role.value for role in decision.may_see] == sorted(scenario["may_see"])
    assert scenario.get("expect") or scenario.get("not_expect"), "a scenario that expects nothing proves nothing"


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_a_pack_has_scenarios_enough_and_each_quotes_its_source(pack_id: str) -> None:
    held = scenarios(pack_id)

    assert len(held) >= LEAST
    assert [one["name"] for one in held if not one.get("quotes")] == []
    names = [one["name"] for one in held]
    assert sorted(set(names)) == sorted(names)


def rules() -> list[Any]:
    return [
        pytest.param(pack_id, rule, id=f"{pack_id}: {rule.id}")
        for pack_id in shipped_ids()
        for rule in shipped(pack_id).pack.rules
    ]


@pytest.mark.parametrize(("pack_id", "rule"), rules())
def test_a_rule_has_a_scenario_that_fires_it_and_one_that_does_not(pack_id: str, rule: Rule) -> None:
    asked = {(obligation.kind.value, obligation.target) for obligation in rule.then}
    fires = [one for one in scenarios(pack_id) if is_met(rule.when, _facts(one))]
    expected = {target_of(line) for one in fires for line in one.get("expect", [])}

    assert asked & expected, "no scenario fires this rule and names something it asks for"
    assert rule.when == ALWAYS or len(fires) < len(scenarios(pack_id)), "no scenario leaves this rule alone"


def _facts(scenario: dict[str, Any]) -> IncidentFacts:
    return facts_from(scenario["facts"])
