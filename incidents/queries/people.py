"""The people of a case, and of a concern that is being written."""

from uuid import UUID

from accounts.models import Person, School
from accounts.queries.people import search_people
from incidents.models import Incident, InvolvedPerson
from incidents.statuses import Part

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


def involved_people(incident: Incident) -> list[InvolvedPerson]:
    """Return everybody with a part in a case, those who were harmed first."""
    found = list(incident.people.select_related("person"))
    return sorted(found, key=lambda person: (_ORDER[person.part], person.name))
