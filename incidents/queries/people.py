"""The people named on a concern form."""

from uuid import UUID

from accounts.models import Person, School


def people_by_id(school: School, ids: list[UUID]) -> dict[str, Person]:
    """Return those of the ids that are people of the school, by id as text."""
    if not ids:
        return {}
    return {str(person.pk): person for person in Person.objects.for_school(school).filter(pk__in=ids)}
