"""Whether a case may hold files, pictures among them. Where an indecent image of a child may be involved it holds none.

Nobody may make a copy of such an image, and this system least of all: the answer comes from what is known of the case,
from what the policy forbids, and, as long as nobody has said more, from the words in which it was reported.
"""

import re
from enum import StrEnum

from incidents.events import Event
from incidents.facts import facts_for
from incidents.models import ChronologyEntry, Incident, Obligation
from policies.engine.facts import IncidentFacts
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Ban, Imagery, IncidentType, Kind
from policies.statuses import State

# As they are typed. The page of the concern form shows what not to do as soon as one of them appears.
IMAGERY_WORDS = (
    *("nude", "nudes", "naked", "sext", "sexting", "indecent", "topless", "underwear", "intimate", "dick pic"),
    *("private parts", "genital", "porn"),
)
_MORE_WORDS = (
    *("upskirt", "undress", "explicit photo", "explicit pic", "explicit image", "explicit video", "sexual image"),
    *("sexual photo", "sexual picture", "sexual video", "revealing photo", "revealing pic", "iioc", "csam", "sextort"),
    *("deepfake", "nudif", "abuse image", "abuse material", "bare chest", "no clothes", "without clothes", "genitals"),
)
_WORDS = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, (*IMAGERY_WORDS, *_MORE_WORDS)))})", re.IGNORECASE)

_OF_IMAGES = frozenset(
    {
        IncidentType.NUDES,
        IncidentType.IIOC,
        IncidentType.UPSKIRTING,
        IncidentType.GROOMING,
        IncidentType.IMAGE_MISUSE,
        IncidentType.SEXUAL_HARASSMENT,
    }
)
# Nobody's body is in these.
_WITHOUT_IMAGES = frozenset(
    {
        IncidentType.ADVERTISING,
        IncidentType.DATA_BREACH,
        IncidentType.GAMBLING,
        IncidentType.MISINFORMATION,
        IncidentType.OVERBLOCKING,
        IncidentType.SCAM,
    }
)
# What people wrote on the case; what the system wrote uses these words itself.
_WRITTEN = (Event.NOTE_ADDED, Event.QUESTION_ANSWERED)


class Holding(StrEnum):
    """What a case may hold: any file that is taken, only files without a picture, or none."""

    FILES = "files"
    NO_PICTURES = "no_pictures"
    NOTHING = "nothing"


def holding_of(incident: Incident) -> Holding:
    """Return what a case may hold. A fixed number of queries."""
    facts = facts_for([incident])[incident]
    known = _from_facts(facts)
    if known is Holding.NOTHING or _is_forbidden(incident):
        return Holding.NOTHING
    # Somebody looked into it and said that no image is involved: that outweighs a word.
    if facts.imagery is not Imagery.NONE and _is_mentioned(incident):
        return Holding.NOTHING
    return known


def _from_facts(facts: IncidentFacts) -> Holding:
    if facts.imagery in (Imagery.POSSIBLE, Imagery.INDECENT) or facts.imagery_viewed or facts.staff_possession:
        return Holding.NOTHING
    if facts.types & _OF_IMAGES and facts.imagery is not Imagery.NONE:
        return Holding.NOTHING
    if facts.types & {IncidentType.NUDES, IncidentType.IIOC, IncidentType.UPSKIRTING}:
        return Holding.NOTHING
    if facts.imagery is Imagery.NONE:
        return Holding.FILES
    is_harmless = facts.types <= _WITHOUT_IMAGES if facts.types else facts.category is Category.COMMERCE
    # Until somebody has said whether images are involved, no picture is taken.
    return Holding.FILES if is_harmless else Holding.NO_PICTURES


def _is_forbidden(incident: Incident) -> bool:
    bans = Obligation.objects.filter(incident=incident, kind=Kind.FORBID, target=Ban.STORE_IMAGERY)
    # Closing withdraws what is owed; what the case is about does not change by it.
    return (bans if incident.is_closed else bans.exclude(state=State.WITHDRAWN)).exists()


def _is_mentioned(incident: Incident) -> bool:
    said = (incident.narrative, incident.action_taken, incident.place_detail, incident.online_service)
    if any(mentions_imagery(text or "") for text in said):
        return True
    written = ChronologyEntry.objects.filter(incident=incident, event__in=_WRITTEN)
    return any(mentions_imagery(entry.text) for entry in written)


def mentions_imagery(text: str) -> bool:
    """Say whether a text has a word by which people tell of nude or sexual images."""
    return _WORDS.search(text) is not None
