"""The people of a case, and of a concern that is being written; one person across cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.access import Access
from accounts.models import Person, Relation, Relationship, School, Vulnerability
from accounts.queries.people import search_people
from incidents.access import visible_incidents
from incidents.models import Identifier, Incident, InvolvedPerson
from incidents.queries.rows import CaseRow, case_rows
from incidents.statuses import Identifying, Part, Place
from policies.engine.taxonomy import Category

# More cases about one person than any page needs; the newest are shown.
_MOST = 200
_ORDER = {part.value: number for number, part in enumerate(Part)}


# No name is longer, and every word of a query is looked for by itself.
_LONGEST_QUERY = 100


def find_people(school: School, query: str) -> list[Person]:
    """Return those present whose names begin with the words of what was typed, whatever was typed."""
    return search_people(school, query[:_LONGEST_QUERY].replace("\x00", " "))


def people_by_id(school: School, ids: list[UUID]) -> dict[str, Person]:
    """Return those of the ids that are people of the school, by id as text."""
    if not ids:
        return {}
    return {str(person.pk): person for person in Person.objects.for_school(school).filter(pk__in=ids)}


@dataclass(frozen=True)
class PartInCase:
    """A case and the part that the person had in it."""

    case: CaseRow
    part_label: str


@dataclass(frozen=True)
class AcrossCases:
    """One person across the cases that the reader may open: each with their part, and what comes again."""

    cases: list[PartInCase]
    patterns: list[str]
    siblings: list[Person]
    vulnerabilities: list[str]


def across_cases(access: Access, person: Person) -> AcrossCases:
    """Return what is known of a person in the cases the reader may open, newest first; six queries at most."""
    mine = InvolvedPerson.objects.filter(person=person)
    visible = visible_incidents(access)
    found = visible.filter(Exists(mine.filter(incident=OuterRef("pk")))).order_by("-logged_at")[:_MOST]
    rows = case_rows(access.school, found)[0]
    ids = [row.id for row in rows]
    parts = dict(mine.filter(incident__in=ids).values_list("incident_id", "part"))
    facts = list(visible.filter(pk__in=ids).values_list("category", "place"))
    return AcrossCases(
        cases=[PartInCase(row, Part(parts[row.id]).label) for row in rows],
        patterns=[*_counted(parts, facts), *_again(access.school, ids), *_together(person, ids)],
        siblings=_siblings(person),
        vulnerabilities=[Vulnerability(flag).label for flag in person.vulnerabilities],
    )


def _counted(parts: dict[UUID, str], facts: list[tuple[str, str]]) -> list[str]:
    """Return what comes in two cases or more: a part, a category, a place."""
    said = []
    counts: Iterable[tuple[Counter[str], type[Part] | type[Category] | type[Place]]] = (
        (Counter(parts.values()), Part),
        (Counter(category for category, _ in facts), Category),
        (Counter(place for _, place in facts), Place),
    )
    for counted, kind in counts:
        said += [f"{kind(value).label}: {times} cases" for value, times in counted.most_common() if times > 1]
    return said


def _again(school: School, ids: list[UUID]) -> list[str]:
    """Return the accounts, addresses, apps, devices and places noted on two or more of the cases."""
    rows = Identifier.objects.filter(school=school, incident__in=ids, removed_at__isnull=True).order_by("added_at")
    seen: dict[tuple[str, bytes], list[Identifier]] = {}
    for row in rows:
        seen.setdefault((row.kind, bytes(row.fingerprint)), []).append(row)
    return [
        f"{Identifying(kind).label} {held[0].value}: {len(held)} cases"
        for (kind, _), held in seen.items()
        if len(held) > 1
    ]


def _together(person: Person, ids: list[UUID]) -> list[str]:
    """Return who else is named in two or more of the cases."""
    others = InvolvedPerson.objects.filter(incident__in=ids, person__isnull=False).exclude(person=person)
    counted = Counter(row.person for row in others.select_related("person"))
    return [
        f"Together with {other.name}: {times} cases"
        for other, times in counted.most_common(5)
        if other is not None and times > 1
    ]


def _siblings(person: Person) -> list[Person]:
    ties = Relationship.objects.filter(relation=Relation.SIBLING)
    people = Person.objects.filter(school=person.school).present()
    to, of = ties.filter(person=person, related=OuterRef("pk")), ties.filter(related=person, person=OuterRef("pk"))
    return list(people.filter(Exists(to) | Exists(of)).order_by("search_name", "pk"))


def involved_people(incident: Incident) -> list[InvolvedPerson]:
    """Return everybody with a part in a case, those who were harmed first."""
    found = list(incident.people.select_related("person"))
    return sorted(found, key=lambda person: (_ORDER[person.part], person.name))
