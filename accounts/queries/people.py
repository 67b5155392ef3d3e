"""Finding people of a school by name."""

from accounts.models import Person, PersonKind, School, searchable

MOST = 10
# A name begins after a space, a hyphen or an apostrophe. Most concerns are about pupils, and most people are looked for
# by their first name. Written by hand: it answers while somebody types.
_FOUND = """
    SELECT id, school_id, kind, given_name, family_name, year_group, form
    FROM accounts_person
    WHERE school_id = %s AND left_on IS NULL AND ' ' || translate(search_name, '-''', '  ') LIKE ALL (%s)
    ORDER BY kind <> 'pupil', search_name NOT LIKE %s, search_name, id
    LIMIT %s
"""


def search_people(school: School, query: str, *, most: int = MOST) -> list[Person]:
    """Return those present whose given or family name begins with each word; nobody for under two letters in all."""
    words = searchable(query).replace("-", " ").replace("'", " ").split()
    # The database takes no null character, and no name holds one.
    if sum(len(word) for word in words) < 2 or "\x00" in query:
        return []
    begins = [f"% {_quoted(word)}%" for word in words]
    return list(Person.objects.raw(_FOUND, [school.pk, begins, begins[0].removeprefix("% "), most]))


def adults_of(school: School) -> list[Person]:
    """Return everybody present who is no pupil, by name: staff, parents and carers, others."""
    people = Person.objects.for_school(school).present().exclude(kind=PersonKind.PUPIL)
    return list(people.order_by("search_name", "pk"))


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
