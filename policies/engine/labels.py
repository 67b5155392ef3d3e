"""The plain words for every fact and every value, as people read them: in conditions, on forms, in reasons."""

from typing import Any

from policies.engine.taxonomy import Category
from policies.engine.vocabulary import (
    DeviceKind,
    Exposure,
    FoundOn,
    HarmThreshold,
    Imagery,
    IncidentType,
    PartHolder,
    Suspicion,
)

TYPE_LABELS: dict[IncidentType, str] = {
    IncidentType.HARMFUL_CONTENT: "harmful or unsuitable content",
    IncidentType.ONLINE_HATE: "online hate",
    IncidentType.RADICALISATION: "radicalisation or extremism",
    IncidentType.MISINFORMATION: "misinformation or conspiracy theories",
    IncidentType.SELF_HARM_CONTENT: "content about self-harm, suicide or eating disorders",
    IncidentType.IIOC: "indecent images of children",
    IncidentType.GROOMING: "grooming or online sexual exploitation",
    IncidentType.CRIMINAL_EXPLOITATION: "criminal exploitation",
    IncidentType.STRANGER_CONTACT: "contact by a stranger",
    IncidentType.CYBERBULLYING: "cyberbullying",
    IncidentType.NUDES: "nude or semi-nude images of a pupil",
    IncidentType.SEXUAL_HARASSMENT: "sexual harassment or violence",
    IncidentType.UPSKIRTING: "upskirting",
    IncidentType.IMAGE_MISUSE: "misuse of photographs or video",
    IncidentType.DEVICE_MISUSE: "misuse of a device",
    IncidentType.ACCOUNT_MISUSE: "misuse of an account or password",
    IncidentType.AI_MISUSE: "misuse of artificial intelligence",
    IncidentType.OFFENSIVE_MESSAGE: "an offensive message",
    IncidentType.GAMBLING: "gambling",
    IncidentType.SCAM: "a scam or phishing",
    IncidentType.ADVERTISING: "unsuitable advertising",
    IncidentType.FILTERING_BREACH: "something the filter let through",
    IncidentType.OVERBLOCKING: "something the filter blocks without need",
    IncidentType.FILTERING_FAILURE: "a failure of filtering or monitoring",
    IncidentType.MONITORING_ALERT: "an alert from monitoring",
    IncidentType.DATA_BREACH: "a personal data breach",
    IncidentType.STAFF_MISUSE: "misuse or misconduct by an adult who works or helps here",
    IncidentType.LOW_LEVEL_CONCERN: "a low-level concern about an adult",
    IncidentType.PARENT_CONDUCT: "conduct of a parent or carer",
    IncidentType.OTHER: "something else",
}
PART_LABELS: dict[PartHolder, str] = {
    PartHolder.PUPIL: "a pupil",
    PartHolder.STAFF: "a member of staff",
    PartHolder.HEADTEACHER: "the headteacher",
    PartHolder.DSL: "the Designated Safeguarding Lead",
    PartHolder.DEPUTY_DSL: "the deputy Designated Safeguarding Lead",
    PartHolder.ONLINE_SAFETY_LEAD: "the online safety lead",
    PartHolder.CHAIR_OF_GOVERNORS: "the chair of governors",
    PartHolder.GOVERNOR: "a governor",
    PartHolder.ICT: "somebody who runs the network",
    PartHolder.VOLUNTEER: "a volunteer",
    PartHolder.CONTRACTOR: "a contractor",
    PartHolder.PARENT: "a parent or carer",
    PartHolder.VISITOR: "a visitor",
    PartHolder.OUTSIDER: "somebody from outside",
    PartHolder.UNKNOWN: "somebody unknown",
}
_ONE: dict[str, dict[Any, str]] = {
    "category": {category: category.label.lower() for category in Category},
    "crime": {
        Suspicion.NO: "no crime is suspected",
        Suspicion.UNSURE: "it is unclear whether a crime was committed",
        Suspicion.SUSPECTED: "a crime is suspected",
    },
    "illegal_material": {
        Suspicion.NO: "the material is not illegal",
        Suspicion.UNSURE: "it is unclear whether the material is illegal",
        Suspicion.SUSPECTED: "the material may be illegal",
    },
    "imagery": {
        Imagery.NONE: "no images are involved",
        Imagery.POSSIBLE: "images of a child may be involved",
        Imagery.INDECENT: "indecent images of a child are involved",
    },
    "exposure": {
        Exposure.NONE: "nobody came upon it",
        Exposure.INADVERTENT: "somebody came upon it by accident",
        Exposure.DELIBERATE: "somebody looked for it",
    },
    "harm_threshold": {
        HarmThreshold.MET: "the harm threshold is met",
        HarmThreshold.NOT_MET: "the harm threshold is not met",
        HarmThreshold.UNSURE: "it is unclear whether the harm threshold is met",
    },
}
_SOME: dict[str, dict[Any, str]] = {
    "types": dict(TYPE_LABELS),
    "harmed": dict(PART_LABELS),
    "alleged": dict(PART_LABELS),
    "witness": dict(PART_LABELS),
    "named": dict(PART_LABELS),
    "devices": {DeviceKind.SCHOOL: "a device of the school", DeviceKind.PERSONAL: "a personal device"},
    "found_on": {
        FoundOn.SCHOOL_DEVICE: "a device of the school",
        FoundOn.PERSONAL_DEVICE: "a personal device",
        FoundOn.SCHOOL_NETWORK: "the school's network",
        FoundOn.EMAIL: "e-mail",
        FoundOn.ELSEWHERE: "somewhere else",
    },
}
# What stands before the values of a list, and what is said when merely something is known.
LEADS: dict[str, tuple[str, str]] = {
    "category": ("the risk is", "a category is known"),
    "types": ("it is", "a type is known"),
    "harmed": ("harm was done to", "somebody was harmed"),
    "alleged": ("it is said to have been done by", "somebody is said to have done it"),
    "witness": ("it was seen by", "somebody saw it"),
    "named": ("it names", "somebody is named"),
    "devices": ("it involves", "a device is involved"),
    "found_on": ("it was found on", "it is known where it was found"),
    "crime": ("", "somebody has thought about a crime"),
    "illegal_material": ("", "somebody has thought about illegal material"),
    "imagery": ("", "it is known whether images are involved"),
    "exposure": ("", "it is known how somebody came upon it"),
    "harm_threshold": ("", "somebody has thought about the harm threshold"),
}
_DENIED = {
    "harmed": "no harm was done to",
    "alleged": "it is not said to have been done by",
    "witness": "it was not seen by",
    "named": "it does not name",
    "devices": "it does not involve",
    "found_on": "it was not found on",
}
SOME = frozenset({"types", *_DENIED})
# What is so, and what is not so.
YES_AND_NO: dict[str, tuple[str, str]] = {
    "immediate_danger": ("a child is in immediate danger", "no child is in immediate danger"),
    "imagery_viewed": ("somebody has viewed the images", "nobody has viewed the images"),
    "on_school_systems": ("it happened on the school's systems", "it did not happen on the school's systems"),
    "staff_possession": (
        "a member of staff holds indecent images of children",
        "no member of staff holds indecent images of children",
    ),
    "police_request": ("the police asked in writing to keep a copy", "the police have not asked to keep a copy"),
    "other_setting": ("pupils of another school are involved", "no other school is involved"),
    "vulnerable_pupil": ("a pupil involved is more vulnerable", "no pupil involved is more vulnerable"),
    "serious": ("it is serious", "it is not serious"),
    "pupil_involved": ("a pupil is involved", "no pupil is involved"),
    "exam_room": ("it was in an exam room", "it was not in an exam room"),
}


# Said together where a rule names all of them; the larger group first.
ADULTS_HERE = frozenset(
    {
        PartHolder.STAFF,
        PartHolder.HEADTEACHER,
        PartHolder.DSL,
        PartHolder.DEPUTY_DSL,
        PartHolder.ONLINE_SAFETY_LEAD,
        PartHolder.CHAIR_OF_GOVERNORS,
        PartHolder.GOVERNOR,
        PartHolder.ICT,
        PartHolder.VOLUNTEER,
        PartHolder.CONTRACTOR,
    }
)
_ON_THE_STAFF = ADULTS_HERE - {
    PartHolder.CHAIR_OF_GOVERNORS,
    PartHolder.GOVERNOR,
    PartHolder.VOLUNTEER,
    PartHolder.CONTRACTOR,
}
_GROUPS: tuple[tuple[frozenset[Any], str], ...] = (
    (ADULTS_HERE, "an adult who works or helps here"),
    (_ON_THE_STAFF, "anybody on the staff"),
    (
        frozenset({IncidentType.STAFF_MISUSE, IncidentType.LOW_LEVEL_CONCERN}),
        "the conduct of an adult who works or helps here",
    ),
)
# A list that leaves out no more than these is told by what it leaves out.
_MOST = 8


def label_of(fact: str, value: Any) -> str:
    """Return the words for one value of a fact; for yes and no a whole statement."""
    if fact in YES_AND_NO:
        return YES_AND_NO[fact][0 if value else 1]
    return (_ONE.get(fact) or _SOME[fact])[value]


def known(fact: str) -> str:
    """Return the statement that something is known of a fact at all."""
    if fact in YES_AND_NO:
        return f"it is known whether {YES_AND_NO[fact][0]}"
    return LEADS[fact][1]


def statement(fact: str, values: list[Any], joint: str) -> str:
    """Return the statement that a fact is, or holds, these values: joined by `or` or by `and`."""
    left_out = set(TYPE_LABELS) - set(values) if fact == "types" and joint == "or" else set()
    if left_out and len(left_out) <= _MOST:
        return f"it is of any type but {_joined(_words(fact, left_out), 'or')}"
    words = _joined(_words(fact, set(values)), joint)
    lead = LEADS[fact][0] if fact in LEADS else ""
    return f"{lead} {words}" if lead else words


def _words(fact: str, values: set[Any]) -> list[str]:
    """Return the words for several values, those that belong together as one; in order."""
    group = next(((members, words) for members, words in _GROUPS if members <= values and fact in SOME), None)
    alone = values - group[0] if group else values
    labels = sorted({label_of(fact, value) for value in alone})
    return [group[1], *labels] if group else labels


def denied(fact: str, values: list[Any]) -> str:
    """Return the statement that a list holds none of these values."""
    lead = LEADS[fact][0]
    never = _DENIED.get(fact, f"{lead} not")
    return f"{never} {_joined(_words(fact, set(values)), 'or')}"


def _joined(words: list[str], joint: str) -> str:
    if len(words) < 3:
        return f" {joint} ".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
