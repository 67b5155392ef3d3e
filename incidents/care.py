"""The plain words of what is done for children: telling parents, plans, and what was learnt."""

from enum import StrEnum


class Way(StrEnum):
    """How parents were told."""

    PHONE = "phone"
    MEETING = "meeting"
    VIDEO_CALL = "video_call"
    LETTER = "letter"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "phone": "By telephone",
            "meeting": "In person",
            "video_call": "By video call",
            "letter": "By letter",
            "email": "By secure e-mail",
        }[self.value]


class WhyNot(StrEnum):
    """Why parents are not told, or not yet."""

    UNSAFE = "unsafe"
    AGENCY_ASKED = "agency_asked"
    UNREACHABLE = "unreachable"
    NO_RIGHT = "no_right"
    PUPIL_ASKED = "pupil_asked"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "unsafe": "Telling them would put a child at risk",
            "agency_asked": "The police or another agency asked us to wait",
            "unreachable": "We could not reach them",
            "no_right": "A court order or the law keeps it from them",
            "pupil_asked": "The pupil is old enough to decide, and asked us not to",
            "other": "Another reason",
        }[self.value]


# While one of these holds, nobody is late for not having told them.
HOLDS_UP = (WhyNot.UNSAFE, WhyNot.AGENCY_ASKED)


class PlanKind(StrEnum):
    """What a plan is for."""

    SUPPORT = "support"
    SAFETY = "safety"
    RISK = "risk"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"support": "Support plan", "safety": "Safety plan", "risk": "Risk assessment"}[self.value]

    @property
    def purpose(self) -> str:
        """What it is for, in one line."""
        return {
            "support": "What we do so that a child is well again, and who does it.",
            "safety": "What keeps a child safe, at school and on the way, and whom they turn to.",
            "risk": "What could happen, how likely it is, and what makes it less likely.",
        }[self.value]


class Likelihood(StrEnum):
    """How likely it is that what is feared will happen, in words that two people understand alike."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"
    HAPPENING = "happening"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "unlikely": "Unlikely",
            "possible": "Possible",
            "likely": "Likely",
            "happening": "It is happening, or will for certain",
        }[self.value]


class LookingBack(StrEnum):
    """How a school looks back at a case."""

    REVIEW = "review"
    DEBRIEF = "debrief"

    @property
    def label(self) -> str:
        """The words shown."""
        return {"review": "Review of how it was handled", "debrief": "Debrief"}[self.value]


class LessonKind(StrEnum):
    """What a lesson changes."""

    POLICY = "policy"
    CURRICULUM = "curriculum"
    PRACTICE = "practice"
    TRAINING = "training"
    FILTERING = "filtering"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "policy": "Policy",
            "curriculum": "What we teach",
            "practice": "How we work",
            "training": "Training of staff",
            "filtering": "Filtering and monitoring",
        }[self.value]
