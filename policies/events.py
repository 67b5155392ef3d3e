"""Names of the audit events of this app."""

from enum import StrEnum


class PolicyEvent(StrEnum):
    """What happened to a school's policy."""

    ADOPTED = "policy.adopted"
    WITHDRAWN = "policy.withdrawn"
    ROUNDS_KEPT = "school_duty.rounds_kept"
    DUTY_DONE = "school_duty.done"
    DUTY_WAIVED = "school_duty.waived"
    FEED_MADE = "calendar_feed.made"
    FEED_ENDED = "calendar_feed.ended"
    DUTY_ESCALATED = "school_duty.escalated"
    FILTERING_CHECKED = "filtering_check.recorded"
