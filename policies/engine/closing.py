"""Before which cases are closed a second person has to agree: what any layer asks for, or the product's default."""

from collections.abc import Sequence

from policies.engine.packs import Closing, Pack

# None of the five sources says anything of it; a case in which a child was in danger is not closed by one person.
DEFAULT = Closing(frozenset({"danger", "high"}))


def closing_of(packs: Sequence[Pack]) -> Closing:
    """Return what these packs together say of closing, with the clause of the one nearest the school that asks."""
    asking = [pack.closing for pack in packs if pack.closing]
    if not asking:
        return DEFAULT
    words = frozenset[str]().union(*(closing.second_person for closing in asking))
    return Closing(words, asking[-1].clause)
