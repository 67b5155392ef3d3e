"""Finding people of a school by name."""

from django.db.models import Case, When

from accounts.models import Person, PersonKind, School, searchable

MOST = 10


def search_people(school: School, query: str, *, most: int = MOST) -> list[Person]:
    """Return those present whose given or family name begins with each word of the query; nobody for under two
    letters.
    """
    words = searchable(query).split()
    if sum(len(word) for word in words) < 2:
        return []
    people = Person.objects.for_school(school).present()
    for word in words:
        # Every word begins a name: at the start of the whole, or after a space or a hyphen.
        people = people.filter(search_name__regex=rf"(^|[ '-]){_quoted(word)}")
    # Most concerns are about pupils, and most people are looked for by their first name.
    pupils_first = Case(When(kind=PersonKind.PUPIL, then=0), default=1)
    first_name_first = Case(When(search_name__startswith=words[0], then=0), default=1)
    return list(people.order_by(pupils_first, first_name_first, "search_name", "pk")[:most])


def adults_of(school: School) -> list[Person]:
    """Return everybody present who is no pupil, by name: staff, parents and carers, others."""
    people = Person.objects.for_school(school).present().exclude(kind=PersonKind.PUPIL)
    return list(people.order_by("search_name", "pk"))


def _quoted(word: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in word)
