"""What every decision must keep, whatever the packs and the facts. Each check says what is broken, or nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from policies.engine.conditions import is_met
from policies.engine.durations import parse_within
from policies.engine.evaluate import Decision
from policies.engine.facts import IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack
from policies.engine.vocabulary import Gate, Kind, OwnerRole, PartHolder, Strength

# Told apart from the engine's own table on purpose: who is accused may hold which of our roles.
HELD_BY = {
    PartHolder.HEADTEACHER: {"headteacher"},
    PartHolder.DSL: {"dsl"},
    PartHolder.DEPUTY_DSL: {"deputy_dsl"},
    PartHolder.ONLINE_SAFETY_LEAD: {"online_safety_lead"},
    PartHolder.CHAIR_OF_GOVERNORS: {"chair_of_governors", "governors"},
    PartHolder.GOVERNOR: {"safeguarding_governor"},
    PartHolder.ICT: {"ict_technician", "network_manager"},
}
HELD_BACK = {
    "do:delete_copies": "forbid:delete_evidence",
    "refer:other_setting_dsl": "forbid:share_beyond_school",
    "consult:other_setting_dsl": "forbid:share_beyond_school",
}
GATES = {Gate.POLICE_ADVICE: "consult:police", Gate.DELETION_CONFIRMED: "do:confirm_deletion_allowed"}
USUAL_GATES = {
    "forbid:delete_evidence": "do:confirm_deletion_allowed",
    "forbid:share_beyond_school": "consult:police",
}
ROLE_KINDS = (Kind.NOTIFY, Kind.ACKNOWLEDGE, Kind.RESTRICT)


def asked_by(packs: Iterable[Pack], facts: IncidentFacts) -> list[Obligation]:
    """Return every line of every rule that fires, plainly."""
    return [line for pack in packs for rule in pack.rules if is_met(rule.when, facts) for line in rule.then]


def bans(obligations: Iterable[Obligation]) -> dict[str, Obligation]:
    """Return what is forbidden, by key."""
    return {one.key: one for one in obligations if one.strength is Strength.MUST_NOT}


def asks(obligations: Iterable[Obligation]) -> dict[str, Obligation]:
    """Return what is asked for, by key."""
    return {one.key: one for one in obligations if one.strength is not Strength.MUST_NOT}


def musts(obligations: Iterable[Obligation]) -> set[str]:
    """Return the keys of what must be done."""
    return {one.key for one in obligations if one.strength is Strength.MUST}


def reached(decision: Decision) -> list[str]:
    """Return every role that owns something, is told something, or may see the case."""
    found: list[str] = [role.value for role in decision.may_see]
    found += [step.notify for step in decision.escalation]
    for one in decision.obligations:
        found += [one.owner.value] if one.owner else []
        if one.kind in ROLE_KINDS and one.strength is not Strength.MUST_NOT:
            found += [*one.target.split(","), *one.any_of]
    return found


def broken(packs: Sequence[Pack], facts: IncidentFacts, decision: Decision) -> list[str]:
    """Return what this decision breaks of what every decision promises."""
    accused = set().union(*(HELD_BY.get(holder, set()) for holder in facts.alleged))
    found = [f"{role} is said to have done it, and is reached" for role in sorted(accused & set(reached(decision)))]
    if not decision.may_see:
        found.append("nobody may see it")
    found += [
        f"{one.key} has no owner or no recipient" for one in decision.obligations if not (one.owner and one.target)
    ]
    keys = [(one.key, one.strength is Strength.MUST_NOT) for one in decision.obligations]
    if len(set(keys)) != len(keys):
        found.append("something stands twice")
    return found + _not_held_back(packs, facts, decision) + _not_cited(packs, decision)


def _not_held_back(packs: Sequence[Pack], facts: IncidentFacts, decision: Decision) -> list[str]:
    forbidden, asked = bans(decision.obligations), asks(decision.obligations)
    found = [f"{key} is no longer forbidden" for key in bans(asked_by(packs, facts)) if key not in forbidden]
    for key, one in asked.items():
        waits_for = asked.get(one.after) if one.after else None
        if one.after and not waits_for:
            found.append(f"{key} waits for {one.after}, which nobody is asked for")
        # What has moved to where something else was asked for may bind more than it did when its gate was seen to.
        if waits_for and waits_for.strength < one.strength and not any(holder in HELD_BY for holder in facts.alleged):
            found.append(f"{key} waits for {one.after}, which binds less")
        # The engine goes by the key before it moves; these keys never do.
        ban = forbidden.get(HELD_BACK.get(key, ""))
        gate = GATES.get(ban.until, USUAL_GATES[ban.key]) if ban and ban.until else ban and USUAL_GATES[ban.key]
        others = {GATES.get(same.until) for same in [forbidden.get(key)] if same and same.until}
        if gate and one.after not in {gate, *others}:
            found.append(f"{key} does not wait for {gate}")
    return found


def _not_cited(packs: Sequence[Pack], decision: Decision) -> list[str]:
    clauses = {(pack.id, clause.id) for pack in packs for clause in pack.clauses}
    cited = [(one.key, one.pack, one.clause) for one in decision.obligations]
    cited += [(one.key, line.pack, line.clause) for one in decision.obligations for line in one.overrides]
    return [f"{key} cites {clause} of {pack}" for key, pack, clause in cited if (pack, clause) not in clauses]


def misshapen(printed: dict[str, Any]) -> list[str]:
    """Return what of a printed decision is not of the contract's shape."""
    words = {
        "kind": str, "target": str, "any_of": list, "owner": str, "strength": str, "within": str, "clause": str,
        "pack": str, "text": str, "why": str, "after": str, "until": str, "unless": str, "exception": str,
        "evidence": str, "silent_in_policy": bool, "overrides": list,
    }  # fmt: skip
    may_be_null = {"within", "after", "until", "unless", "exception", "evidence"}
    found = [f"{key} is missing" for key in ("pack", "edition", "layers") if not printed[key]]
    found += ["access"] if set(printed["access"]) != {"may_see", "never"} else []
    found += [f"escalation {step}" for step in printed["escalation"] if set(step) != {"after", "notify"}]
    for one in printed["obligations"]:
        if set(one) != set(words):
            found.append(f"the words of {one}")
        for word, shape in words.items():
            is_list = word == "target" and one["kind"] == "restrict"
            is_right = isinstance(one[word], list if is_list else shape) or (word in may_be_null and one[word] is None)
            found += [] if is_right else [f"{word} of {one}"]
        found += [] if one["strength"] in ("must", "consider", "must_not") else [f"strength of {one}"]
        found += [] if one["owner"] in set(OwnerRole) and one["kind"] in set(Kind) else [f"owner or kind of {one}"]
        for line in one["overrides"]:
            found += [] if set(line) == {"pack", "clause", "strength", "within"} else [f"override {line}"]
        times = [line["within"] for line in (one, *one["overrides"]) if line["within"]]
        found += [] if all(str(parse_within(time)) == time for time in times) else [f"times of {one}"]
    return found
