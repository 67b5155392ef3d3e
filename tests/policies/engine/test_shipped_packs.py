"""What holds of every decision of the packs that come with the product, for every two values of every two facts."""

import json
import os
import random
import subprocess
import sys
from functools import cache

import pytest

from policies.catalogue import shipped, shipped_ids, with_layers
from policies.engine.evaluate import Decision, evaluate
from policies.engine.facts import FACT_NAMES, IncidentFacts, facts_from
from policies.engine.packs import Pack
from policies.engine.vocabulary import IncidentType, Layer, PartHolder
from safeguarding.embedded.paths import ROOT
from tests.policies.engine.coverings import pairwise_facts, random_facts, with_one_more
from tests.policies.engine.promises import HELD_BY, bans, broken, misshapen, musts, reached

PACKS = shipped_ids()
FLOORS = [pack_id for pack_id in PACKS if shipped(pack_id).pack.layer is Layer.FLOOR]
BY_CHANCE, ADDED = 2000, 1500


@cache
def layers_of(pack_id: str) -> tuple[Pack, ...]:
    return with_layers(shipped(pack_id).pack)


@cache
def every_pair() -> list[IncidentFacts]:
    return pairwise_facts()


def decide(pack_id: str, facts: IncidentFacts) -> Decision:
    return evaluate(layers_of(pack_id), facts)


def test_the_covering_array_covers() -> None:
    seen = {(name, value) for facts in every_pair() for name, value in vars(facts).items()}

    assert {("serious", None), ("serious", True), ("serious", False), ("imagery", None)} <= seen
    assert {("types", frozenset({kind})) for kind in IncidentType} <= seen
    assert any(
        facts.types == {IncidentType.IIOC} and facts.alleged == {PartHolder.HEADTEACHER} for facts in every_pair()
    )


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_pair_of_facts_has_an_answer_that_keeps_every_promise(pack_id: str) -> None:
    layers = layers_of(pack_id)
    for facts in every_pair():
        decision = evaluate(layers, facts)
        assert broken(layers, facts, decision) == [], facts
        assert misshapen(json.loads(json.dumps(decision.as_json(layers[-1])))) == [], facts


@pytest.mark.parametrize("pack_id", PACKS)
def test_so_have_facts_by_chance(pack_id: str) -> None:
    for facts in random_facts(BY_CHANCE, seed=20):
        assert broken(layers_of(pack_id), facts, decide(pack_id, facts)) == [], facts


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_new_fact_drops_no_must_and_no_ban_of_the_floor(pack_id: str) -> None:
    chance = random.Random(7)
    floors = [layers_of(floor) for floor in FLOORS if floor in {layer.id for layer in layers_of(pack_id)}]
    for facts in random_facts(ADDED, seed=8):
        more = with_one_more(facts, chance)
        after = decide(pack_id, more).obligations
        for floor in floors:
            before = evaluate(floor, facts).obligations
            assert musts(before) <= musts(after), (facts, more)
            assert set(bans(before)) <= set(bans(after)), (facts, more)


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_floor_is_never_lost_under_another_pack(pack_id: str) -> None:
    for facts in every_pair():
        above = {one.key: one for one in decide(pack_id, facts).obligations}
        for floor in FLOORS:
            if floor not in {layer.id for layer in layers_of(pack_id)}:
                continue
            for one in evaluate(layers_of(floor), facts).obligations:
                assert one.key in above
                if one.within:
                    within = above[one.key].within
                    assert within
                    assert within.rank <= one.within.rank


@pytest.mark.parametrize("pack_id", PACKS)
def test_the_order_of_packs_rules_and_facts_does_not_matter(pack_id: str) -> None:
    layers, order = list(layers_of(pack_id)), random.Random(3)
    shuffled = [Pack(**(vars(pack) | {"rules": tuple(order.sample(pack.rules, len(pack.rules)))})) for pack in layers]
    for facts in every_pair()[::3]:
        order.shuffle(shuffled)
        assert evaluate(shuffled, facts) == evaluate(layers, facts) == evaluate([*layers, *layers], facts)
        given = [(name, value) for name, value in vars(facts).items() if value or name == "types"]
        order.shuffle(given)
        known = dict(given) if facts.category or facts.types else dict(given) | {"category": "content"}
        assert facts_from(known) == facts_from({name: known[name] for name in FACT_NAMES if name in known})


@pytest.mark.parametrize("holder", [holder.value for holder in PartHolder])
@pytest.mark.parametrize("pack_id", PACKS)
def test_whoever_is_said_to_have_done_it_is_not_reached(pack_id: str, holder: str) -> None:
    kinds = ["staff_misuse", "nudes", "filtering_breach", "low_level_concern", "data_breach", "parent_conduct"]
    for kind in kinds:
        facts = facts_from({"types": [kind], "alleged": [holder], "harmed": ["pupil"], "serious": True})
        decision = decide(pack_id, facts)
        assert set(reached(decision)).isdisjoint(HELD_BY.get(PartHolder(holder), set()))
        assert decision.may_see
        assert decision.obligations


def test_every_process_gives_the_same_answers() -> None:
    found = set()
    for seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.policies.engine.decisions_digest"],
            cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.add(done.stdout)

    assert len(found) == 1
    assert len(found.pop()) == 64
