"""The `when` of a rule: what it may ask about, and how."""

from typing import Any

import pytest

from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.vocabulary import IncidentType, PartHolder
from policies.errors import PackInvalid
from policies.loading import parse_pack
from policies.loading.conditions import read_condition
from policies.loading.faults import Faults
from tests.policies.loading.sound import FACTS, FILE, TYPES, Broken, broken

WHEN = "{all: [{types: {any: [nudes, iioc]}}, {devices: {not: []}}]}"
AT = "rules[nudes-device].when"
NUDES, IIOC = IncidentType.NUDES, IncidentType.IIOC


def asks(name: str, when: str, *said: str) -> Broken:
    return broken(name, WHEN, when, *said)


BROKEN = [
    asks(
        "a fact that there is not",
        "{colour: red}",
        f"{AT}.colour: 'colour' is not a fact. Allowed: all, any, not, {FACTS}.",
    ),
    asks(
        "a moment",
        "{logged_at: 2026-11-12}",
        f"{AT}.logged_at: 'logged_at' is not a fact. Allowed: all, any, not, {FACTS}.",
    ),
    asks("a type that there is not", "{types: sexting}", f"{AT}.types: types cannot be 'sexting'. Allowed: {TYPES}."),
    asks(
        "a type that there is not, among others",
        "{types: {any: [nudes, sexting]}}",
        f"{AT}.types: types cannot be 'sexting'. Allowed: {TYPES}.",
    ),
    asks(
        "a yes of another language", "{serious: yes}", f"{AT}.serious: serious cannot be 'yes'. Allowed: true, false."
    ),
    asks(
        "a value of another fact", "{crime: true}", f"{AT}.crime: crime cannot be true. Allowed: no, unsure, suspected."
    ),
    asks("no value", "{crime: }", f"{AT}.crime: crime cannot be nothing. Allowed: no, unsure, suspected."),
    asks(
        "a list without any or all",
        "{types: [nudes, iioc]}",
        f"{AT}.types: is a list. Write types: {{any: […]}} or types: {{all: […]}}.",
    ),
    asks("an empty list", "{types: {any: []}}", f"{AT}.types: any must be a list of one value or more."),
    asks(
        "a word where a list belongs", "{types: {all: nudes}}", f"{AT}.types: all must be a list of one value or more."
    ),
    asks("an empty all", "{all: []}", f"{AT}.all: must be a list of one condition or more."),
    asks("an any without a list", "{any: {types: nudes}}", f"{AT}.any: must be a list of one condition or more."),
    asks(
        "a condition that is a word",
        "{all: [always]}",
        f"{AT}.all[0]: must be facts and their values, or all, any or not, not 'always'.",
    ),
    asks(
        "two questions in one",
        "{types: {any: [nudes], not: []}}",
        f"{AT}.types: must say one of any, all, at_least or not.",
    ),
    asks(
        "a word nobody knows",
        "{types: {none: [nudes]}}",
        f"{AT}.types: 'none' is not known here. Allowed: any, all, at_least, not.",
    ),
    asks(
        "at least none",
        "{alleged: {at_least: 0}}",
        f"{AT}.alleged: at_least must be a whole number of 1 or more, not '0'.",
    ),
    asks(
        "at least a few",
        "{alleged: {at_least: few}}",
        f"{AT}.alleged: at_least must be a whole number of 1 or more, not 'few'.",
    ),
    asks(
        "two of what is one",
        "{crime: {at_least: 2}}",
        f"{AT}.crime: crime holds one value, so at_least 2 is never met.",
    ),
    asks(
        "both of what is one",
        "{crime: {all: [unsure, suspected]}}",
        f"{AT}.crime: crime holds one value, so all of several is never met.",
    ),
    asks("not a thing", "{not: nudes}", f"{AT}.not: must be facts and their values, or all, any or not, not 'nudes'."),
    asks(
        "two faults far apart",
        "{any: [{colour: red}, {not: {serious: perhaps}}]}",
        f"{AT}.any[0].colour: 'colour' is not a fact. Allowed: all, any, not, {FACTS}.",
        f"{AT}.any[1].not.serious: serious cannot be 'perhaps'. Allowed: true, false.",
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_wrong_condition_is_said_with_its_path(case: Broken) -> None:
    with pytest.raises(PackInvalid) as refused:
        parse_pack(case.text, file=FILE)

    assert [f"{fault.path}: {fault.sentence}" for fault in refused.value.faults] == case.said


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, ALWAYS),
        ({}, ALWAYS),
        ({"type": "nudes"}, Equals("types", NUDES)),
        ({"types": {"any": ["nudes", "iioc"]}}, AnyOf("types", frozenset({NUDES, IIOC}))),
        ({"types": {"all": ["nudes", "iioc"]}}, AllOf("types", frozenset({NUDES, IIOC}))),
        ({"alleged": {"at_least": "2"}}, AtLeast("alleged", 2)),
        ({"alleged": {"not": []}}, AtLeast("alleged", 1)),
        ({"alleged": {"not": "pupil"}}, Not(Equals("alleged", PartHolder.PUPIL))),
        ({"not": {"alleged": "pupil"}}, Not(Equals("alleged", PartHolder.PUPIL))),
        ({"serious": False}, Equals("serious", False)),
        ({"type": "nudes", "serious": True}, All((Equals("types", NUDES), Equals("serious", True)))),
        (
            {"any": [{"type": "nudes"}, {"all": [{"serious": True}]}]},
            AnyPart((Equals("types", NUDES), All((Equals("serious", True),)))),
        ),
    ],
)
def test_a_condition_is_read_as_it_is_written(given: Any, read: Condition) -> None:
    faults = Faults(FILE)

    assert read_condition(given, "when", faults) == read
    assert faults.found == []
