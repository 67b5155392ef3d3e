"""The typed shape of a policy pack: a school's policy as data."""

from dataclasses import dataclass, field

from policies.engine.clauses import Clause
from policies.engine.conditions import Condition
from policies.engine.durations import Within
from policies.engine.obligations import Obligation
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import Layer, OwnerRole


@dataclass(frozen=True)
class PackRole:
    """A role as the policy names it: its local title, whom it answers to, its deputies, what it may do, and why."""

    key: OwnerRole
    title: str
    answers_to: OwnerRole | None = None
    deputies: tuple[OwnerRole, ...] = ()
    may: frozenset[str] = frozenset()
    clause: str = ""


@dataclass(frozen=True)
class Rule:
    """When it applies, and what it asks. Each line is an obligation as this pack alone would have it."""

    id: str
    clause: str
    when: Condition
    then: tuple[Obligation, ...]


@dataclass(frozen=True)
class Duty:
    """Something that comes round again. `every` is `1 year`, `1 term`, `1 month` or `1 week`, or several of them."""

    key: str
    do: str
    owner: OwnerRole
    every: str
    clause: str
    text: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class EscalationStep:
    """Who is told when a duty is missed, and how long after."""

    after: Within | None
    notify: str
    clause: str = ""


@dataclass(frozen=True)
class Closing:
    """Before which cases are closed a second person agrees: words of LEVELS and types. Without a clause, by default."""

    second_person: frozenset[str]
    clause: str = ""


@dataclass(frozen=True)
class Agreement:
    """A text that people sign, and how often."""

    kind: str
    audience: tuple[str, ...]
    clause: str
    renew: str = ""


@dataclass(frozen=True)
class Training:
    """Training that people take, and how often."""

    kind: str
    audience: tuple[str, ...]
    clause: str
    every: str = ""


@dataclass(frozen=True)
class Review:
    """When the policy itself is reviewed. `due` is a year and month, `2019-09`."""

    every: str = ""
    due: str = ""
    triggers: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, eq=False)
class Pack:
    """One edition of one policy. Compared by identity: a pack is loaded once and never changed."""

    id: str
    title: str
    edition: str
    layer: Layer
    extends: tuple[str, ...]
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    roles: tuple[PackRole, ...] = ()
    duties: tuple[Duty, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    closing: Closing | None = None
    agreements: tuple[Agreement, ...] = ()
    training: tuple[Training, ...] = ()
    review: Review = field(default_factory=Review)
    categories: tuple[Category, ...] = tuple(Category)
    category_maps: tuple[tuple[Category, Category], ...] = ()
    grace_minutes: int = 60
    # The source's headings by their numbers, in its order.
    sections: tuple[tuple[str, str], ...] = ()
    content_hash: str = ""
