"""Reads single words and figures of a pack's file, saying what is allowed where one is not."""

import re
from enum import StrEnum
from typing import TypeVar

from policies.engine.durations import Within, parse_within
from policies.engine.vocabulary import OwnerRole
from policies.loading.faults import Faults, shown

Word = TypeVar("Word", bound=StrEnum)
_EVERY = re.compile(r"(?:[1-9]\d? (?:year|term|month|week)s?)")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_EDITION = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_NUMBER = re.compile(r"[0-9]{1,4}")


def word(words: type[Word], value: str, path: str, faults: Faults, instead: Word) -> Word:
    """Return the word of a list of words, or what to go on with."""
    allowed = [one.value for one in words]
    if value in allowed:
        return words(value)
    return faults.add(path, f"cannot be {shown(value)}. Allowed: {', '.join(allowed)}.", instead)


def role(value: str, path: str, faults: Faults) -> OwnerRole:
    """Return the role of that key."""
    return word(OwnerRole, value, path, faults, OwnerRole.DSL)


def role_or_none(value: str, path: str, faults: Faults) -> OwnerRole | None:
    """Return the role of that key, or None where it is left out or not known."""
    allowed = [one.value for one in OwnerRole]
    if not value or value in allowed:
        return OwnerRole(value) if value else None
    return faults.add(path, f"cannot be {shown(value)}. Allowed: {', '.join(allowed)}.", None)


def interval(text: str, path: str, faults: Faults) -> str:
    """Return how often something comes round, or nothing where it is left out."""
    if not text or _EVERY.fullmatch(text):
        return text
    sentence = (
        f"cannot be {shown(text)}. Allowed: a number of years, terms, months or weeks, such as 1 year or 2 terms."
    )
    return faults.add(path, sentence, "")


def duration(text: str, path: str, faults: Faults) -> Within | None:
    """Return by when something is due."""
    try:
        return parse_within(text)
    except ValueError as fault:
        return faults.add(path, str(fault).replace(repr(text), shown(text)), None)


def month(text: str, path: str, faults: Faults) -> str:
    """Return a year and month, or nothing where it is left out."""
    if not text or _MONTH.fullmatch(text):
        return text
    return faults.add(path, f"must be a year and a month such as 2019-09, not {shown(text)}.", "")


def edition(text: str, path: str, faults: Faults) -> str:
    """Return the edition of a document, as exact as its source has it, or nothing where none is named."""
    if not text or _EDITION.fullmatch(text):
        return text
    return faults.add(path, f"must be a year, or a year and a month such as 2018-09, not {shown(text)}.", "")


def whole_number(text: str, path: str, faults: Faults, *, least: int) -> int:
    """Return a whole number of at least so much."""
    if _NUMBER.fullmatch(text) and int(text) >= least:
        return int(text)
    return faults.add(path, f"must be a whole number of {least} or more, not {shown(text)}.", least)
