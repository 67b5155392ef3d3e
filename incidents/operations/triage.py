"""Triage: what a concern is, what is known of it, and what is decided about it, each with its reason."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.facts import OF_ADULTS, TOLD, known_from
from incidents.models import Incident
from incidents.operations import chronology, obligations, ownership, workflow
from incidents.queries.triage import as_seen, owed_now
from incidents.statuses import Decision, Level, Status
from policies.engine.facts import FactsInvalid
from policies.engine.labels import TYPE_LABELS, label_of
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import IncidentType


@dataclass(frozen=True)
class Facts:
    """What is known of a case: `known` in the words of the engine's facts, without what is not known."""

    category: Category
    types: frozenset[IncidentType] = frozenset()
    known: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Triage:
    """Everything that is said on the page: facts, the decision and its reason, level and owner."""

    facts: Facts
    decision: Decision
    reason: str = ""
    duplicate_of: Incident | None = None
    level: Level = Level.STANDARD
    level_reason: str = ""
    owner: User | None = None


@dataclass(frozen=True)
class Difference:
    """What the policy asks besides what it asked before, how much of that is due at once, and what it asks no more."""

    more: int = 0
    at_once: int = 0
    forbidden: int = 0
    fewer: int = 0


@transaction.atomic
def save(*, incident: Incident, said: Triage, seen: str, by: User, at: datetime) -> Difference:
    """Write down what was said of a case and bring its duties in step; say what the policy asks now that it did not.

    `seen` is the case as the page showed it: Refused, with nothing changed, where somebody else changed it meanwhile.
    """
    case = Incident.objects.locked(incident.pk)
    if as_seen(case) != seen:
        raise Refused(
            "changed_meanwhile",
            "Somebody changed this case while you were writing. Compare what you chose with what is known now, and "
            "save again.",
        )
    before = owed_now(case, at=at)
    is_new = (case.decision, case.duplicate_of) != (said.decision, _reference(said.duplicate_of))
    if is_new or said.reason.strip():
        decide(incident=case, decision=said.decision, reason=said.reason, duplicate_of=said.duplicate_of, by=by, at=at)
    learn(incident=case, facts=said.facts, by=by, at=at)
    if said.level != case.level:
        ownership.set_level(incident=case, level=said.level, reason=said.level_reason, by=by, at=at)
    ownership.raise_level(incident=case, at=at)
    if said.owner is not None and said.owner.pk != case.owner_id:
        ownership.assign(incident=case, owner=said.owner, by=by, at=at)
    return _difference(before, owed_now(case, at=at))


@transaction.atomic
def decide(
    *,
    incident: Incident,
    decision: Decision,
    reason: str,
    by: User,
    at: datetime,
    duplicate_of: Incident | None = None,
) -> None:
    """Record what a case is, with the reason: a decision not to act is a decision. It acknowledges what was new."""
    case = Incident.objects.locked(incident.pk)
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you decide otherwise.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    if (decision is Decision.DUPLICATE) != (duplicate_of is not None):
        raise Refused("duplicate_missing", "Say of which case this is a duplicate, by its reference.")
    if duplicate_of is not None:
        _check_original(case, duplicate_of)
    if case.status == Status.REPORTED:
        workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=by, at=at)
        case = Incident.objects.locked(case.pk)
    case.decision, case.decided_at, case.decided_by = decision.value, at, by
    case.duplicate_of = _reference(duplicate_of)
    case.save(update_fields=["decision", "decided_at", "decided_by", "duplicate_of"])
    of = f" {case.duplicate_of}" if case.duplicate_of else ""
    text = f"{decision.label}{':' if of else '.'}{of}{'.' if of else ''} {reason}"
    chronology.append(incident=case, event=Event.TRIAGED, by=by, at=at, text=text, data={"decision": decision.value})


@transaction.atomic
def learn(*, incident: Incident, facts: Facts, by: User, at: datetime) -> None:
    """Keep what is known of a case, with what was known before in the chronology, and bring its duties in step."""
    case = Incident.objects.locked(incident.pk)
    try:
        known = known_from(facts.known)
    except FactsInvalid as invalid:
        raise Refused("facts_invalid", " ".join(invalid.faults)) from invalid
    types = sorted(facts.types - {IncidentType.STAFF_MISUSE} if case.is_about_adult else facts.types)
    changes = _changes(case, facts.category, types, known)
    if not changes:
        return
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you change what is known of it.")
    if OF_ADULTS & facts.types and not case.is_about_adult:
        raise Refused(
            "adults_elsewhere",
            "A concern about an adult who works or helps here goes to somebody else. Log it as a concern of its own.",
        )
    case.category, case.types, case.known = facts.category.value, [kind.value for kind in types], known
    case.save(update_fields=["category", "types", "known"])
    # Names of facts, never their values: the audit tells of no case.
    data = {"facts": sorted(changes)}
    text = "\n".join(changes.values())
    chronology.append(incident=case, event=Event.FACTS_CHANGED, by=by, at=at, text=text, data=data)
    obligations.apply(incident=case, at=at)


def _check_original(case: Incident, original: Incident) -> None:
    if original.pk == case.pk:
        raise Refused("duplicate_of_itself", "That is the reference of this case. Give that of the other one.")
    if original.school_id != case.school_id or original.duplicate_of == case.reference:
        raise Refused("duplicate_of_nothing", "That case cannot be the one that this repeats. Check the reference.")


def _reference(original: Incident | None) -> str:
    return original.reference if original else ""


def _changes(case: Incident, category: Category, types: list[IncidentType], known: dict[str, Any]) -> dict[str, str]:
    """Return what differs from what is known, by fact, as a line with the old and the new."""
    found: dict[str, tuple[str, str]] = {
        "category": (Category(case.category).label, category.label),
        "types": (_listed([IncidentType(kind) for kind in case.types]), _listed(types)),
    }
    for fact in TOLD:
        found[fact] = _said(fact, case.known.get(fact)), _said(fact, known.get(fact))
    return {fact: f"{_named(fact)}{old} → {new}." for fact, (old, new) in found.items() if old != new}


def _named(fact: str) -> str:
    return {"category": "Category: ", "types": "What it is: "}.get(fact, f"{fact.replace('_', ' ').capitalize()}: ")


def _listed(types: list[IncidentType]) -> str:
    return ", ".join(TYPE_LABELS[kind] for kind in types) or "not known"


def _said(fact: str, value: Any) -> str:
    if value is None or value == []:
        return "not known"
    return ", ".join(label_of(fact, one) for one in value) if isinstance(value, list) else label_of(fact, value)


def _difference(before: dict[str, bool | None], after: dict[str, bool | None]) -> Difference:
    new = {key: at_once for key, at_once in after.items() if key not in before}
    return Difference(
        more=sum(at_once is not None for at_once in new.values()),
        at_once=sum(at_once is True for at_once in new.values()),
        forbidden=sum(at_once is None for at_once in new.values()),
        fewer=sum(at_once is not None for key, at_once in before.items() if key not in after),
    )
