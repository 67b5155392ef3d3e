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
    EMERGENCY_LISTED = "emergency.cases_listed"
    RECEIPT_READ = "incident.receipt_read"
    ACKNOWLEDGED = "incident.acknowledged"
    ASSIGNED = "incident.assigned"
    LEVEL_SET = "incident.level_set"
    TRIAGED = "incident.triaged"
    FACTS_CHANGED = "incident.facts_changed"
    MONITORED = "incident.monitored"
    RESUMED = "incident.resumed"
    CLOSING_ASKED = "incident.closing_asked"
    CLOSING_DECLINED = "incident.closing_declined"
    NOTE_ADDED = "incident.note_added"
    ENTRY_CORRECTED = "incident.entry_corrected"
    CHRONOLOGY_PRINTED = "incident.chronology_printed"
    FILE_ADDED = "incident.file_added"
    FILE_REFUSED = "incident.file_refused"
    FILE_READ = "incident.file_read"
    FILE_SCANNED = "incident.file_scanned"
    FILE_RELEASED = "incident.file_released"
    FILE_WITHDRAWN = "incident.file_withdrawn"
    QUESTION_ASKED = "incident.question_asked"
    QUESTION_ANSWERED = "incident.question_answered"
    CLOSED = "incident.closed"
    REOPENED = "incident.reopened"
    JUDGED_AGAIN = "incident.judged_again"
    DUTIES_APPLIED = "incident.duties_applied"
    DUTY_DONE = "incident.duty_done"
    DUTY_WAIVED = "incident.duty_waived"
    LOG_PRINTED = "log.printed"
    IMPORT_READ = "import.read"
    IMPORT_WANTED = "import.wanted"
    IMPORT_ENDED = "import.ended"
    IMPORTED = "incident.imported"
    LINKED = "incident.linked"
    LINK_UNDONE = "incident.link_undone"
    MERGED = "incident.merged"
    SPLIT = "incident.split"
    PERSON_ADDED = "incident.person_added"
    IDENTIFIER_ADDED = "incident.identifier_added"
    IDENTIFIER_REMOVED = "incident.identifier_removed"
    PERSON_READ = "person.read"
    REFERRAL_MADE = "incident.referral_made"
    REFERRAL_ANSWERED = "incident.referral_answered"
    REFERRAL_CLOSED = "incident.referral_closed"
    BAN_LIFTED = "incident.ban_lifted"
    AGENCY_CHANGED = "agency.changed"
    AGENCY_VERIFIED = "agency.verified"
    UNDERTAKEN = "incident.undertaken"
    UNDERTAKING_MOVED = "incident.undertaking_moved"
    DUTY_PAUSED = "incident.duty_paused"
    DUTY_RESUMED = "incident.duty_resumed"
    MESSAGE_PASSED_ON = "incident.message_passed_on"
    DUTY_ESCALATED = "incident.duty_escalated"
    DUTIES_TOLD = "incident.duties_told"
    FILTERING_REPORTED = "filtering_ticket.reported"
    FILTERING_FIXED = "filtering_ticket.fixed"
    FILTERING_VERIFIED = "filtering_ticket.verified"
    FILTERING_REOPENED = "filtering_ticket.reopened"
    CHANGE_LOGGED = "filtering_change.logged"
    CHANGE_ANSWERED = "filtering_change.answered"
    BYPASS_ASKED = "bypass.asked"
    BYPASS_DECIDED = "bypass.decided"
    BYPASS_SWITCHED_ON = "bypass.switched_on"
    BYPASS_EXPIRED = "bypass.expired"
    BYPASS_TAKEN_OFF = "bypass.taken_off"
    BYPASS_WITHDRAWN = "bypass.withdrawn"
    PARENTS_TOLD = "incident.parents_told"
    PARENTS_NOT_TOLD = "incident.parents_not_told"
    PLAN_WRITTEN = "incident.plan_written"
    PLAN_REVIEWED = "incident.plan_reviewed"
    PLAN_ENDED = "incident.plan_ended"
    SANCTION_DECIDED = "incident.sanction_decided"
    HANDLING_REVIEWED = "incident.handling_reviewed"
    DEBRIEFED = "incident.debriefed"
    LESSON_LEARNT = "incident.lesson_learnt"
    DEVICE_TAKEN = "device.taken"
    CUSTODY_GIVEN = "custody.given"
    CUSTODY_SIGNED = "custody.signed"
    CUSTODY_DECLINED = "custody.declined"
    DEVICE_QUARANTINED = "device.quarantined"
    DEVICE_RELEASED = "device.released"
    DEVICE_KEPT = "device.kept"
    DEVICE_RETURNED = "device.returned"
    SEARCH_RECORDED = "incident.search_recorded"
    VIEWING_RECORDED = "incident.viewing_recorded"
    DELETION_CHECKED = "incident.deletion_checked"
    DELETION_RECORDED = "incident.deletion_recorded"
    SEALED = "incident.sealed"
    UNSEALED = "incident.unsealed"
    GRANTED = "incident.granted"
    GRANT_ENDED = "incident.grant_ended"
    INTEREST_DECLARED = "incident.interest_declared"
    INTEREST_ENDED = "incident.interest_ended"
    APPROVAL_ASKED = "incident.approval_asked"
    APPROVAL_DECLINED = "incident.approval_declined"
    REROUTED = "incident.rerouted"
    PASSED_ON = "incident.passed_on"
    PART_CHANGED = "incident.part_changed"
    ALLEGATION_TESTED = "incident.allegation_tested"
    ALLEGATION_CARE = "incident.allegation_care"
    ALLEGATION_PRECAUTIONS = "incident.allegation_precautions"
    ALLEGATION_ENDED = "incident.allegation_ended"
    ALLEGATION_BELOW = "incident.allegation_below"
    ALLEGATION_PRINTED = "incident.allegation_printed"
    LOW_LEVEL_RECORDED = "low_level.recorded"
    LOW_LEVEL_READ = "low_level.read"
    LOW_LEVEL_DECIDED = "low_level.decided"
    ALLOWANCE_GIVEN = "allowance.given"
    ALLOWANCE_WITHDRAWN = "allowance.withdrawn"

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
    Event.EMERGENCY_LISTED: "Cases listed in an emergency",
    Event.RECEIPT_READ: "Own concern opened",
    Event.ACKNOWLEDGED: "Acknowledged",
    Event.ASSIGNED: "Owner set",
    Event.LEVEL_SET: "Level set",
    Event.TRIAGED: "Decided at triage",
    Event.FACTS_CHANGED: "What is known changed",
    Event.MONITORED: "Watched until a day",
    Event.RESUMED: "Work goes on",
    Event.CLOSING_ASKED: "A second person was asked to agree to closing",
    Event.CLOSING_DECLINED: "Not closed yet",
    Event.NOTE_ADDED: "Note",
    Event.ENTRY_CORRECTED: "Entry corrected",
    Event.CHRONOLOGY_PRINTED: "Chronology made for printing",
    Event.FILE_ADDED: "File attached",
    Event.FILE_REFUSED: "A file was refused",
    Event.FILE_READ: "File downloaded",
    Event.FILE_SCANNED: "File scanned",
    Event.FILE_RELEASED: "File let through without a scan",
    Event.FILE_WITHDRAWN: "File withdrawn",
    Event.QUESTION_ASKED: "Question to the reporter",
    Event.QUESTION_ANSWERED: "Answer from the reporter",
    Event.CLOSED: "Closed",
    Event.REOPENED: "Reopened",
    Event.JUDGED_AGAIN: "Judged by another edition of the policy",
    Event.DUTIES_APPLIED: "What the policy asks for was brought up to date",
    Event.DUTY_DONE: "Done",
    Event.DUTY_WAIVED: "Decided not to",
    Event.LOG_PRINTED: "The incident log was made for printing",
    Event.IMPORT_READ: "A file of past incidents was looked at",
    Event.IMPORT_WANTED: "A file of past incidents was to be taken over",
    Event.IMPORT_ENDED: "A file of past incidents was done with",
    Event.IMPORTED: "Taken over from an earlier record",
    Event.LINKED: "Tied to another case",
    Event.LINK_UNDONE: "No longer tied to another case",
    Event.MERGED: "Merged with another case",
    Event.SPLIT: "A part became a case of its own",
    Event.PERSON_ADDED: "Somebody was added",
    Event.IDENTIFIER_ADDED: "Noted by what it can be found again",
    Event.IDENTIFIER_REMOVED: "Noted by mistake, and taken out",
    Event.PERSON_READ: "The page of a person was opened",
    Event.REFERRAL_MADE: "Somebody outside the school was told",
    Event.REFERRAL_ANSWERED: "Answer from outside the school",
    Event.REFERRAL_CLOSED: "A referral came to its end",
    Event.BAN_LIFTED: "No longer forbidden",
    Event.AGENCY_CHANGED: "Entry of an agency changed",
    Event.AGENCY_VERIFIED: "Entry of an agency checked",
    Event.UNDERTAKEN: "To be done",
    Event.UNDERTAKING_MOVED: "Date moved",
    Event.DUTY_PAUSED: "Clock paused",
    Event.DUTY_RESUMED: "Clock goes on",
    Event.MESSAGE_PASSED_ON: "A message did not arrive and went to the next person",
    Event.DUTY_ESCALATED: "The next role was told that something is late",
    Event.DUTIES_TOLD: "Told, as the policy asks",
    Event.FILTERING_REPORTED: "Reported to those who look after the filtering",
    Event.FILTERING_FIXED: "The filtering was put right",
    Event.FILTERING_VERIFIED: "The filtering was tested again and works",
    Event.FILTERING_REOPENED: "The filtering has to be put right again",
    Event.CHANGE_LOGGED: "A change of the filtering was written down",
    Event.CHANGE_ANSWERED: "Leadership answered about a change of the filtering",
    Event.BYPASS_ASKED: "Asked to let a website through for a while",
    Event.BYPASS_DECIDED: "Decided whether a website is let through",
    Event.BYPASS_SWITCHED_ON: "A website was let through",
    Event.BYPASS_EXPIRED: "The time of a bypass is over",
    Event.BYPASS_TAKEN_OFF: "A bypass was taken off",
    Event.BYPASS_WITHDRAWN: "A bypass is not needed any more",
    Event.PARENTS_TOLD: "Parents told",
    Event.PARENTS_NOT_TOLD: "Parents not told",
    Event.PLAN_WRITTEN: "Plan written",
    Event.PLAN_REVIEWED: "Plan reviewed",
    Event.PLAN_ENDED: "Plan ended",
    Event.SANCTION_DECIDED: "Decision on a sanction",
    Event.HANDLING_REVIEWED: "Looked back at how it was handled",
    Event.DEBRIEFED: "Debrief held",
    Event.LESSON_LEARNT: "Lesson learnt",
    Event.DEVICE_TAKEN: "Device taken",
    Event.CUSTODY_GIVEN: "Device handed over",
    Event.CUSTODY_SIGNED: "Signed for a device",
    Event.CUSTODY_DECLINED: "A device was not handed over",
    Event.DEVICE_QUARANTINED: "Device put into quarantine",
    Event.DEVICE_RELEASED: "Device let out of quarantine",
    Event.DEVICE_KEPT: "Device kept longer",
    Event.DEVICE_RETURNED: "Device held no longer",
    Event.SEARCH_RECORDED: "Search",
    Event.VIEWING_RECORDED: "An image was viewed",
    Event.DELETION_CHECKED: "Whether anything may be deleted",
    Event.DELETION_RECORDED: "Copies deleted",
    Event.SEALED: "Confined to people by name",
    Event.UNSEALED: "Opened again to those who handle such cases",
    Event.GRANTED: "Somebody was named on this case",
    Event.GRANT_ENDED: "Somebody is not named on this case any more",
    Event.INTEREST_DECLARED: "Somebody has nothing to do with this case any more",
    Event.INTEREST_ENDED: "Somebody may have to do with this case again",
    Event.APPROVAL_ASKED: "A second person was asked to agree",
    Event.APPROVAL_DECLINED: "A second person did not agree",
    Event.REROUTED: "Handled by somebody else from now on",
    Event.PASSED_ON: "Passed on to the person who handles such concerns",
    Event.PART_CHANGED: "Somebody's part was changed",
    Event.ALLEGATION_TESTED: "Compared with the harm threshold",
    Event.ALLEGATION_CARE: "The person it is about",
    Event.ALLEGATION_PRECAUTIONS: "Steps that keep children safe meanwhile",
    Event.ALLEGATION_ENDED: "Outcome of the allegation",
    Event.ALLEGATION_BELOW: "Below the threshold: entered as a low-level concern",
    Event.ALLEGATION_PRINTED: "Pack for the designated officer made",
    Event.LOW_LEVEL_RECORDED: "A low-level concern was entered",
    Event.LOW_LEVEL_READ: "A low-level concern was opened",
    Event.LOW_LEVEL_DECIDED: "Decided about a low-level concern",
    Event.ALLOWANCE_GIVEN: "Allowed, or agreed to",
    Event.ALLOWANCE_WITHDRAWN: "No longer allowed, or agreed to",
}
