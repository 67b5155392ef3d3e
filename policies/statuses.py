"""How an obligation stands, in plain words."""

from enum import StrEnum


class State(StrEnum):
    """Whether something that is owed is still to be done. Only what is open runs against a clock."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word shown beside it."""
        return {"open": "To do", "paused": "Paused", "done": "Done", "waived": "Not needed"}.get(
            self.value, "No longer asked for"
        )


OUTSTANDING = (State.OPEN, State.PAUSED)
