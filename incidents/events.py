"""Names of what happens to a case, in the audit and in the chronology."""

from enum import StrEnum


class Event(StrEnum):
    """Something that was done to, or seen of, a case."""

    ALARM_RAISED = "draft.alarm_raised"
    REPORTED = "incident.reported"
    READ = "incident.read"
    TOLD_OPENED = "told.opened"
    TOLD_REMINDED = "told.reminded"
    TOLD_ESCALATED = "told.escalated"
    TOLD_WITHDRAWN = "told.withdrawn"
    TOLD_SETTLED = "told.settled"
    QUIET_NOTED = "incident.quiet_noted"
    SEARCHED = "incident.searched"
    RECEIPT_READ = "incident.receipt_read"
    ACKNOWLEDGED = "incident.acknowledged"
    ASSIGNED = "incident.assigned"
    LEVEL_SET = "incident.level_set"
    NOTE_ADDED = "incident.note_added"
    QUESTION_ASKED = "incident.question_asked"
    QUESTION_ANSWERED = "incident.question_answered"
    CLOSED = "incident.closed"
    REOPENED = "incident.reopened"
    JUDGED_AGAIN = "incident.judged_again"
    DUTIES_APPLIED = "incident.duties_applied"
    DUTY_DONE = "incident.duty_done"
    DUTY_WAIVED = "incident.duty_waived"
    LINKED = "incident.linked"
    LINK_UNDONE = "incident.link_undone"
    MERGED = "incident.merged"
    SPLIT = "incident.split"
    PERSON_ADDED = "incident.person_added"
    IDENTIFIER_ADDED = "incident.identifier_added"
    IDENTIFIER_REMOVED = "incident.identifier_removed"
    PERSON_READ = "person.read"
    UNDERTAKEN = "incident.undertaken"
    UNDERTAKING_MOVED = "incident.undertaking_moved"
    DUTY_PAUSED = "incident.duty_paused"
    DUTY_RESUMED = "incident.duty_resumed"
    MESSAGE_PASSED_ON = "incident.message_passed_on"
    DUTY_ESCALATED = "incident.duty_escalated"
    DUTIES_TOLD = "incident.duties_told"

    @property
    def label(self) -> str:
        """The heading of the entry in the chronology."""
        return _LABELS[self]


_LABELS = {
    Event.ALARM_RAISED: "Called for help",
    Event.REPORTED: "Concern logged",
    Event.READ: "Case opened",
    Event.TOLD_OPENED: "Noted that somebody has to write up what they were told",
    Event.TOLD_REMINDED: "Reminded somebody to write up what they were told",
    Event.TOLD_ESCALATED: "Told a role that something was not written up in time",
    Event.TOLD_WITHDRAWN: "A write-up is not waited for any more",
    Event.TOLD_SETTLED: "What was told came to an end",
    Event.QUIET_NOTED: "Those who handle it were told that it has been quiet",
    Event.SEARCHED: "Cases searched",
    Event.RECEIPT_READ: "Own concern opened",
    Event.ACKNOWLEDGED: "Acknowledged",
    Event.ASSIGNED: "Owner set",
    Event.LEVEL_SET: "Level set",
    Event.NOTE_ADDED: "Note",
    Event.QUESTION_ASKED: "Question to the reporter",
    Event.QUESTION_ANSWERED: "Answer from the reporter",
    Event.CLOSED: "Closed",
    Event.REOPENED: "Reopened",
    Event.JUDGED_AGAIN: "Judged by another edition of the policy",
    Event.DUTIES_APPLIED: "What the policy asks for was brought up to date",
    Event.DUTY_DONE: "Done",
    Event.DUTY_WAIVED: "Decided not to",
    Event.LINKED: "Tied to another case",
    Event.LINK_UNDONE: "No longer tied to another case",
    Event.MERGED: "Merged with another case",
    Event.SPLIT: "A part became a case of its own",
    Event.PERSON_ADDED: "Somebody was added",
    Event.IDENTIFIER_ADDED: "Noted by what it can be found again",
    Event.IDENTIFIER_REMOVED: "Noted by mistake, and taken out",
    Event.PERSON_READ: "The page of a person was opened",
    Event.UNDERTAKEN: "To be done",
    Event.UNDERTAKING_MOVED: "Date moved",
    Event.DUTY_PAUSED: "Clock paused",
    Event.DUTY_RESUMED: "Clock goes on",
    Event.MESSAGE_PASSED_ON: "A message did not arrive and went to the next person",
    Event.DUTY_ESCALATED: "The next role was told that something is late",
    Event.DUTIES_TOLD: "Told, as the policy asks",
}
