"""Names of the audit events of this app."""

from enum import StrEnum


class AccountEvent(StrEnum):
    """What happened to an account, a person or a school."""

    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    FACTOR_ADDED = "account.factor_added"
    FACTOR_REMOVED = "account.factor_removed"
    RECOVERY_CODES_RENEWED = "account.recovery_codes_renewed"
    SESSIONS_ENDED = "account.sessions_ended"
    ACCOUNT_CLOSED = "account.closed"
    ACCOUNT_OPENED = "account.opened"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - an event's name
    SCHOOL_CREATED = "school.created"
    TERM_ADDED = "school.term_added"
    TERM_REMOVED = "school.term_removed"
    CLOSED_DAY_ADDED = "school.closed_day_added"
    CLOSED_DAY_REMOVED = "school.closed_day_removed"
    MEMBER_ADDED = "member.added"
    MEMBER_ENDED = "member.ended"
    APPROVAL_ASKED = "approval.asked"
    APPROVAL_AGREED = "approval.agreed"
    APPROVAL_DECLINED = "approval.declined"
    APPROVAL_WITHDRAWN = "approval.withdrawn"
    ABSENCE_ADDED = "absence.added"
    ABSENCE_ENDED = "absence.ended"
    PEOPLE_UPDATED = "people.updated"
    CHAIN_OPENED = "audit.chain_opened"
    EMERGENCY_ASKED = "emergency.asked"
    EMERGENCY_AGREED = "emergency.agreed"
    EMERGENCY_DECLINED = "emergency.declined"
    EMERGENCY_OPENED = "emergency.opened"
    EMERGENCY_ENDED = "emergency.ended"
    KEY_MADE = "keys.made"
    KEYS_REWRAPPED = "keys.rewrapped"
