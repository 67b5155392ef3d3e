"""Facts of incidents as schools meet them: mostly pupils, mostly one type, a few about an adult, much not known."""

import random
from typing import Any

from policies.engine.facts import YES_OR_NO, IncidentFacts
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

# How often each comes up, among all.
_TYPES = {
    IncidentType.CYBERBULLYING: 18, IncidentType.OFFENSIVE_MESSAGE: 14, IncidentType.HARMFUL_CONTENT: 12,
    IncidentType.NUDES: 8, IncidentType.FILTERING_BREACH: 8, IncidentType.DEVICE_MISUSE: 7,
    IncidentType.SELF_HARM_CONTENT: 6, IncidentType.MONITORING_ALERT: 6, IncidentType.SEXUAL_HARASSMENT: 5,
    IncidentType.STRANGER_CONTACT: 5, IncidentType.LOW_LEVEL_CONCERN: 4, IncidentType.STAFF_MISUSE: 3,
    IncidentType.GROOMING: 3,
}  # fmt: skip
_ALLEGED = {
    PartHolder.PUPIL: 60, PartHolder.OUTSIDER: 12, PartHolder.UNKNOWN: 8, PartHolder.STAFF: 6, PartHolder.PARENT: 5,
    PartHolder.HEADTEACHER: 1, PartHolder.DSL: 1, PartHolder.ICT: 1, PartHolder.VOLUNTEER: 1,
}  # fmt: skip


def realistic_facts(number: int, seed: int) -> list[IncidentFacts]:
    """Return so many facts, no two of them alike; the same for the same seed."""
    chance = random.Random(seed)
    found: dict[IncidentFacts, None] = {}
    while len(found) < number:
        found[IncidentFacts(**_one(chance))] = None
    return list(found)


def _one(chance: random.Random) -> dict[str, Any]:
    types = chance.choices(list(IncidentType), [_TYPES.get(kind, 1) for kind in IncidentType], k=3)
    given: dict[str, Any] = {
        "types": frozenset(types[: chance.choices([1, 2, 3], [80, 17, 3])[0]]),
        "harmed": frozenset({chance.choices([PartHolder.PUPIL, PartHolder.STAFF], [95, 5])[0]}),
    }
    if chance.random() < 0.8:
        given["alleged"] = frozenset(
            chance.choices(list(_ALLEGED), list(_ALLEGED.values()), k=chance.choice([1, 1, 2]))
        )
    for fact, words, likely in (
        ("category", Category, 0.9), ("crime", Suspicion, 0.4), ("illegal_material", Suspicion, 0.2),
        ("imagery", Imagery, 0.3), ("exposure", Exposure, 0.2), ("harm_threshold", HarmThreshold, 0.05),
    ):  # fmt: skip
        if chance.random() < likely:
            given[fact] = chance.choice(list(words))
    for fact, several, likely in (
        ("devices", DeviceKind, 0.5),
        ("found_on", FoundOn, 0.4),
        ("witness", PartHolder, 0.2),
    ):
        if chance.random() < likely:
            given[fact] = frozenset(chance.sample(list(several), chance.choice([1, 1, 2])))
    for fact in sorted(YES_OR_NO):
        if chance.random() < 0.3:
            given[fact] = chance.random() < 0.4
    return given
