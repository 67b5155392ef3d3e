"""Before which cases are closed a second person agrees."""

from dataclasses import replace

from policies.engine.closing import DEFAULT, closing_of
from policies.engine.packs import Closing
from policies.loading import parse_pack
from tests.policies.engine.builders import FLOOR, pack
from tests.policies.loading.sound import FILE, SOUND

ASKS = Closing(frozenset({"nudes"}), "10-2")


def test_where_no_layer_asks_danger_and_high_are_the_products_own_default() -> None:
    assert closing_of([pack("a", layer=FLOOR), pack("b")]) == DEFAULT
    assert Closing(frozenset({"danger", "high"}), "") == DEFAULT


def test_a_policy_that_asks_takes_the_place_of_the_default() -> None:
    assert closing_of([pack("a", layer=FLOOR), pack("b", closing=ASKS)]) == ASKS


def test_what_several_layers_ask_is_united_and_the_nearest_is_cited() -> None:
    floor = pack("a", layer=FLOOR, closing=replace(ASKS, second_person=frozenset({"danger"}), clause="1"))

    assert closing_of([floor, pack("b", closing=ASKS)]) == Closing(frozenset({"danger", "nudes"}), "10-2")


def test_a_pack_says_so_in_its_own_field() -> None:
    text = SOUND.replace("grace: 60", 'closing: {second_person: [danger, nudes], clause: "3-4"}')

    read = parse_pack(text, file=FILE)

    assert read.closing == Closing(frozenset({"danger", "nudes"}), "3-4")
    assert next(clause for clause in read.clauses if clause.id == "3-4").by == ("closing:second_person",)
    assert parse_pack(SOUND, file=FILE).closing is None
