"""Reads the `when` of a rule into the engine's conditions."""

import re
from typing import Any

from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.facts import FACT_NAMES, MOMENTS, ONE_OF, SINGULAR, SOME_OF, YES_OR_NO, allowed_values
from policies.loading.faults import Faults, shortened, shown

_JOINTS = ("all", "any", "not")
_ALLOWED = {fact: frozenset(allowed_values(fact)) for fact in (*ONE_OF, *SOME_OF)}
_AT_LEAST = re.compile(r"[1-9][0-9]?")


def read_condition(given: Any, path: str, faults: Faults) -> Condition:
    """Return the condition; what is wrong with it goes to `faults`, and stands for `always` meanwhile."""
    if given is None or given == {}:
        return ALWAYS
    if not isinstance(given, dict):
        return faults.add(path, f"must be facts and their values, or all, any or not, not {shown(given)}.", ALWAYS)
    parts = [_part(str(key), value, f"{path}.{shortened(str(key))}", faults) for key, value in given.items()]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _part(key: str, value: Any, path: str, faults: Faults) -> Condition:
    if key in ("all", "any"):
        if not isinstance(value, list) or not value:
            return faults.add(path, "must be a list of one condition or more.", ALWAYS)
        parts = tuple(read_condition(part, f"{path}[{number}]", faults) for number, part in enumerate(value))
        return All(parts) if key == "all" else AnyPart(parts)
    if key == "not":
        return Not(read_condition(value, path, faults))
    fact = SINGULAR.get(key, key)
    if fact not in FACT_NAMES or fact in MOMENTS:
        known = [name for name in FACT_NAMES if name not in MOMENTS]
        return faults.add(path, f"{shown(key)} is not a fact. Allowed: {', '.join([*_JOINTS, *known])}.", ALWAYS)
    return _of_fact(fact, value, path, faults)


def _of_fact(fact: str, value: Any, path: str, faults: Faults) -> Condition:
    if not isinstance(value, dict):
        if isinstance(value, list):
            return faults.add(path, f"is a list. Write {fact}: {{any: […]}} or {fact}: {{all: […]}}.", ALWAYS)
        return Equals(fact, _value(fact, value, path, faults))
    if len(value) != 1:
        return faults.add(path, "must say one of any, all, at_least or not.", ALWAYS)
    word, inner = next(iter(value.items()))
    if word in ("any", "all"):
        return _list_of(fact, word, inner, path, faults)
    if word == "at_least":
        return _at_least(fact, inner, path, faults)
    if word == "not":
        # "not empty" is how a pack asks whether anything is known.
        return AtLeast(fact, 1) if inner == [] else Not(_of_fact(fact, inner, path, faults))
    return faults.add(path, f"{shown(word)} is not known here. Allowed: any, all, at_least, not.", ALWAYS)


def _at_least(fact: str, number: Any, path: str, faults: Faults) -> Condition:
    if not isinstance(number, str) or not _AT_LEAST.fullmatch(number):
        return faults.add(path, f"at_least must be a whole number of 1 or more, not {shown(number)}.", ALWAYS)
    if fact not in SOME_OF and number != "1":
        return faults.add(path, f"{fact} holds one value, so at_least {number} is never met.", ALWAYS)
    return AtLeast(fact, int(number))


def _list_of(fact: str, word: str, inner: Any, path: str, faults: Faults) -> Condition:
    if not isinstance(inner, list) or not inner:
        return faults.add(path, f"{word} must be a list of one value or more.", ALWAYS)
    values = frozenset(_value(fact, value, path, faults) for value in inner)
    if word == "all" and fact not in SOME_OF and len(values) > 1:
        return faults.add(path, f"{fact} holds one value, so all of several is never met.", ALWAYS)
    return AnyOf(fact, values) if word == "any" else AllOf(fact, values)


def _value(fact: str, value: Any, path: str, faults: Faults) -> Any:
    if fact in YES_OR_NO:
        return value if isinstance(value, bool) else faults.add(path, _wrong(fact, value), True)
    words = ONE_OF.get(fact) or SOME_OF[fact]
    if isinstance(value, str) and value in _ALLOWED[fact]:
        return words(value)
    return faults.add(path, _wrong(fact, value), next(iter(words)))


def _wrong(fact: str, value: Any) -> str:
    return f"{fact} cannot be {shown(value)}. Allowed: {', '.join(allowed_values(fact))}."
