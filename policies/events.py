"""Names of the audit events of this app."""

from enum import StrEnum


class PolicyEvent(StrEnum):
    """What happened to a school's policy."""

    ADOPTED = "policy.adopted"
    WITHDRAWN = "policy.withdrawn"
