"""By what the entries of a chronology are told apart when only some of them are wanted."""

from enum import StrEnum

from incidents.events import Event


class EntryKind(StrEnum):
    """One kind of entry."""

    REPORTED = "reported"
    NOTE = "notes"
    DECISION = "decisions"
    DUTY = "duties"
    REFERRAL = "referrals"
    PARENT = "parents"
    PLAN = "plans"
    DEVICE = "devices"
    FILE = "files"
    LINK = "links"
    FILTERING = "filtering"
    LESSON = "lessons"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words on the page."""
        return {
            "reported": "What was reported",
            "notes": "Notes",
            "decisions": "Decisions",
            "duties": "Duties and actions",
            "referrals": "Referrals",
            "parents": "Parents",
            "plans": "Plans",
            "devices": "Devices",
            "files": "Files",
            "links": "Links",
            "filtering": "Filtering",
            "lessons": "Lessons",
            "other": "Other",
        }[self.value]


_KINDS = {
    EntryKind.REPORTED: (
        *(Event.ALARM_RAISED, Event.REPORTED, Event.QUESTION_ASKED, Event.QUESTION_ANSWERED),
        *(Event.TOLD_OPENED, Event.TOLD_REMINDED, Event.TOLD_ESCALATED, Event.TOLD_WITHDRAWN, Event.TOLD_SETTLED),
    ),
    EntryKind.NOTE: (Event.NOTE_ADDED,),
    EntryKind.DECISION: (
        *(Event.ACKNOWLEDGED, Event.ASSIGNED, Event.LEVEL_SET, Event.TRIAGED, Event.FACTS_CHANGED, Event.MONITORED),
        *(Event.RESUMED, Event.CLOSING_ASKED, Event.CLOSING_DECLINED, Event.CLOSED, Event.REOPENED, Event.DUTY_WAIVED),
        *(Event.BAN_LIFTED, Event.JUDGED_AGAIN, Event.ALLEGATION_TESTED, Event.ALLEGATION_CARE),
        *(Event.ALLEGATION_PRECAUTIONS, Event.ALLEGATION_ENDED, Event.ALLEGATION_BELOW),
        *(Event.APPROVAL_ASKED, Event.APPROVAL_DECLINED),
    ),
    EntryKind.DUTY: (
        *(Event.DUTY_DONE, Event.UNDERTAKEN, Event.UNDERTAKING_MOVED, Event.DUTY_PAUSED, Event.DUTY_RESUMED),
        *(Event.DUTY_ESCALATED, Event.DUTIES_TOLD, Event.DUTIES_APPLIED),
    ),
    EntryKind.LINK: (
        *(Event.LINKED, Event.LINK_UNDONE, Event.MERGED, Event.SPLIT, Event.PERSON_ADDED, Event.PART_CHANGED),
        *(Event.IDENTIFIER_ADDED, Event.IDENTIFIER_REMOVED),
    ),
}
# What an event is about stands in its name; the first of these words found in it decides.
_WORDS = (
    ("lesson", EntryKind.LESSON),
    ("handling", EntryKind.LESSON),
    ("debrief", EntryKind.LESSON),
    ("imported", EntryKind.REPORTED),
    ("referral", EntryKind.REFERRAL),
    ("parent", EntryKind.PARENT),
    ("plan", EntryKind.PLAN),
    ("assessment", EntryKind.PLAN),
    ("sanction", EntryKind.PLAN),
    ("device", EntryKind.DEVICE),
    ("custody", EntryKind.DEVICE),
    ("search_", EntryKind.DEVICE),
    ("viewing", EntryKind.DEVICE),
    ("deletion", EntryKind.DEVICE),
    ("attachment", EntryKind.FILE),
    ("file", EntryKind.FILE),
    ("filtering", EntryKind.FILTERING),
    ("bypass", EntryKind.FILTERING),
)
_KIND_OF = {event.value: kind for kind, events in _KINDS.items() for event in events}


def kind_of(event: str) -> EntryKind:
    """Return the kind of an entry; an event that nothing else fits is 'other'."""
    if event in _KIND_OF:
        return _KIND_OF[event]
    return next((kind for word, kind in _WORDS if word in event), EntryKind.OTHER)
