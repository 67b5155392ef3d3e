"""What is known of a case, in the words that policies ask in. One direction: rows to facts."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from accounts.models import Membership, Person, PersonKind, Vulnerability
from accounts.roles import Role
from incidents.models import Incident, InvolvedPerson
from incidents.statuses import Level, Part
from policies.engine.facts import FACT_NAMES, FactsInvalid, IncidentFacts, facts_from
from policies.engine.substitution import barred_roles
from policies.engine.vocabulary import IncidentType, OwnerRole, PartHolder

_HOLDERS: dict[str, PartHolder] = {
    Role.HEADTEACHER: PartHolder.HEADTEACHER,
    Role.DSL: PartHolder.DSL,
    Role.DEPUTY_DSL: PartHolder.DEPUTY_DSL,
    Role.ONLINE_SAFETY_LEAD: PartHolder.ONLINE_SAFETY_LEAD,
    Role.CHAIR_OF_GOVERNORS: PartHolder.CHAIR_OF_GOVERNORS,
    Role.SAFEGUARDING_GOVERNOR: PartHolder.GOVERNOR,
    Role.GOVERNOR: PartHolder.GOVERNOR,
    Role.NETWORK_MANAGER: PartHolder.ICT,
    Role.ICT_TECHNICIAN: PartHolder.ICT,
}
_KINDS: dict[str, PartHolder] = {
    PersonKind.PUPIL: PartHolder.PUPIL,
    PersonKind.STAFF: PartHolder.STAFF,
    PersonKind.VOLUNTEER: PartHolder.VOLUNTEER,
    PersonKind.CONTRACTOR: PartHolder.CONTRACTOR,
    PersonKind.CONTACT: PartHolder.PARENT,
    PersonKind.VISITOR: PartHolder.VISITOR,
}
# What the rows say by themselves. Everything else somebody has to say, at triage or later.
DERIVED = frozenset(
    {
        "category",
        "types",
        "harmed",
        "alleged",
        "witness",
        "named",
        "immediate_danger",
        "vulnerable_pupil",
        "pupil_involved",
        "became_aware_at",
        "logged_at",
    }
)
TOLD = tuple(name for name in FACT_NAMES if name not in DERIVED)
# A matter of adults has another road, which begins with how a concern is logged.
OF_ADULTS = frozenset({IncidentType.STAFF_MISUSE, IncidentType.LOW_LEVEL_CONCERN})
_NOT_HERE = {PartHolder.PUPIL, PartHolder.PARENT, PartHolder.VISITOR, PartHolder.OUTSIDER, PartHolder.UNKNOWN}


# Of these, a case is never less than high; of any other circumstance, never low.
_GRAVE = frozenset({Vulnerability.CHILD_PROTECTION_PLAN, Vulnerability.LOOKED_AFTER})


def flags_of(people: Iterable[InvolvedPerson]) -> list[Vulnerability]:
    """Return what makes the pupils more vulnerable whom a case is about, each once; those who only saw it do not count.

    The level rises with it and never falls (mission B8; Shipbourne 5.2, Maidstone 11), whatever the policy asks.
    """
    about = [row.person for row in people if row.person and row.part in (Part.HARMED, Part.ALLEGED)]
    held = {flag for person in about if person.kind == PersonKind.PUPIL for flag in person.vulnerabilities}
    return [flag for flag in Vulnerability if flag in held]


def least_level(flags: Iterable[Vulnerability]) -> Level:
    """Return the level below which a case about such pupils is never set."""
    held = set(flags)
    if held & _GRAVE:
        return Level.HIGH
    return Level.STANDARD if held else Level.LOW


def level_when_logged(flags: Iterable[Vulnerability], *, is_danger: bool) -> Level:
    """Return the level with which a case begins; it is for the safeguarding team to weigh afterwards."""
    if is_danger:
        return Level.DANGER
    return Level.HIGH if list(flags) else Level.STANDARD


def in_words(flags: Iterable[Vulnerability]) -> str:
    """Return what makes pupils more vulnerable, as it stands in a sentence."""
    labels = [flag.label for flag in flags]
    return ", ".join(f"{label[0].lower()}{label[1:]}" for label in labels)


def facts_for(incidents: Iterable[Incident]) -> dict[Incident, IncidentFacts]:
    """Return what is known of each case. Two queries, however many cases there are."""
    cases = list(incidents)
    involved, held = _read(cases)
    return {case: _facts(case, involved.get(case.pk, []), held) for case in cases}


def asked_about(case: Incident) -> tuple[IncidentFacts, frozenset[OwnerRole]]:
    """Return what is known of a case, and the roles of everybody it is about, whom nothing that is asked may reach: on
    a child's case too, where the facts leave adults to the other strand. Two queries.
    """
    involved, held = _read([case])
    people = involved.get(case.pk, [])
    return _facts(case, people, held), _barred(case, people, held)


def asked_about_new(case: Incident, people: list[InvolvedPerson]) -> tuple[IncidentFacts, frozenset[OwnerRole]]:
    """Return the same of a case while it is logged, its people at hand; one query where adults are among them."""
    held = _held(people)
    return _facts(case, people, held), _barred(case, people, held)


def _read(
    cases: list[Incident],
) -> tuple[dict[object, list[InvolvedPerson]], dict[object, list[Membership]]]:
    involved: dict[object, list[InvolvedPerson]] = {}
    for row in InvolvedPerson.objects.filter(incident__in=cases).select_related("person"):
        involved.setdefault(row.incident_id, []).append(row)
    return involved, _held([row for rows in involved.values() for row in rows])


def _barred(case: Incident, people: list[InvolvedPerson], held: dict[object, list[Membership]]) -> frozenset[OwnerRole]:
    alleged = [row for row in people if row.part == Part.ALLEGED]
    holders = (_holders(case, row.person, held.get(row.person_id, [])) for row in alleged)
    return barred_roles(frozenset[PartHolder]().union(*holders))


def known_from(given: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody says of a case as the case keeps it; raise FactsInvalid for what is no fact or derived.

    What is not known is left out, so that two ways of not knowing are one.
    """
    said = {name: value for name, value in given.items() if value not in (None, "", [])}
    derived = sorted(set(said) & DERIVED)
    if derived:
        raise FactsInvalid([f"{name!r} follows from the case itself." for name in derived])
    facts = facts_from({"types": [IncidentType.OTHER.value], **said})
    values = {name: getattr(facts, name) for name in TOLD if name in said}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def _held(people: list[InvolvedPerson]) -> dict[object, list[Membership]]:
    """Return the roles that these people ever held, by person."""
    persons = [row.person_id for row in people if row.person_id and row.person and row.person.kind != PersonKind.PUPIL]
    held: dict[object, list[Membership]] = {}
    for membership in Membership.objects.filter(person__in=persons) if persons else ():
        held.setdefault(membership.person_id, []).append(membership)
    return held


def _facts(case: Incident, people: list[InvolvedPerson], held: dict[object, list[Membership]]) -> IncidentFacts:
    parts: dict[str, set[PartHolder]] = {part.value: set() for part in Part}
    for row in people:
        parts[row.part] |= _holders(case, row.person, held.get(row.person_id, []))
    if case.is_about_adult and not parts[Part.ALLEGED] - _NOT_HERE:
        # The reporter said that it is about an adult who works or helps here, and named none.
        parts[Part.ALLEGED].add(PartHolder.STAFF)
    if not case.is_about_adult:
        # Of an adult who works or helps here the other strand tells: what the policy asks of them is asked there.
        parts[Part.ALLEGED] &= _NOT_HERE
    pupils = [row.person for row in people if row.person and row.person.kind == PersonKind.PUPIL]
    told = facts_from({"category": case.category, "types": case.types, **case.known})
    return replace(
        told,
        types=told.types | {IncidentType.STAFF_MISUSE} if case.is_about_adult else told.types,
        harmed=frozenset(parts[Part.HARMED]),
        alleged=frozenset(parts[Part.ALLEGED]),
        witness=frozenset(parts[Part.WITNESS]),
        named=frozenset(parts[Part.NAMED]),
        immediate_danger=True if case.is_danger_reported or case.level == Level.DANGER else None,
        vulnerable_pupil=True if any(pupil.vulnerabilities for pupil in pupils) else None,
        pupil_involved=True if pupils else None,
        became_aware_at=case.became_aware_at,
        logged_at=case.logged_at,
    )


def _holders(case: Incident, person: Person | None, held: list[Membership]) -> set[PartHolder]:
    """Return what somebody was to the school on the day the concern was logged; several roles are several."""
    if person is None:
        return {PartHolder.UNKNOWN}
    day = timezone.localtime(case.logged_at).date()
    then = [row for row in held if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)]
    # Whoever held a role before or since is still an adult who works or helps here.
    roles = {_HOLDERS.get(row.role, PartHolder.STAFF) for row in then or held}
    return roles or {_KINDS.get(person.kind, PartHolder.OUTSIDER)}
