"""Gathers everything that is wrong with a pack, so that its author sees all of it at once."""

from typing import TypeVar

from policies.errors import Fault, PackInvalid

Value = TypeVar("Value")


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
