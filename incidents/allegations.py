"""The plain words of allegations against adults who work or help here, and of concerns below that threshold.

The four tests, the five outcomes and the low-level concerns are those of KCSIE part four.
"""

from enum import StrEnum


class HarmTest(StrEnum):
    """One of the four ways in which an allegation meets the harm threshold."""

    HARMED = "harmed"
    OFFENCE = "offence"
    RISK = "risk"
    SUITABILITY = "suitability"

    @property
    def label(self) -> str:
        """The question on the page."""
        return {
            "harmed": "Have they harmed a child, or may they have?",
            "offence": "Have they possibly committed a criminal offence against or related to a child?",
            "risk": "Have they behaved towards a child in a way that indicates they may pose a risk of harm?",
            "suitability": "Have they behaved in a way that indicates they may not be suitable to work with children?",
        }[self.value]

    @property
    def short(self) -> str:
        """The test in a few words, where the answers stand together."""
        return {
            "harmed": "Harmed a child",
            "offence": "Possible criminal offence",
            "risk": "May pose a risk of harm",
            "suitability": "May not be suitable",
        }[self.value]

    @property
    def hint(self) -> str:
        """What helps to answer it."""
        return {
            "suitability": "Also outside school: what somebody does at home or online may count.",
        }.get(self.value, "")


class Reply(StrEnum):
    """What is answered to one of the tests."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"

    @property
    def label(self) -> str:
        """The word shown."""
        return {"yes": "Yes", "no": "No", "unclear": "Not clear"}[self.value]


class Step(StrEnum):
    """One step of an allegation that its case manager writes down; who was told outside is a referral."""

    THRESHOLD = "threshold"
    CARE = "care"
    PRECAUTIONS = "precautions"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """The heading of the step."""
        return {
            "threshold": "Does it meet the harm threshold?",
            "care": "The person it is about",
            "precautions": "Steps that keep children safe meanwhile",
            "outcome": "How it ended",
        }[self.value]


class AllegationOutcome(StrEnum):
    """How an allegation ended."""

    SUBSTANTIATED = "substantiated"
    MALICIOUS = "malicious"
    FALSE = "false"
    UNSUBSTANTIATED = "unsubstantiated"
    UNFOUNDED = "unfounded"

    @property
    def label(self) -> str:
        """The word shown."""
        return self.value.capitalize()

    @property
    def hint(self) -> str:
        """What the word means."""
        return {
            "substantiated": "There is enough evidence to prove it.",
            "malicious": "There is enough evidence to disprove it, and it was made to deceive or to harm.",
            "false": "There is enough evidence to disprove it.",
            "unsubstantiated": "There is not enough evidence to prove or disprove it. It says nothing about guilt.",
            "unfounded": "There is no evidence or proper ground for it.",
        }[self.value]


class Considered(StrEnum):
    """What was decided about telling a body that keeps people from working with children."""

    NOT_YET = "not_yet"
    REFERRED = "referred"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "not_yet": "Still to be decided",
            "referred": "Referred",
            "not_needed": "Considered, and not referred",
        }[self.value]


class LowLevelKind(StrEnum):
    """What kind of conduct a low-level concern is about, so that the same kind again is seen."""

    OVER_FRIENDLY = "over_friendly"
    FAVOURITES = "favourites"
    PHOTOGRAPHS = "photographs"
    ALONE = "alone"
    CONTACT = "contact"
    LANGUAGE = "language"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "over_friendly": "Over-friendly with pupils",
            "favourites": "Having favourites",
            "photographs": "Pictures of pupils on an own phone",
            "alone": "Alone with a pupil out of sight",
            "contact": "Private contact with pupils, online or outside school",
            "language": "Humiliating, intimidating or unfit language",
            "other": "Something else",
        }[self.value]


class LowLevelDecision(StrEnum):
    """What was decided about a low-level concern."""

    NO_ACTION = "no_action"
    GUIDANCE = "guidance"
    ALLEGATION = "allegation"

    @property
    def label(self) -> str:
        """The words shown."""
        return {
            "no_action": "No further action",
            "guidance": "Guidance was given",
            "allegation": "It is an allegation",
        }[self.value]

    @property
    def hint(self) -> str:
        """What follows from it."""
        return {
            "no_action": "It stays in the register, so that a pattern is seen.",
            "guidance": "Somebody spoke with the person, or will, about what is expected.",
            "allegation": "It may meet the harm threshold: it becomes a case, which leads you on.",
        }[self.value]
