"""Everything a rule may ask about an incident, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

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

_WALL = ZoneInfo("Europe/London")
Parts = frozenset[PartHolder]
_NOBODY: Parts = frozenset()


class FactsInvalid(Exception):
    """Facts that are unknown or hold unknown values. `faults` has a sentence for each, with what is allowed."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class IncidentFacts:
    """The facts of one incident. What is not known is None, or empty; at least category or types is known.

    Moments are aware datetimes. Who is said to have done something is `alleged`; who suffered it is `harmed`.
    """

    category: Category | None = None
    types: frozenset[IncidentType] = frozenset()
    harmed: Parts = _NOBODY
    alleged: Parts = _NOBODY
    witness: Parts = _NOBODY
    named: Parts = _NOBODY
    immediate_danger: bool | None = None
    crime: Suspicion | None = None
    illegal_material: Suspicion | None = None
    imagery: Imagery | None = None
    imagery_viewed: bool | None = None
    exposure: Exposure | None = None
    devices: frozenset[DeviceKind] = frozenset()
    found_on: frozenset[FoundOn] = frozenset()
    on_school_systems: bool | None = None
    staff_possession: bool | None = None
    harm_threshold: HarmThreshold | None = None
    police_request: bool | None = None
    other_setting: bool | None = None
    vulnerable_pupil: bool | None = None
    serious: bool | None = None
    pupil_involved: bool | None = None
    exam_room: bool | None = None
    became_aware_at: datetime | None = None
    logged_at: datetime | None = None


ONE_OF: dict[str, type[StrEnum]] = {
    "category": Category,
    "crime": Suspicion,
    "illegal_material": Suspicion,
    "imagery": Imagery,
    "exposure": Exposure,
    "harm_threshold": HarmThreshold,
}
SOME_OF: dict[str, type[StrEnum]] = {
    "types": IncidentType,
    "harmed": PartHolder,
    "alleged": PartHolder,
    "witness": PartHolder,
    "named": PartHolder,
    "devices": DeviceKind,
    "found_on": FoundOn,
}
YES_OR_NO = frozenset(
    {
        "immediate_danger",
        "imagery_viewed",
        "on_school_systems",
        "staff_possession",
        "police_request",
        "other_setting",
        "vulnerable_pupil",
        "serious",
        "pupil_involved",
        "exam_room",
    }
)
MOMENTS = frozenset({"became_aware_at", "logged_at"})
# A single one may be written in the singular.
SINGULAR = {"type": "types", "device": "devices"}
FACT_NAMES = tuple(found.name for found in fields(IncidentFacts))


def allowed_values(fact: str) -> list[str]:
    """Return the values a fact may hold, as packs and JSON write them; nothing for moments."""
    if fact in YES_OR_NO:
        return ["true", "false"]
    words = ONE_OF.get(fact) or SOME_OF.get(fact)
    return [word.value for word in words] if words else []


def facts_from(given: Mapping[str, Any]) -> IncidentFacts:
    """Return the facts of a mapping such as JSON gives; raise FactsInvalid with a sentence for every fault."""
    faults: list[str] = []
    read: dict[str, Any] = {}
    for name, value in given.items():
        fact = SINGULAR.get(name, name)
        if fact not in FACT_NAMES:
            faults.append(f"{name!r} is not a fact. Facts are: {', '.join(FACT_NAMES)}.")
        elif value is None:
            continue
        elif name != fact and given.get(fact) is not None:
            faults.append(f"{name!r} and {fact!r} say the same. Give one of them.")
        else:
            _read(fact, value, read, faults)
    if not faults and not read.get("category") and not read.get("types"):
        faults.append("Give at least a category or types.")
    if faults:
        raise FactsInvalid(faults)
    return IncidentFacts(**read)


def _read(fact: str, value: Any, read: dict[str, Any], faults: list[str]) -> None:
    reader: Callable[[str, Any], Any]
    if fact in ONE_OF:
        reader = _one
    elif fact in SOME_OF:
        reader = _some
    elif fact in YES_OR_NO:
        reader = _yes_or_no
    else:
        reader = _moment
    try:
        read[fact] = reader(fact, value)
    except ValueError as fault:
        faults.append(str(fault))


def _one(fact: str, value: Any) -> StrEnum:
    if isinstance(value, str) and value in allowed_values(fact):
        return ONE_OF[fact](value)
    raise ValueError(f"{fact} cannot be {value!r}. Allowed: {', '.join(allowed_values(fact))}.")


def _some(fact: str, value: Any) -> frozenset[StrEnum]:
    values = value if isinstance(value, list | tuple | set | frozenset) else [value]
    allowed = allowed_values(fact)
    unknown = [repr(one) for one in values if not isinstance(one, str) or one not in allowed]
    if unknown:
        raise ValueError(f"{fact} cannot hold {', '.join(unknown)}. Allowed: {', '.join(allowed)}.")
    return frozenset(SOME_OF[fact](one) for one in values)


def _yes_or_no(fact: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{fact} cannot be {value!r}. Allowed: true, false.")


def _moment(fact: str, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None:
        raise ValueError(f"{fact} must be a moment such as 2026-11-12T08:20:00+00:00, not {value!r}.")
    # Without a zone it is what the clock on the wall said.
    return moment if moment.tzinfo else moment.replace(tzinfo=_WALL)
