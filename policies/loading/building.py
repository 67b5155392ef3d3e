"""Turns a pack's file, once its shape is right, into the engine's pack, and says what else is wrong with it."""

import re
from collections import Counter
from enum import StrEnum
from typing import Any, TypeVar

from policies.engine.clauses import Clause
from policies.engine.conditions import in_words, uses_not
from policies.engine.durations import Within, parse_within
from policies.engine.packs import (
    Agreement,
    Duty,
    EscalationStep,
    Pack,
    PackRole,
    Review,
    Rule,
    Training,
)
from policies.engine.taxonomy import Category
from policies.engine.vocabulary import CAPABILITIES, RELATIVE_RECIPIENTS, Deed, Layer, Met, OwnerRole
from policies.loading.conditions import read_condition
from policies.loading.demands import read_demand
from policies.loading.faults import Faults
from policies.loading.fields import ClauseSource, PackSource, RuleSource

Word = TypeVar("Word", bound=StrEnum)
_EVERY = re.compile(r"(?:[1-9]\d? (?:year|term|month|week)s?)")
_DUE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_LAYERS = {"floor": Layer.FLOOR, "partnership": Layer.PARTNERSHIP, "school": Layer.SCHOOL}


def build(source: PackSource, *, file: str, content_hash: str) -> Pack:
    """Return the pack; raise PackInvalid with every fault at once."""
    faults = Faults(file)
    _no_doubles(source, faults)
    pack = Pack(
        id=source.pack,
        title=source.title,
        edition=source.edition,
        layer=_LAYERS[source.layer],
        extends=tuple(source.extends),
        clauses=_clauses(source, faults),
        rules=tuple(_rule(source, rule, f"rules[{rule.id}]", faults) for rule in source.rules),
        roles=_roles(source, faults),
        duties=_duties(source, faults),
        escalation=_escalation(source, faults),
        agreements=tuple(
            Agreement(
                one.kind,
                tuple(one.audience),
                _cited(source, one.clause, f"agreements[{one.kind}]", faults),
                _every(one.renew, f"agreements[{one.kind}].renew", faults),
            )
            for one in source.agreements
        ),
        training=tuple(
            Training(
                one.kind,
                tuple(one.audience),
                _cited(source, one.clause, f"training[{one.kind}]", faults),
                _every(one.every, f"training[{one.kind}].every", faults),
            )
            for one in source.training
        ),
        review=_review(source, faults),
        categories=_categories(source, faults),
        category_maps=_maps(source, faults),
        grace_minutes=_grace(source, faults),
        sections=tuple((section.id, section.title) for section in source.sections),
        content_hash=content_hash,
    )
    _floor_uses_no_not(pack, faults)
    faults.raise_any()
    return pack


def _word(words: type[Word], value: str, path: str, faults: Faults, instead: Word) -> Word:
    allowed = [word.value for word in words]
    if value in allowed:
        return words(value)
    return faults.add(path, f"cannot be {value!r}. Allowed: {', '.join(allowed)}.", instead)


def _role(value: str, path: str, faults: Faults) -> OwnerRole:
    return _word(OwnerRole, value, path, faults, OwnerRole.DSL)


def _cited(source: PackSource, clause: str, path: str, faults: Faults) -> str:
    """Return the clause's id; every line of a school's or partnership's pack cites a clause of that pack."""
    if not clause:
        return faults.add(path, "cites no clause. Name the clause it stands on.", "")
    if clause not in {known.id for known in source.clauses}:
        return faults.add(path, f"cites the clause {clause!r}, which is not in this pack.", clause)
    return clause


def _no_doubles(source: PackSource, faults: Faults) -> None:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("clauses", [clause.id for clause in source.clauses]),
        ("rules", [rule.id for rule in source.rules]),
        ("roles", [role.key for role in source.roles]),
        ("duties", [duty.key for duty in source.duties]),
    )
    for name, ids in lists:
        for one, times in Counter(ids).items():
            if times > 1:
                faults.add(f"{name}[{one}]", f"stands {times} times. Keep one of them.", None)


def _clauses(source: PackSource, faults: Faults) -> tuple[Clause, ...]:
    enforcers = _enforcers(source)
    return tuple(_clause(clause, enforcers.get(clause.id, []), faults) for clause in source.clauses)


def _enforcers(source: PackSource) -> dict[str, list[str]]:
    """Return, by clause, what in this pack stands on it."""
    by: dict[str, list[str]] = {}
    for rule in source.rules:
        for clause in {rule.clause, *(str(line.get("clause") or rule.clause) for line in rule.then)}:
            by.setdefault(clause, []).append(f"rule:{rule.id}")
    named: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("duty", [(duty.key, duty.clause) for duty in source.duties]),
        ("agreement", [(one.kind, one.clause) for one in source.agreements]),
        ("training", [(one.kind, one.clause) for one in source.training]),
        ("role", [(role.key, role.clause) for role in source.roles]),
        ("escalation", [(step.notify, step.clause) for step in source.escalation]),
        ("review", [("policy", source.review.clause)] if source.review else []),
    )
    for kind, pairs in named:
        for key, clause in pairs:
            by.setdefault(clause, []).append(f"{kind}:{key}")
    return by


def _clause(clause: ClauseSource, enforcers: list[str], faults: Faults) -> Clause:
    path = f"clauses[{clause.id}]"
    met = _word(Met, clause.met, f"{path}.met", faults, Met.GUIDANCE)
    by = tuple(dict.fromkeys([*enforcers, *clause.by]))
    if met in (Met.ENFORCED, Met.RECORDED) and not by:
        faults.add(
            path, f"is said to be {met.value}, and nothing in this pack does it. Name what does under `by`.", None
        )
    if met is Met.OUTSIDE and not clause.reason:
        faults.add(path, "lies outside the system and gives no reason. Say why under `reason`.", None)
    return Clause(clause.id, clause.title, clause.says, met, by, clause.reason, clause.mark)


def _rule(source: PackSource, rule: RuleSource, path: str, faults: Faults) -> Rule:
    when = read_condition(rule.when, f"{path}.when", faults)
    why = in_words(when)
    then = []
    for number, line in enumerate(rule.then):
        place = f"{path}.then[{number}]"
        demand = read_demand(line, place, faults, pack=source.pack, clause=rule.clause, why=why)
        _cited(source, demand.clause, place, faults)
        then.append(demand)
    return Rule(id=rule.id, clause=rule.clause, when=when, then=tuple(then))


def _roles(source: PackSource, faults: Faults) -> tuple[PackRole, ...]:
    roles = []
    for role in source.roles:
        path = f"roles[{role.key}]"
        unknown = sorted(set(role.may) - CAPABILITIES)
        if unknown:
            faults.add(f"{path}.may", f"cannot hold {unknown[0]!r}. Allowed: {', '.join(sorted(CAPABILITIES))}.", None)
        if role.clause:
            _cited(source, role.clause, path, faults)
        roles.append(
            PackRole(
                key=_role(role.key, f"{path}.key", faults),
                title=role.title,
                answers_to=_role(role.answers_to, f"{path}.answers_to", faults) if role.answers_to else None,
                deputies=tuple(_role(one, f"{path}.deputies", faults) for one in role.deputies),
                may=frozenset(role.may),
                clause=role.clause,
            )
        )
    return tuple(roles)


def _duties(source: PackSource, faults: Faults) -> tuple[Duty, ...]:
    duties = []
    for duty in source.duties:
        path = f"duties[{duty.key}]"
        if duty.do not in {deed.value for deed in Deed} and not duty.text:
            faults.add(f"{path}.text", "is needed where `do` is not one of the contract's own words.", None)
        duties.append(
            Duty(
                key=duty.key,
                do=duty.do,
                owner=_role(duty.owner, f"{path}.owner", faults),
                every=_every(duty.every, f"{path}.every", faults),
                clause=_cited(source, duty.clause, path, faults),
                text=duty.text,
                evidence=duty.evidence,
            )
        )
    return tuple(duties)


def _escalation(source: PackSource, faults: Faults) -> tuple[EscalationStep, ...]:
    steps = []
    allowed = [*sorted(RELATIVE_RECIPIENTS), *(role.value for role in OwnerRole)]
    for number, step in enumerate(source.escalation):
        path = f"escalation[{number}]"
        if step.notify not in allowed:
            faults.add(f"{path}.notify", f"cannot be {step.notify!r}. Allowed: {', '.join(allowed)}.", None)
        steps.append(EscalationStep(_delay(step.after, f"{path}.after", faults), step.notify, step.clause))
    return tuple(steps)


def _delay(text: str, path: str, faults: Faults) -> Within | None:
    if text == "0h":
        return None
    try:
        return parse_within(text)
    except ValueError as fault:
        return faults.add(path, str(fault), None)


def _every(text: str, path: str, faults: Faults) -> str:
    if not text or _EVERY.fullmatch(text):
        return text
    return faults.add(path, f"{text!r} is not an interval. Allowed: 1 year, 1 term, 1 month, 1 week, or several.", "")


def _review(source: PackSource, faults: Faults) -> Review:
    given = source.review
    if given is None:
        return Review()
    if given.due and not _DUE.fullmatch(given.due):
        faults.add("review.due", f"must be a year and a month such as 2019-09, not {given.due!r}.", None)
    return Review(
        every=_every(given.every, "review.every", faults),
        due=given.due,
        triggers=tuple(given.triggers),
        clause=given.clause,
    )


def _category(value: Any, path: str, faults: Faults) -> Category:
    return _word(Category, str(value), path, faults, Category.CONTENT)


def _categories(source: PackSource, faults: Faults) -> tuple[Category, ...]:
    if source.taxonomy is None:
        return tuple(Category)
    return tuple(_category(one, "taxonomy.categories", faults) for one in source.taxonomy.categories)


def _maps(source: PackSource, faults: Faults) -> tuple[tuple[Category, Category], ...]:
    if source.taxonomy is None:
        return ()
    pairs = source.taxonomy.maps.items()
    path = "taxonomy.maps"
    return tuple((_category(old, path, faults), _category(new, path, faults)) for old, new in pairs)


def _grace(source: PackSource, faults: Faults) -> int:
    if source.grace.isdigit():
        return int(source.grace)
    return faults.add("grace", f"must be a number of minutes, not {source.grace!r}.", 60)


def _floor_uses_no_not(pack: Pack, faults: Faults) -> None:
    if pack.layer is not Layer.FLOOR:
        return
    for rule in pack.rules:
        if uses_not(rule.when):
            faults.add(
                f"rules[{rule.id}].when", "uses not. The floor never does: a new fact must not drop a duty.", None
            )
