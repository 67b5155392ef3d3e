"""Statuses, levels, parts, places and outcomes: the plain words of a case."""

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    OPEN = "open"
    MONITORING = "monitoring"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The word shown to those who handle the case."""
        return {"reported": "New", "acknowledged": "Acknowledged", "open": "Open", "monitoring": "Monitoring"}.get(
            self.value, "Closed"
        )

    @property
    def reporter_label(self) -> str:
        """The words shown to the person who logged the concern."""
        return {"reported": "Sent", "acknowledged": "Seen", "closed": "Closed"}.get(self.value, "Being handled")


OPEN_STATUSES = tuple(status for status in Status if status is not Status.CLOSED)


class Level(IntEnum):
    """How urgent a case is; the smaller the number, the higher it stands in the queue."""

    DANGER = 0
    HIGH = 1
    STANDARD = 2
    LOW = 3

    @property
    def label(self) -> str:
        """The word shown on the tag."""
        return self.name.capitalize()


class Part(StrEnum):
    """What somebody's part in an incident is. It belongs to the person and the incident, and spreads to nobody else."""

    HARMED = "harmed"
    ALLEGED = "alleged"
    WITNESS = "witness"
    NAMED = "named"

    @property
    def label(self) -> str:
        """The words shown beside a person's name."""
        return {
            "harmed": "Harmed or at risk",
            "alleged": "Said to have caused harm",
            "witness": "Saw or heard it",
            "named": "Mentioned",
        }[self.value]


class Undertaking(StrEnum):
    """What those who handle a case set themselves, beside what the policy asks: a duty with a clock like any other."""

    ACTION = "action"
    CHASE = "chase"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"

    @property
    def label(self) -> str:
        """What it is, where its own words may not stand."""
        return {
            "action": "Action on this case",
            "chase": "Ask what became of a referral",
            "review": "Review a plan",
            "follow_up": "Follow up a lesson learnt",
        }[self.value]


class LineState(StrEnum):
    """What becomes of one line of a spreadsheet of past incidents."""

    READY = "ready"
    TAKEN = "taken"
    HERE = "here"
    REPEATED = "repeated"
    REFUSED = "refused"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The words in the account of a file."""
        return {
            "ready": "Ready to be taken over",
            "taken": "Taken over",
            "here": "Was taken over before",
            "repeated": "Repeats another line",
            "refused": "Cannot be read",
            "dropped": "Left out",
        }[self.value]


class Link(StrEnum):
    """What ties one case to another."""

    RELATED = "related"
    MERGED = "merged"
    SPLIT = "split"

    @property
    def label(self) -> str:
        """The words on the case it was set on: the duplicate, or the part that was taken out."""
        return {"related": "Belongs together with", "merged": "Merged into", "split": "Taken out of"}[self.value]

    @property
    def label_of_other(self) -> str:
        """The words on the other case."""
        return {"related": "Belongs together with", "merged": "Took in", "split": "Gave"}[self.value]


class Identifying(StrEnum):
    """By what cases are found to belong together."""

    ACCOUNT = "account"
    URL = "url"
    APP = "app"
    DEVICE = "device"
    PHONE = "phone"
    PLACE = "place"

    @property
    def label(self) -> str:
        """The word shown."""
        return {
            "account": "Account or user name",
            "url": "Web address",
            "app": "App, game or website",
            "device": "Device",
            "phone": "Phone number",
            "place": "Exact place",
        }[self.value]


# What is followed up after a case was closed: lessons concern the next one.
OUTLIVE_THE_CASE = (Undertaking.FOLLOW_UP,)


class Method(StrEnum):
    """How somebody outside the school was told of a case."""

    CALL_999 = "call_999"
    CALL_101 = "call_101"
    PHONE = "phone"
    ONLINE_FORM = "online_form"
    EMAIL = "email"
    IN_PERSON = "in_person"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "call_999": "Call to 999",
            "call_101": "Call to 101",
            "phone": "Other telephone call",
            "online_form": "Online form",
            "email": "Secure e-mail",
            "in_person": "In person",
        }[self.value]


class Answered(StrEnum):
    """How a referral, or a question for advice, ended."""

    ADVICE_GIVEN = "advice_given"
    TAKEN_ON = "taken_on"
    PASSED_ON = "passed_on"
    NOT_TAKEN_ON = "not_taken_on"
    NOTHING_EXPECTED = "nothing_expected"
    NO_ANSWER = "no_answer"
    TAKEN_BACK = "taken_back"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "advice_given": "They advised us",
            "taken_on": "They have taken it on",
            "passed_on": "They passed it on to somebody else",
            "not_taken_on": "They take no action",
            "nothing_expected": "Told them; no answer is expected",
            "no_answer": "They never answered",
            "taken_back": "We took it back",
        }[self.value]


class Place(StrEnum):
    """Where it happened."""

    IN_SCHOOL = "in_school"
    OFF_SITE = "off_site"
    ONLINE = "online"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words shown on the form."""
        return {
            "in_school": "In school",
            "off_site": "Outside school",
            "online": "Online, on a phone or computer",
            "unknown": "Not known",
        }[self.value]


class Precision(StrEnum):
    """How exactly it is known when something happened."""

    TIME = "time"
    DAY = "day"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How a case ended."""

    RESOLVED = "resolved"
    BEHAVIOUR = "behaviour"
    NO_FURTHER_ACTION = "no_further_action"
    DUPLICATE = "duplicate"
    REFERRED_ON = "referred_on"
    TRANSFERRED = "transferred"

    @property
    def label(self) -> str:
        """The words shown when closing."""
        return {
            "resolved": "Resolved",
            "behaviour": "Handled under the behaviour policy",
            "no_further_action": "No further action",
            "duplicate": "Duplicate of another case",
            "referred_on": "Referred on to another agency",
            "transferred": "Transferred to another school",
        }[self.value]


class Decision(StrEnum):
    """What was decided at triage: how a concern is taken on, or that it is not."""

    SAFEGUARDING = "safeguarding"
    BEHAVIOUR = "behaviour"
    DUPLICATE = "duplicate"
    NO_FURTHER_ACTION = "no_further_action"

    @property
    def label(self) -> str:
        """The words on the triage page and in the chronology."""
        return {
            "safeguarding": "A safeguarding case",
            "behaviour": "A matter of behaviour",
            "duplicate": "A duplicate of another case",
            "no_further_action": "No further action",
        }[self.value]

    @property
    def hint(self) -> str:
        """What follows from it."""
        return {
            "safeguarding": "The safeguarding team works on it.",
            "behaviour": "It is handled under the behaviour policy. What our policy asks for stays on the list.",
            "duplicate": "It tells of something that has a case already. What is to be done is done there.",
            "no_further_action": "A decision not to act is a decision: the reason is kept.",
        }[self.value]


class TicketKind(StrEnum):
    """What is wrong with the filtering."""

    BREACH = "breach"
    OVER_BLOCKING = "over_blocking"
    FAILURE = "failure"

    @property
    def label(self) -> str:
        """What stands above a ticket."""
        return {
            "breach": "Let through that should be blocked",
            "over_blocking": "Blocked without need",
            "failure": "The filtering does not work",
        }[self.value]


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    FIXED = "fixed"
    VERIFIED = "verified"

    @property
    def label(self) -> str:
        """The word shown."""
        return {"open": "To fix", "fixed": "To test again", "verified": "Fixed and tested"}[self.value]


class BypassState(StrEnum):
    """Where a request to let a website through for a while stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ON = "on"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    OFF = "off"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "asked": "To be decided",
            "agreed": "Agreed",
            "declined": "Not agreed",
            "withdrawn": "Withdrawn",
            "on": "Let through",
            "lapsed": "Lapsed",
            "expired": "Expired",
            "off": "Taken off",
        }[self.value]


class Asking(StrEnum):
    """What a second person who works on a case is asked to agree to."""

    UNSEAL = "unseal"
    LET_BACK = "let_back"
    CHANGE_PART = "change_part"


class Kept(StrEnum):
    """Why somebody has nothing to do with a case that they could open otherwise."""

    DECLARED = "declared"
    TAKEN_OFF = "taken_off"

    @property
    def label(self) -> str:
        """The words shown to those who may know."""
        return {"declared": "Said that they are too close to it", "taken_off": "Taken off the case"}[self.value]
