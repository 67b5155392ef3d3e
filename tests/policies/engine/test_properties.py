"""What holds of every decision, for packs and facts that nobody thought of."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.engine.evaluate import evaluate
from policies.engine.facts import IncidentFacts
from policies.engine.packs import Pack, Rule
from tests.policies.engine.drawn import layers, of_few_words, with_more
from tests.policies.engine.promises import GATES, USUAL_GATES, asked_by, asks, bans, broken, misshapen, musts

FREE = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def reordered(pack: Pack, order: Any) -> Pack:
    """Return the pack with its rules in another order."""
    rules: list[Rule] = list(pack.rules)
    order.shuffle(rules)
    return Pack(**(vars(pack) | {"rules": tuple(rules)}))


@FREE
@given(layers(), of_few_words())
def test_every_promise_is_kept(packs: list[Pack], facts: IncidentFacts) -> None:
    decision = evaluate(packs, facts)

    assert broken(packs, facts, decision) == []
    assert misshapen(json.loads(json.dumps(decision.as_json(packs[0])))) == []


@FREE
@given(layers(), of_few_words(), st.randoms(use_true_random=False))
def test_order_does_not_matter(packs: list[Pack], facts: IncidentFacts, order: Any) -> None:
    shuffled = [reordered(pack, order) for pack in packs]
    order.shuffle(shuffled)

    assert evaluate(shuffled, facts) == evaluate(packs, facts)


@FREE
@given(layers(), of_few_words())
def test_twice_is_once(packs: list[Pack], facts: IncidentFacts) -> None:
    again = [Pack(**vars(pack)) for pack in packs]

    assert evaluate([*packs, *packs], facts) == evaluate([*packs, *again], facts) == evaluate(packs, facts)


@FREE
@given(layers(), st.data())
def test_a_new_fact_drops_no_must_and_no_ban_of_the_floor(packs: list[Pack], data: Any) -> None:
    before = data.draw(of_few_words())
    after = data.draw(with_more(before))
    floor = packs[:1]

    for more in (floor, packs):
        decision = evaluate(more, after).obligations
        assert musts(evaluate(floor, before).obligations) <= musts(decision)
        assert set(bans(evaluate(floor, before).obligations)) <= set(bans(decision))


@FREE
@given(layers(), of_few_words())
def test_the_stricter_wins(packs: list[Pack], facts: IncidentFacts) -> None:
    facts = IncidentFacts(**(vars(facts) | {"alleged": frozenset()}))
    found = evaluate(packs, facts).obligations
    for kept, lines in ((asks(found), asks), (bans(found), bans)):
        fired = [line for line in asked_by(packs, facts) if lines([line])]
        for key in {line.key for line in fired}:
            alike = [line for line in fired if line.key == key]
            assert kept[key].strength >= max(line.strength for line in alike)
            ranks = [line.within.rank for line in alike if line.within]
            assert (kept[key].within.rank if kept[key].within else None) == min(ranks, default=None)
            times = {line.within for line in alike if line.within}
            assert times <= {kept[key].within, *(beside.within for beside in kept[key].overrides)}


@FREE
@given(layers(), of_few_words())
def test_nothing_is_asked_for_that_no_rule_brings(packs: list[Pack], facts: IncidentFacts) -> None:
    facts = IncidentFacts(**(vars(facts) | {"alleged": frozenset()}))
    lines = asked_by(packs, facts)
    fired = {line.key for line in lines}
    gates = {line.after for line in lines if line.after} | set(GATES.values()) | set(USUAL_GATES.values())
    asked = {one.key for one in evaluate(packs, facts).obligations}

    assert fired <= asked <= fired | gates
