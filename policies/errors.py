"""What can be wrong with a policy pack."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the file, the path within it (and the line, where known), and a sentence."""

    file: str
    path: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.path}" if self.path else self.file
        return f"{place}: {self.sentence}"


class PackInvalid(Exception):
    """A pack that cannot be used. `faults` holds everything that is wrong with it, not just the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
