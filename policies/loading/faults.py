"""Gathers everything that is wrong with a pack, so that its author sees all of it at once."""

from typing import Any, TypeVar

from policies.errors import Fault, PackInvalid

Value = TypeVar("Value")
_LONGEST = 60


class Faults:
    """The faults of one file, in the order they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(self, path: str, sentence: str, instead: Value) -> Value:
        """Note a fault and return what to go on with."""
        self.found.append(Fault(self.file, path, sentence))
        return instead

    def raise_any(self) -> None:
        """Raise PackInvalid with everything found; do nothing where nothing was."""
        if self.found:
            raise PackInvalid(self.found)


def shown(value: Any) -> str:
    """Return what a file holds as a sentence can quote it."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "fields and their values"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if len(str(value)) <= _LONGEST else f"{str(value)[:_LONGEST]!r}…"


def shortened(name: str) -> str:
    """Return a name that a file gives, no longer than a sentence or a path can bear."""
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
