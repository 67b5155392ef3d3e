"""Where a policy says something twice, in two ways, or not clearly enough to act on."""

from collections.abc import Iterator

from policies.linting.findings import Finding, FindingKind, Subject
from policies.loading.fields import RoleSource, TaxonomySource


def repeated_clauses(subject: Subject) -> Iterator[Finding]:
    """Yield every clause that the source has twice."""
    for clause in subject.source.clauses:
        if clause.repeats:
            text = f"Says again what {clause.repeats} says. Keep one of them."
            yield subject.finding(FindingKind.REPEATED_CLAUSE, clause.id, text)


def two_lists_of_categories(subject: Subject) -> Iterator[Finding]:
    """Yield every further list of risk categories that is not the policy's own list."""
    taxonomy = subject.source.taxonomy
    for other in subject.source.also_categories:
        if taxonomy and _as_one_list(other) != _as_one_list(taxonomy):
            text = f"Lists {_listed(other)} as the kinds of risk; elsewhere {_listed(taxonomy)}."
            yield subject.finding(FindingKind.TWO_LISTS_OF_CATEGORIES, other.clause, text)


def several_holders(subject: Subject) -> Iterator[Finding]:
    """Yield every role that the policy gives to several people and then speaks of as one."""
    for role in subject.source.roles:
        if int(role.holders) > 1 and _spoken_of_as_one(subject, role):
            text = (
                f"Names {role.holders} people as {role.title} and goes on to say “the {role.title}”. Say who does what."
            )
            yield subject.finding(FindingKind.SEVERAL_HOLDERS, role.clause, text)


def _spoken_of_as_one(subject: Subject, role: RoleSource) -> bool:
    words = [word for word in role.title.split() if word[0].isupper()]
    initials = "".join(word[0] for word in words)
    names = [f"the {role.title}", *([f"the {initials}"] if len(initials) > 1 else [])]
    said = " ".join(f"{clause.title} {clause.says}" for clause in subject.pack.clauses).lower()
    return any(name.lower() in said for name in names)


def _as_one_list(taxonomy: TaxonomySource) -> set[str]:
    return {one.casefold() for one in _named(taxonomy)}


def _listed(taxonomy: TaxonomySource) -> str:
    return ", ".join(_named(taxonomy))


def _named(taxonomy: TaxonomySource) -> list[str]:
    """Return the categories in the source's own words, where it has any."""
    return taxonomy.words or taxonomy.categories
