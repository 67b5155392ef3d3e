"""Packs and facts drawn by Hypothesis, out of few words, so that lines meet and get in each other's way."""

from typing import Any

from hypothesis import strategies as st

from policies.engine.clauses import Clause
from policies.engine.conditions import ALWAYS, All, AllOf, AnyOf, AnyPart, AtLeast, Condition, Equals, Not
from policies.engine.durations import parse_within
from policies.engine.facts import ONE_OF, SOME_OF, YES_OR_NO, IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.packs import EscalationStep, Pack, PackRole, Rule
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


def one_question() -> st.SearchStrategy[Condition]:
    """Draw a question about one fact."""
    types, parts = st.frozensets(st.sampled_from(TYPES)), st.frozensets(st.sampled_from(PARTS))
    return st.one_of(
        st.builds(Equals, st.just("types"), st.sampled_from(TYPES)),
        st.builds(AnyOf, st.just("types"), types),
        st.builds(AllOf, st.just("types"), types),
        st.builds(AtLeast, st.sampled_from(["types", "alleged", "serious"]), st.integers(1, 2)),
        st.builds(AnyOf, st.just("alleged"), parts),
        st.builds(Equals, st.sampled_from(["serious", "exam_room"]), st.booleans()),
    )


def conditions(*, with_not: bool) -> st.SearchStrategy[Condition]:
    """Draw a condition; without `not` where it is for a floor."""

    def deeper(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, max_size=3).map(tuple)
        joined = st.one_of(st.builds(All, parts), st.builds(AnyPart, parts))
        return st.one_of(joined, st.builds(Not, inner)) if with_not else joined

    return st.one_of(st.just(ALWAYS), st.recursive(one_question(), deeper, max_leaves=4))


@st.composite
def lines(draw: st.DrawFn) -> Obligation:
    """Draw a line; now and then it forbids what others ask for."""
    key = draw(st.sampled_from(KEYS))
    within = draw(st.sampled_from(TIMES))
    fields: dict[str, Any] = {
        "owner": draw(st.sampled_from([None, *ROLES])),
        "within": within and parse_within(within),
        "clause": draw(st.sampled_from(CLAUSES)).id,
        "after": draw(st.sampled_from(AFTER)),
        "until": draw(st.sampled_from([None, *Gate])),
        "unless": draw(st.sampled_from([None, *Gate])),
        "exception": draw(st.sampled_from([None, "The head"])),
    }
    if not key.startswith(("forbid", "restrict")):
        fields["strength"] = draw(st.sampled_from([Strength.MUST] * 3 + list(Strength)))
    if key.startswith("notify"):
        target = key.partition(":")[2]
        fields["any_of"] = draw(st.sampled_from([(), tuple(sorted({target, "dsl", "slt"}))]))
    return line(key, **fields)


@st.composite
def rules(draw: st.DrawFn, *, with_not: bool) -> list[Rule]:
    """Draw a few rules with ids of their own."""
    drawn = draw(
        st.lists(st.tuples(conditions(with_not=with_not), st.lists(lines(), min_size=1, max_size=3)), max_size=5)
    )
    return [rule(f"rule-{number}", *then, when=when) for number, (when, then) in enumerate(drawn)]


@st.composite
def packs(draw: st.DrawFn, layer: Layer) -> Pack:
    """Draw a pack of a layer; a floor asks no `not`."""
    of_role = st.builds(
        PackRole, st.sampled_from(ROLES), st.just(""), may=st.sampled_from([frozenset(), frozenset({"incident.read"})])
    )
    steps = st.builds(EscalationStep, st.none(), st.sampled_from(["owner_deputy", *(role.value for role in ROLES)]))
    return pack(
        f"a-{layer.name.lower()}",
        *draw(rules(with_not=layer is not Layer.FLOOR)),
        layer=layer,
        clauses=CLAUSES,
        roles=tuple(draw(st.lists(of_role, max_size=4, unique_by=lambda role: role.key))),
        escalation=tuple(draw(st.lists(steps, max_size=2))),
    )


def layers() -> st.SearchStrategy[list[Pack]]:
    """Draw a floor, with or without what may stand on it."""
    return st.tuples(packs(Layer.FLOOR), st.lists(st.sampled_from(list(Layer)[1:]), unique=True)).flatmap(
        lambda drawn: st.tuples(st.just(drawn[0]), *(packs(layer) for layer in drawn[1])).map(list)
    )


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
    more: dict[str, Any] = {}
    for name, words in SOME_OF.items():
        if name != "alleged":
            more[name] = getattr(known, name) | draw(st.frozensets(st.sampled_from(list(words)), max_size=2))
    for name in (*ONE_OF, *sorted(YES_OR_NO)):
        if getattr(known, name) is None:
            more[name] = draw(st.sampled_from([None, *ONE_OF.get(name, (True, False))]))
    return IncidentFacts(**(vars(known) | more))
