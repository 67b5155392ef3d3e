"""How an obligation stands, and what a check of the filtering found, in plain words."""

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


class UserGroup(StrEnum):
    """For whom a filter lets something through or not. A group, never a person."""

    EARLY_YEARS = "early_years"
    KEY_STAGE_1 = "key_stage_1"
    KEY_STAGE_2 = "key_stage_2"
    KEY_STAGE_3 = "key_stage_3"
    KEY_STAGE_4 = "key_stage_4"
    SIXTH_FORM = "sixth_form"
    STAFF = "staff"
    GUESTS = "guests"
    EVERYBODY = "everybody"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words people choose."""
        return {
            "early_years": "Nursery and Reception",
            "key_stage_1": "Years 1 and 2",
            "key_stage_2": "Years 3 to 6",
            "key_stage_3": "Years 7 to 9",
            "key_stage_4": "Years 10 and 11",
            "sixth_form": "Sixth form",
            "staff": "Staff",
            "guests": "Guests and visitors",
            "everybody": "Everybody",
            "unknown": "Not known",
        }[self.value]


class CheckKind(StrEnum):
    """What was looked at."""

    FILTERING = "filtering"
    SECURITY = "security"

    @property
    def label(self) -> str:
        """The words people choose."""
        return {"filtering": "Filtering or monitoring", "security": "Security of the network or of devices"}[self.value]

    @property
    def deed(self) -> str:
        """What a policy calls the duty that such a check fulfils."""
        return {"filtering": "check_filtering", "security": "check_security"}[self.value]


class CheckResult(StrEnum):
    """What a check found."""

    WORKS = "works"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"works": "It works as it should", "failed": "It does not work as it should"}[self.value]
