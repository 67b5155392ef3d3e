"""Finding people of a school by name."""

from accounts.models import Person, School, searchable

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
    return list(people.order_by("search_name", "pk")[:most])


def _quoted(word: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in word)
