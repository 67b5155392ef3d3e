"""What a story is: a concern in a member of staff's words, with room for names and moments, and its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from incidents.statuses import Level, Outcome, Part, Place
from policies.engine.taxonomy import Category

HARMED, ALLEGED, WITNESS, NAMED = Part.HARMED, Part.ALLEGED, Part.WITNESS, Part.NAMED

# The services a child is likely to name; stories of their own kind name their own.
PHONE_APPS = ("Snapchat", "WhatsApp", "Instagram", "TikTok")
VIDEO_APPS = ("YouTube", "TikTok", "YouTube Shorts")
GAMES = ("Roblox", "Fortnite", "Minecraft", "Rocket League")


class Setting(Enum):
    """When such a thing happens and how a member of staff comes to hear of it; it decides the moments."""

    LESSON = auto()
    BREAK = auto()
    JOURNEY = auto()
    HOME = auto()
    PARENT = auto()
    BOARDING = auto()


@dataclass(frozen=True)
class Story:
    """One kind of concern.

    Texts hold slots: pupils a to d, a colleague s, an adult e, and words such as {app}, {when} or {money}.
    """

    category: Category
    years: tuple[int, int]
    setting: Setting
    place: Place
    people: Mapping[str, Part]
    narrative: str
    action: str
    closing: str
    services: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    # Somebody the school does not know, in the reporter's words, who is said to have caused harm.
    stranger: str = ""
    notes: tuple[str, ...] = ()
    question: str = ""
    answer: str = ""
    level: Level = Level.STANDARD
    outcome: Outcome = Outcome.RESOLVED
    is_danger: bool = False
    # Everybody in it is a girl, or everybody is a boy: changing rooms and dormitories.
    is_alike: bool = False
    reporters: tuple[str, ...] = field(default=())
