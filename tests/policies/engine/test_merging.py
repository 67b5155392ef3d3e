"""Several lines that ask for the same become one: the stricter wins, the nearest speaks, the rest is kept beside it."""

from itertools import permutations
from typing import Any

import pytest

from policies.engine.durations import parse_within
from policies.engine.merging import Line, merge
from policies.engine.obligations import Obligation, Override
from policies.engine.vocabulary import Gate, Layer, OwnerRole, Strength
from tests.policies.engine.builders import FLOOR, PARTNERSHIP, SCHOOL, line

CONSIDER, MUST = Strength.CONSIDER, Strength.MUST
PACKS = {FLOOR: "a-floor", PARTNERSHIP: "a-partnership", SCHOOL: "a-school"}
Given = tuple[Layer, dict[str, Any]]


def merged(*given: Given, key: str = "do:delete_copies", silent: bool = False) -> Obligation:
    """Return the one obligation of these lines; the same whatever order they come in."""
    lines = []
    for number, (layer, fields) in enumerate(given):
        words = {"pack": PACKS[layer], "clause": f"{PACKS[layer]}-{number}"} | fields
        lines.append(Line(layer, line(key, **words)))
    found = {merge(list(order), silent=silent) for order in permutations(lines)}
    assert len(found) == 1
    return found.pop()


def lines_beside(obligation: Obligation) -> list[tuple[str, str | None]]:
    return [(beside.clause, str(beside.within) if beside.within else None) for beside in obligation.overrides]


@pytest.mark.parametrize(
    ("floor", "school", "strength"), [(MUST, CONSIDER, MUST), (CONSIDER, MUST, MUST), (CONSIDER, CONSIDER, CONSIDER)]
)
def test_must_wins_over_consider(floor: Strength, school: Strength, strength: Strength) -> None:
    assert merged((FLOOR, {"strength": floor}), (SCHOOL, {"strength": school})).strength is strength


@pytest.mark.parametrize(
    ("floor", "school", "within"),
    [
        ("immediately", "24h", "immediately"),
        ("24h", "immediately", "immediately"),
        ("1 working day", "5 days", "1 working day"),
        ("10 days", "5 days", "5 days"),
        (None, "5 days", "5 days"),
        ("5 days", None, "5 days"),
    ],
)
def test_the_earliest_time_wins(floor: str | None, school: str | None, within: str) -> None:
    assert str(merged((FLOOR, {"within": floor}), (SCHOOL, {"within": school})).within) == within


def test_without_a_time_there_is_no_clock() -> None:
    assert merged((FLOOR, {}), (SCHOOL, {})).within is None


def test_a_time_counts_even_where_it_was_only_to_be_considered() -> None:
    found = merged((FLOOR, {"strength": CONSIDER, "within": "1h"}), (SCHOOL, {"within": "24h"}))

    assert (found.strength, str(found.within), found.pack) == (MUST, "1h", "a-school")
    # The time of the cited clause itself is kept: on another day it may be the earlier one.
    assert lines_beside(found) == [("a-floor-0", "1h"), ("a-school-1", "24h")]


@pytest.mark.parametrize(
    ("floor", "school", "cited"),
    [
        ({}, {}, "a-school"),
        ({"within": "24h"}, {"within": "24h"}, "a-school"),
        ({"within": "24h"}, {}, "a-school"),  # silence on time is no weakness
        ({"within": "24h"}, {"within": "5 days"}, "a-floor"),
        ({}, {"within": "5 days"}, "a-school"),
        ({}, {"strength": CONSIDER}, "a-floor"),
        ({"within": "24h"}, {"strength": CONSIDER, "within": "24h"}, "a-floor"),
        ({"strength": CONSIDER}, {}, "a-school"),
    ],
)
def test_the_clause_is_that_of_the_nearest_layer_unless_that_is_weaker(
    floor: dict[str, Any], school: dict[str, Any], cited: str
) -> None:
    found = merged((FLOOR, floor | {"text": "a-floor"}), (SCHOOL, school | {"text": "a-school"}))

    assert found.pack == found.text == cited
    assert found.clause.startswith(cited)
    assert [beside.pack for beside in found.overrides] == [pack for pack in ("a-floor", "a-school") if pack != cited]


def test_within_a_layer_the_stricter_line_is_cited() -> None:
    lines: list[Given] = [
        (SCHOOL, {"strength": CONSIDER, "within": "immediately"}),
        (SCHOOL, {"within": "24h"}),
        (SCHOOL, {"within": "1h"}),
        (SCHOOL, {}),
    ]

    found = merged(*lines[1:])
    assert (found.clause, lines_beside(found)) == ("a-school-1", [("a-school-0", "24h"), ("a-school-2", None)])
    assert merged(*lines).clause == "a-school-3"


def test_within_a_layer_the_stronger_line_names_the_owner() -> None:
    weaker: Given = (SCHOOL, {"strength": CONSIDER, "owner": "bursar", "within": "immediately", "clause": "1"})

    assert merged(weaker, (SCHOOL, {"owner": "slt", "clause": "2"})).owner is OwnerRole.SLT


def test_what_is_alike_is_cited_by_pack_clause_text_and_reason() -> None:
    alike: list[Given] = [
        (SCHOOL, {"pack": "b", "clause": "1", "text": "A", "why": "A"}),
        (SCHOOL, {"pack": "a", "clause": "2", "text": "A", "why": "A"}),
        (SCHOOL, {"pack": "a", "clause": "1", "text": "B", "why": "A"}),
        (SCHOOL, {"pack": "a", "clause": "1", "text": "A", "why": "B"}),
    ]

    found = merged(*alike)

    assert (found.pack, found.clause, found.text, found.why) == ("a", "1", "A", "B")
    assert [(beside.pack, beside.clause) for beside in found.overrides] == [("a", "2"), ("b", "1")]


@pytest.mark.parametrize(
    ("floor", "partnership", "school", "owner"),
    [
        ("headteacher", "dsl", "bursar", OwnerRole.BURSAR),
        ("headteacher", "dsl", None, OwnerRole.DSL),
        ("headteacher", None, None, OwnerRole.HEADTEACHER),
        (None, None, None, OwnerRole.DSL),
    ],
)
def test_the_nearest_layer_that_names_an_owner_has_its_way(
    floor: str | None, partnership: str | None, school: str | None, owner: OwnerRole
) -> None:
    lines: list[Given] = [
        (FLOOR, {"owner": floor, "within": "immediately"}),
        (PARTNERSHIP, {"owner": partnership}),
        (SCHOOL, {"owner": school, "strength": CONSIDER, "within": "30 days"}),
    ]

    assert merged(*lines).owner is owner


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (("dsl", "deputy_dsl"), ("dsl", "deputy_dsl"), ("deputy_dsl", "dsl")),
        (("dsl", "deputy_dsl", "slt"), ("dsl", "deputy_dsl"), ("deputy_dsl", "dsl")),
        (("dsl", "deputy_dsl"), (), ()),
        (("dsl", "deputy_dsl"), ("dsl", "slt"), ()),
    ],
)
def test_an_alternative_is_enough_where_it_is_enough_for_every_line(
    first: tuple[str, ...], second: tuple[str, ...], left: tuple[str, ...]
) -> None:
    assert merged((FLOOR, {"any_of": first}), (SCHOOL, {"any_of": second}), key="notify:dsl").any_of == left
    assert merged((FLOOR, {"any_of": second}), (SCHOOL, {"any_of": first}), key="notify:dsl").any_of == left


def test_alternatives_of_three_lines_are_those_of_all_three() -> None:
    given: list[Given] = [
        (FLOOR, {"any_of": ("dsl", "slt", "bursar")}),
        (PARTNERSHIP, {"any_of": ("dsl", "slt", "dpo")}),
        (SCHOOL, {"any_of": ("dsl", "bursar", "dpo")}),
    ]

    assert merged(*given, key="notify:dsl").any_of == ()


@pytest.mark.parametrize("field", ["after", "evidence"])
def test_what_one_line_asks_for_first_or_as_evidence_is_asked_for(field: str) -> None:
    values = {"after": "consult:police", "evidence": "A note"}

    assert getattr(merged((FLOOR, {field: values[field]}), (SCHOOL, {})), field) == values[field]
    assert getattr(merged((FLOOR, {}), (SCHOOL, {field: values[field]})), field) == values[field]
    assert getattr(merged((FLOOR, {}), (SCHOOL, {})), field) is None


def test_the_nearest_layers_evidence_counts_and_the_farthest_layers_order() -> None:
    found = merged(
        (FLOOR, {"after": "consult:police", "evidence": "A note"}),
        (SCHOOL, {"after": "do:confirm_deletion_allowed", "evidence": "A form"}),
    )

    assert (found.after, found.evidence) == ("consult:police", "A form")


BAN = "forbid:store_imagery"
ADVICE, REQUEST, CONFIRMED = Gate.POLICE_ADVICE, Gate.POLICE_REQUEST, Gate.DELETION_CONFIRMED
UNSAFE = Gate.PARENTS_UNSAFE_TO_TELL


@pytest.mark.parametrize(
    ("floor", "school", "until"),
    [(ADVICE, ADVICE, ADVICE), (ADVICE, None, None), (None, ADVICE, None), (CONFIRMED, ADVICE, CONFIRMED)],
)
def test_an_end_ends_it_only_where_every_line_has_one(
    floor: Gate | None, school: Gate | None, until: Gate | None
) -> None:
    assert merged((FLOOR, {"until": floor}), (SCHOOL, {"until": school}), key=BAN).until is until


@pytest.mark.parametrize(
    ("floor", "school", "exception"),
    [("The head", "The DSL", "The DSL"), ("The head", None, None), (None, "The DSL", None)],
)
def test_an_exception_holds_only_where_every_line_makes_one(
    floor: str | None, school: str | None, exception: str | None
) -> None:
    assert merged((FLOOR, {"exception": floor}), (SCHOOL, {"exception": school}), key=BAN).exception == exception


@pytest.mark.parametrize(
    ("floor", "school", "must", "must_not"),
    [
        (None, None, None, None),
        (UNSAFE, None, UNSAFE, None),
        (None, UNSAFE, UNSAFE, None),
        (REQUEST, UNSAFE, UNSAFE, UNSAFE),
    ],
)
def test_a_must_is_excused_by_any_line_and_a_ban_only_by_all(
    floor: Gate | None, school: Gate | None, must: Gate | None, must_not: Gate | None
) -> None:
    both: list[Given] = [(FLOOR, {"unless": floor}), (SCHOOL, {"unless": school})]

    assert merged(*both, key="inform_parents:parents").unless is must
    assert merged(*both, key=BAN).unless is must_not


@pytest.mark.parametrize("silent", [True, False])
def test_the_policy_is_silent_or_not_as_is_said(silent: bool) -> None:
    assert merged((FLOOR, {}), (SCHOOL, {}), silent=silent).silent_in_policy is silent


def test_one_line_is_itself() -> None:
    found = merged((SCHOOL, {"owner": "bursar", "within": "24h", "until": ADVICE, "unless": UNSAFE, "exception": "No"}))

    assert found == line(
        "do:delete_copies",
        owner="bursar", within="24h", until=ADVICE, unless=UNSAFE, exception="No", pack="a-school", clause="a-school-0",
    )  # fmt: skip


def test_the_weaker_lines_are_kept_in_order_and_each_once() -> None:
    again = {"clause": "7", "within": "24h"}
    found = merged(
        (SCHOOL, {"within": "immediately"}),
        (SCHOOL, again),
        (SCHOOL, again | {"why": "for another reason"}),
        (SCHOOL, {"clause": "7"}),
        (PARTNERSHIP, {"within": "5 days"}),
        (FLOOR, {"strength": CONSIDER}),
    )

    assert found.overrides == (
        Override("a-floor", "a-floor-5", CONSIDER, None),
        Override("a-partnership", "a-partnership-4", MUST, parse_within("5 days")),
        Override("a-school", "7", MUST, parse_within("24h")),
        Override("a-school", "7", MUST, None),
    )


def test_of_the_cited_clause_only_another_time_is_kept() -> None:
    found = merged(
        (SCHOOL, {"clause": "7", "within": "immediately"}),
        (SCHOOL, {"clause": "7", "within": "24h"}),
        (SCHOOL, {"clause": "7"}),
        (SCHOOL, {"clause": "7", "strength": CONSIDER, "within": "immediately"}),
    )

    assert (found.clause, str(found.within)) == ("7", "immediately")
    assert lines_beside(found) == [("7", "24h")]


def test_lines_beside_each_other_are_kept_through_a_second_merging() -> None:
    first = merged((FLOOR, {"within": "24h"}), (SCHOOL, {"within": "1h"}))
    second = line("do:delete_copies", pack="b", clause="9")
    found = merge([Line(FLOOR, one) for one in (first, second)], silent=False)

    assert found.clause == "a-school-1"
    assert lines_beside(found) == [("a-floor-0", "24h"), ("9", None)]


def test_a_line_whose_time_was_shortened_is_kept_as_its_own_pack_has_it() -> None:
    first = merged((FLOOR, {"strength": CONSIDER, "within": "1h"}), (SCHOOL, {"within": "24h"}))
    nearer = line("do:delete_copies", pack="b", clause="9", within="immediately")

    found = merge([Line(SCHOOL, first), Line(SCHOOL, nearer)], silent=False)

    assert (str(first.within), first.clause, found.clause) == ("1h", "a-school-1", "9")
    assert lines_beside(found) == [("a-floor-0", "1h"), ("a-school-1", "24h")]


def test_lines_of_one_clause_as_strict_as_each_other_are_kept_in_the_order_of_their_words() -> None:
    week = ["7 days", "5 working days", "168h", "5 school days"]
    found = merged((SCHOOL, {"within": "immediately"}), *[(FLOOR, {"clause": "2", "within": time}) for time in week])

    assert [time for _, time in lines_beside(found)] == sorted(week)


def test_lines_of_one_clause_are_kept_strictest_first() -> None:
    found = merged(
        (SCHOOL, {"within": "immediately"}),
        *[(FLOOR, {"clause": "2", "strength": strength, "within": within})
          for strength in (CONSIDER, MUST) for within in (None, "10 days", "24h")],
    )  # fmt: skip

    assert [(beside.strength, str(beside.within)) for beside in found.overrides] == [
        (MUST, "24h"), (MUST, "10 days"), (MUST, "None"), (CONSIDER, "24h"), (CONSIDER, "10 days"), (CONSIDER, "None"),
    ]  # fmt: skip
