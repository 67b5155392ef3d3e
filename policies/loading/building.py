"""Turns a pack's file, once its shape is right, into the engine's pack, and says what else is wrong with it."""

from collections import Counter
from dataclasses import replace

from policies.engine.clauses import Clause
from policies.engine.conditions import in_words, uses_not
from policies.engine.durations import Within
from policies.engine.packs import Agreement, Closing, Duty, EscalationStep, Pack, Review, Rule, Training
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import LEVELS, RELATIVE_RECIPIENTS, Deed, IncidentType, Layer, Met, OwnerRole
from policies.loading.citations import check_citations, cited, enforcers, known
from policies.loading.conditions import read_condition
from policies.loading.demands import read_demand
from policies.loading.faults import Faults, shown
from policies.loading.fields import ClauseSource, PackSource, RuleSource
from policies.loading.roles import read_roles
from policies.loading.sequences import check_sequences
from policies.loading.words import duration, edition, interval, month, role, whole_number, word

# Whoever wrote a case down does not see it, and what was missed is not everybody's to know.
_NOBODY_TO_TELL = (OwnerRole.EVERYONE, OwnerRole.REPORTER)
_LAYERS = {"floor": Layer.FLOOR, "partnership": Layer.PARTNERSHIP, "school": Layer.SCHOOL}


def build(source: PackSource, *, file: str, content_hash: str) -> Pack:
    """Return the pack; raise PackInvalid with every fault at once."""
    faults = Faults(file)
    _no_doubles(source, faults)
    check_citations(source, faults)
    _check_editions(source, faults)
    pack = Pack(
        id=source.pack,
        title=source.title,
        edition=month(source.edition, "edition", faults),
        layer=_LAYERS[source.layer],
        extends=tuple(source.extends),
        clauses=_clauses(source, faults),
        rules=tuple(_rule(source, rule, f"rules[{rule.id}]", faults) for rule in source.rules),
        roles=read_roles(source, faults),
        duties=_duties(source, faults),
        escalation=_escalation(source, faults),
        closing=_closing(source, faults),
        agreements=_agreements(source, faults),
        training=_training(source, faults),
        review=_review(source, faults),
        categories=_categories(source, faults),
        category_maps=_maps(source, faults),
        grace_minutes=whole_number(source.grace, "grace", faults, least=0),
        sections=tuple((section.id, section.title) for section in source.sections),
        content_hash=content_hash,
    )
    check_sequences(source, faults)
    _floor_uses_no_not(pack, faults)
    faults.raise_any()
    return pack


def _no_doubles(source: PackSource, faults: Faults) -> None:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("clauses", [clause.id for clause in source.clauses]),
        ("sections", [section.id for section in source.sections]),
        ("rules", [rule.id for rule in source.rules]),
        ("roles", [role.key for role in source.roles]),
        ("duties", [duty.key for duty in source.duties]),
        ("extends", list(source.extends)),
    )
    for name, ids in lists:
        for one, times in Counter(ids).items():
            if times > 1:
                faults.add(f"{name}[{one}]", f"stands {times} times. Keep one of them.", None)


def _check_editions(source: PackSource, faults: Faults) -> None:
    for number, mention in enumerate(source.mentions):
        edition(mention.edition, f"mentions[{number}].edition", faults)
    for number, current in enumerate(source.current):
        edition(current.edition, f"current[{number}].edition", faults)


def _clauses(source: PackSource, faults: Faults) -> tuple[Clause, ...]:
    by = enforcers(source)
    return tuple(_clause(clause, by.get(clause.id, []), faults) for clause in source.clauses)


def _clause(clause: ClauseSource, standing: list[str], faults: Faults) -> Clause:
    path = f"clauses[{clause.id}]"
    met = word(Met, clause.met, f"{path}.met", faults, Met.GUIDANCE)
    by = tuple(dict.fromkeys([*standing, *clause.by]))
    if met in (Met.ENFORCED, Met.RECORDED) and not by:
        sentence = f"is said to be {met.value}, and nothing in this pack does it. Name what does under `by`."
        faults.add(path, sentence, None)
    if met is Met.OUTSIDE and not clause.reason:
        faults.add(path, "lies outside the system and gives no reason. Say why under `reason`.", None)
    return Clause(clause.id, clause.title, clause.says, met, by, clause.reason, clause.mark)


def _rule(source: PackSource, rule: RuleSource, path: str, faults: Faults) -> Rule:
    cited(source, rule.clause, path, faults)
    when = read_condition(rule.when, f"{path}.when", faults)
    why = in_words(when)
    then = []
    for number, line in enumerate(rule.then):
        place = f"{path}.then[{number}]"
        demand = read_demand(line, place, faults, pack=source.pack, clause=rule.clause, why=why)
        if demand.clause != rule.clause:
            known(source, demand.clause, place, faults)
        then.append(replace(demand, rule=rule.id))
    return Rule(id=rule.id, clause=rule.clause, when=when, then=tuple(then))


def _duties(source: PackSource, faults: Faults) -> tuple[Duty, ...]:
    duties = []
    for duty in source.duties:
        path = f"duties[{duty.key}]"
        if duty.do not in {deed.value for deed in Deed} and not duty.text:
            faults.add(
                f"{path}.text", f"is needed, because {shown(duty.do)} is not one of the contract's own words.", None
            )
        duties.append(
            Duty(
                key=duty.key,
                do=duty.do,
                owner=role(duty.owner, f"{path}.owner", faults),
                every=interval(duty.every, f"{path}.every", faults),
                clause=cited(source, duty.clause, path, faults),
                text=duty.text,
                evidence=duty.evidence,
            )
        )
    return tuple(duties)


def _agreements(source: PackSource, faults: Faults) -> tuple[Agreement, ...]:
    read = []
    for one in source.agreements:
        path = f"agreements[{one.kind}]"
        clause = cited(source, one.clause, path, faults)
        read.append(Agreement(one.kind, tuple(one.audience), clause, interval(one.renew, f"{path}.renew", faults)))
    return tuple(read)


def _training(source: PackSource, faults: Faults) -> tuple[Training, ...]:
    read = []
    for one in source.training:
        path = f"training[{one.kind}]"
        clause = cited(source, one.clause, path, faults)
        read.append(Training(one.kind, tuple(one.audience), clause, interval(one.every, f"{path}.every", faults)))
    return tuple(read)


def _escalation(source: PackSource, faults: Faults) -> tuple[EscalationStep, ...]:
    steps = []
    allowed = [*sorted(RELATIVE_RECIPIENTS), *(role.value for role in OwnerRole if role not in _NOBODY_TO_TELL)]
    for number, step in enumerate(source.escalation):
        path = f"escalation[{number}]"
        if step.notify not in allowed:
            faults.add(f"{path}.notify", f"cannot be {shown(step.notify)}. Allowed: {', '.join(allowed)}.", None)
        steps.append(EscalationStep(_delay(step.after, f"{path}.after", faults), step.notify, step.clause))
    return tuple(steps)


def _delay(text: str, path: str, faults: Faults) -> Within | None:
    return None if text == "0h" else duration(text, path, faults)


def _closing(source: PackSource, faults: Faults) -> Closing | None:
    if source.closing is None:
        return None
    words = source.closing.second_person
    allowed = [*LEVELS, *(kind.value for kind in IncidentType)]
    for unknown in sorted(set(words) - set(allowed)):
        faults.add("closing.second_person", f"cannot hold {shown(unknown)}. Allowed: {', '.join(allowed)}.", None)
    return Closing(frozenset(words), cited(source, source.closing.clause, "closing", faults))


def _review(source: PackSource, faults: Faults) -> Review:
    given = source.review
    if given is None:
        return Review()
    return Review(
        every=interval(given.every, "review.every", faults),
        due=month(given.due, "review.due", faults),
        triggers=tuple(given.triggers),
        clause=given.clause,
    )


def _category(value: str, path: str, faults: Faults) -> Category:
    return word(Category, value, path, faults, Category.CONTENT)


def _categories(source: PackSource, faults: Faults) -> tuple[Category, ...]:
    for number, other in enumerate(source.also_categories):
        for one in other.categories:
            _category(one, f"also_categories[{number}].categories", faults)
    if source.taxonomy is None:
        return tuple(Category)
    return tuple(_category(one, "taxonomy.categories", faults) for one in source.taxonomy.categories)


def _maps(source: PackSource, faults: Faults) -> tuple[tuple[Category, Category], ...]:
    if source.taxonomy is None:
        return ()
    pairs = source.taxonomy.maps.items()
    path = "taxonomy.maps"
    return tuple((_category(old, path, faults), _category(new, path, faults)) for old, new in pairs)


def _floor_uses_no_not(pack: Pack, faults: Faults) -> None:
    if pack.layer is not Layer.FLOOR:
        return
    for rule in pack.rules:
        if uses_not(rule.when):
            sentence = "uses not. The floor never does: a new fact must not drop a duty."
            faults.add(f"rules[{rule.id}].when", sentence, None)
