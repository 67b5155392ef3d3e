"""What the triage page shows: the case as it was seen, the questions that matter, and what the policy asks of it."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from incidents.events import Event
from incidents.facts import TOLD, facts_for
from incidents.models import ChronologyEntry, Incident, Obligation
from incidents.routes import IN_PERSON
from policies.engine.labels import LEADS, TYPE_LABELS, label_of
from policies.engine.questions import questions_that_matter
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType, Kind, Strength
from policies.queries.packs import packs_of

_ALWAYS = ("crime", "serious")
_IMAGES = ("illegal_material", "imagery", "imagery_viewed", "devices", "found_on", "on_school_systems", "other_setting")
_SEEN = ("exposure", "illegal_material", "found_on", "on_school_systems")
_DONE = ("devices", "on_school_systems", "other_setting")
# What is worth asking of each type, as far as the policy asks anything of the answer.
_OF_TYPE: dict[IncidentType, tuple[str, ...]] = {
    IncidentType.HARMFUL_CONTENT: _SEEN,
    IncidentType.ONLINE_HATE: (*_SEEN, "other_setting"),
    IncidentType.RADICALISATION: _SEEN,
    IncidentType.MISINFORMATION: ("exposure", "found_on"),
    IncidentType.SELF_HARM_CONTENT: ("exposure", "found_on", "devices"),
    IncidentType.IIOC: (*_IMAGES, "exposure", "staff_possession", "police_request"),
    IncidentType.GROOMING: (*_IMAGES, "police_request"),
    IncidentType.CRIMINAL_EXPLOITATION: ("devices", "other_setting"),
    IncidentType.STRANGER_CONTACT: ("imagery", "devices", "on_school_systems"),
    IncidentType.CYBERBULLYING: (*_DONE, "imagery"),
    IncidentType.NUDES: (*_IMAGES, "police_request"),
    IncidentType.SEXUAL_HARASSMENT: (*_IMAGES, "police_request"),
    IncidentType.UPSKIRTING: _IMAGES,
    IncidentType.IMAGE_MISUSE: ("imagery", "devices", "found_on"),
    IncidentType.DEVICE_MISUSE: ("devices", "on_school_systems", "exam_room"),
    IncidentType.ACCOUNT_MISUSE: ("on_school_systems",),
    IncidentType.AI_MISUSE: ("imagery", "devices", "on_school_systems", "exam_room"),
    IncidentType.OFFENSIVE_MESSAGE: _DONE,
    IncidentType.GAMBLING: ("devices", "on_school_systems"),
    IncidentType.SCAM: ("devices", "on_school_systems"),
    IncidentType.ADVERTISING: ("exposure", "found_on"),
    IncidentType.FILTERING_BREACH: _SEEN,
    IncidentType.MONITORING_ALERT: (*_SEEN, "devices"),
    IncidentType.STAFF_MISUSE: ("harm_threshold", "staff_possession", "devices", "on_school_systems"),
    IncidentType.LOW_LEVEL_CONCERN: ("harm_threshold",),
}
# Before a type was chosen: what the category makes likely.
_OF_CATEGORY: dict[Category, tuple[str, ...]] = {
    Category.CONTENT: _SEEN,
    Category.CONTACT: ("imagery", "devices"),
    Category.CONDUCT: ("imagery", "devices", "other_setting"),
    Category.COMMERCE: ("devices", "on_school_systems"),
}


def as_seen(incident: Incident) -> str:
    """Return what marks the case as it is now, so that a page can tell whether somebody changed it meanwhile."""
    held = [incident.decision, incident.duplicate_of, incident.category, sorted(incident.types), incident.known]
    held += [incident.level, str(incident.owner_id or ""), incident.is_closed]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def owed_now(incident: Incident, *, at: datetime) -> dict[str, bool | None]:
    """Return what people owe on a case by key: whether it is due by now; None for what is forbidden."""
    rows = Obligation.objects.filter(incident=incident).outstanding()
    return {
        row.key: None if row.strength == Strength.MUST_NOT else bool(row.due_at and row.due_at <= at)
        for row in rows
        if row.kind != Kind.NOTIFY or row.target in IN_PERSON
    }


def first_questions(incident: Incident, *, types: frozenset[IncidentType] | None = None) -> list[str]:
    """Return the facts to ask about first, in their order: what these types, and this policy, make matter.

    `types`: those that are ticked on the page, where they are not saved yet. What is answered already is always among
    them. The rest may be asked later, or never.
    """
    facts = facts_for([incident])[incident]
    if types is not None:
        facts = replace(facts, types=types | (facts.types & {IncidentType.STAFF_MISUSE}))
    likely = {*_ALWAYS, *(fact for kind in facts.types for fact in _OF_TYPE.get(kind, ()))}
    if not facts.types:
        likely |= set(_OF_CATEGORY[Category(incident.category)])
    matter = questions_that_matter(packs_of(incident.adoption), facts, sorted(likely))
    return [fact for fact in TOLD if fact in matter or fact in incident.known]


@dataclass(frozen=True)
class Known:
    """One thing that is known of a case, in words."""

    fact: str
    words: str


def known_of_case(incident: Incident) -> list[Known]:
    """Return what is known of a case, what it is first; nothing for what nobody knows."""
    types = ", ".join(TYPE_LABELS[IncidentType(kind)] for kind in incident.types)
    lines = [Known("types", types)] if types else []
    for fact in TOLD:
        value = incident.known.get(fact)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if values:
            lead = LEADS[fact][0] if fact in LEADS else ""
            words = ", ".join(label_of(fact, one) for one in values)
            lines.append(Known(fact, f"{lead} {words}".strip()))
    return lines


def last_decision(incident: Incident) -> ChronologyEntry | None:
    """Return what was written at the last decision; nothing where none was made."""
    entries = ChronologyEntry.objects.filter(incident=incident, event=Event.TRIAGED).select_related("by")
    return entries.order_by("-at", "-id").first()
