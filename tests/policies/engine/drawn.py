"""Packs and facts drawn by Hypothesis, out of few words, so that lines meet and get in each other's way.

Lines and conditions are made beforehand, hundreds of them by a fixed chance, and drawn as they are: that is ten times
faster than drawing each of their words.
"""

import random
from typing import Any

from hypothesis import strategies as st

from policies.engine.clauses import Clause
from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.durations import parse_within
from policies.engine.facts import ONE_OF, SOME_OF, YES_OR_NO, IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.packs import EscalationStep, Pack, PackRole
from policies.engine.vocabulary import Gate, IncidentType, Layer, Met, OwnerRole, PartHolder, Strength
from tests.policies.engine.builders import line, pack, rule

TYPES = [IncidentType.NUDES, IncidentType.IIOC, IncidentType.STAFF_MISUSE]
PARTS = [
    PartHolder.PUPIL, PartHolder.HEADTEACHER, PartHolder.DSL, PartHolder.DEPUTY_DSL, PartHolder.CHAIR_OF_GOVERNORS,
    PartHolder.GOVERNOR, PartHolder.ICT, PartHolder.PARENT,
]  # fmt: skip
ROLES = [
    OwnerRole.HEADTEACHER, OwnerRole.DSL, OwnerRole.DEPUTY_DSL, OwnerRole.CHAIR_OF_GOVERNORS, OwnerRole.GOVERNORS,
    OwnerRole.ICT_TECHNICIAN, OwnerRole.SLT, OwnerRole.EVERYONE,
]  # fmt: skip
KEYS = [
    *(f"notify:{role.value}" for role in ROLES), "acknowledge:dsl", "consult:police", "consult:lado",
    "consult:other_setting_dsl", "refer:other_setting_dsl", "refer:police", "inform_parents:parents", "do:debrief",
    "do:delete_copies", "do:confirm_deletion_allowed", "forbid:delete_evidence", "forbid:share_beyond_school",
    "restrict:headteacher", "restrict:dsl,headteacher", "restrict:dsl,governors", "restrict:slt",
]  # fmt: skip
TIMES = [None, "immediately", "same school day", "24h", "1 working day", "5 days"]
AFTER = [None, None, "consult:police", "do:confirm_deletion_allowed", "notify:dsl"]
CLAUSES = tuple(Clause(str(number), "", "Words.", Met.ENFORCED) for number in range(1, 4))


def _line(chance: random.Random) -> Obligation:
    key, within = chance.choice(KEYS), chance.choice(TIMES)
    fields: dict[str, Any] = {
        "owner": chance.choice([None, *ROLES]),
        "within": within and parse_within(within),
        "clause": chance.choice(CLAUSES).id,
        "after": chance.choice(AFTER),
        "until": chance.choice([None, *Gate]),
        "unless": chance.choice([None, *Gate]),
        "exception": chance.choice([None, "The head"]),
    }
    if not key.startswith(("forbid", "restrict")):
        fields["strength"] = chance.choice([Strength.MUST] * 3 + list(Strength))
    if key.startswith("notify"):
        target = key.partition(":")[2]
        fields["any_of"] = chance.choice([(), tuple(sorted({target, "dsl", "slt"}))])
    return line(key, **fields)


def _condition(chance: random.Random, depth: int, *, with_not: bool) -> Condition:
    kind = chance.choice(["all", "any", "not", "fact", "fact", "fact", "always"]) if depth else "fact"
    if kind == "always":
        return ALWAYS
    if kind == "fact" or (kind == "not" and not with_not):
        return _of_fact(chance)
    if kind == "not":
        return Not(_condition(chance, depth - 1, with_not=with_not))
    parts = tuple(_condition(chance, depth - 1, with_not=with_not) for _ in range(chance.randrange(4)))
    return All(parts) if kind == "all" else AnyPart(parts)


def _of_fact(chance: random.Random) -> Condition:
    types = frozenset(chance.sample(TYPES, chance.randrange(4)))
    parts = frozenset(chance.sample(PARTS, chance.randrange(4)))
    several: list[Condition] = [
        Equals("types", chance.choice(TYPES)),
        AnyOf("types", types),
        AllOf("types", types),
        AtLeast(chance.choice(["types", "alleged", "serious"]), chance.randrange(1, 3)),
        AnyOf("alleged", parts),
        Equals(chance.choice(["serious", "exam_room"]), chance.random() < 0.7),
    ]
    drawn: Condition = chance.choice(several)
    return drawn


_CHANCE = random.Random(2026)
LINES = [_line(_CHANCE) for _ in range(800)]
PLAIN = [ALWAYS, *(_condition(_CHANCE, 3, with_not=False) for _ in range(200))]
WITH_NOT = [*PLAIN, *(_condition(_CHANCE, 3, with_not=True) for _ in range(200))]


def conditions(*, with_not: bool) -> st.SearchStrategy[Condition]:
    """Draw a condition; without `not` where it is for a floor."""
    return st.sampled_from(WITH_NOT if with_not else PLAIN)


@st.composite
def packs(draw: st.DrawFn, layer: Layer) -> Pack:
    """Draw a pack of a layer; a floor asks no `not`."""
    lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=4).map(tuple)
    rules = draw(st.lists(st.tuples(conditions(with_not=layer is not Layer.FLOOR), lines), max_size=6))
    reading = draw(st.frozensets(st.sampled_from(ROLES), max_size=4))
    named = draw(st.frozensets(st.sampled_from(ROLES), max_size=4))
    told = draw(st.lists(st.sampled_from(["owner_deputy", *(role.value for role in ROLES)]), max_size=2))
    may = {True: frozenset({"incident.read"}), False: frozenset({"report.read"})}
    return pack(
        f"a-{layer.name.lower()}",
        *(rule(f"rule-{number}", *then, when=when) for number, (when, then) in enumerate(rules)),
        layer=layer,
        clauses=CLAUSES,
        roles=tuple(PackRole(role, "", may=may[role in reading]) for role in sorted(reading | named)),
        escalation=tuple(EscalationStep(None, role) for role in told),
    )


@st.composite
def layers(draw: st.DrawFn) -> list[Pack]:
    """Draw a floor, with or without what may stand on it."""
    above = [layer for layer in (Layer.PARTNERSHIP, Layer.SCHOOL) if draw(st.booleans())]
    return [draw(packs(layer)) for layer in (Layer.FLOOR, *above)]


def of_few_words() -> st.SearchStrategy[IncidentFacts]:
    """Draw facts of the words that drawn packs ask about."""
    known = st.sampled_from([None, True, False])
    return st.builds(
        IncidentFacts,
        types=st.frozensets(st.sampled_from(TYPES)),
        alleged=st.frozensets(st.sampled_from(PARTS), max_size=3),
        serious=known,
        exam_room=known,
    )


def any_facts() -> st.SearchStrategy[IncidentFacts]:
    """Draw any facts whatever."""
    one = {name: st.sampled_from([None, *words]) for name, words in ONE_OF.items()}
    some = {name: st.frozensets(st.sampled_from(list(words)), max_size=3) for name, words in SOME_OF.items()}
    return st.builds(IncidentFacts, **one, **some, **dict.fromkeys(YES_OR_NO, st.sampled_from([None, True, False])))


@st.composite
def with_more(draw: st.DrawFn, known: IncidentFacts) -> IncidentFacts:
    """Draw facts that hold all that is known and something besides; who is alleged stays, since that moves things."""
    more: dict[str, Any] = {"types": known.types | draw(st.frozensets(st.sampled_from(TYPES)))}
    for name in ("serious", "exam_room"):
        if getattr(known, name) is None:
            more[name] = draw(st.sampled_from([None, True, False]))
    return IncidentFacts(**(vars(known) | more))
