"""Who receives what: two answers to one question, and questions that a policy leaves open."""

from collections.abc import Iterator

from policies.engine.conditions import All, AllOf, AnyOf, AnyPart, Condition, Equals, Not, is_met
from policies.engine.facts import IncidentFacts
from policies.engine.packs import Rule
from policies.engine.phrases import ROLE_WORDS
from policies.engine.vocabulary import Agency, IncidentType, Kind, OwnerRole, PartHolder
from policies.linting.findings import Finding, FindingKind, Subject
from policies.linting.witnesses import can_be_met

# A member of staff who holds indecent images is a concern about a member of staff: the two routes are one question.
_SAME_QUESTION = {"staff_possession": "staff_misuse"}
_QUESTIONS = {
    "staff_misuse": "a concern about a member of staff",
    "pupil_concern": "a concern about a pupil",
    "parent_conduct": "a concern about a parent",
}
_OTHER_TYPES = frozenset(IncidentType) - {IncidentType.STAFF_MISUSE}
_ONLY_STAFF_MISUSE = All((Equals("types", IncidentType.STAFF_MISUSE), Not(AnyOf("types", _OTHER_TYPES))))
_MISUSE = IncidentFacts(types=frozenset({IncidentType.STAFF_MISUSE}))
_OTHERWISE = IncidentFacts(types=frozenset({IncidentType.OTHER}))
_TELLS = (Kind.NOTIFY, Kind.ACKNOWLEDGE)
_ASKS = (Kind.CONSULT, Kind.REFER)


def contradictory_routes(subject: Subject) -> Iterator[Finding]:
    """Yield every rule that sends the same concern to other people than an earlier rule does, where both apply."""
    routes = {rule.id: rule.route for rule in subject.source.rules if rule.route}
    earlier: dict[str, list[Rule]] = {}
    for rule in subject.pack.rules:
        question = _SAME_QUESTION.get(routes.get(rule.id, ""), routes.get(rule.id, ""))
        if not question or not receivers(rule):
            continue
        others = [other for other in earlier.setdefault(question, []) if _contradict(other, rule)]
        earlier[question].append(rule)
        if others:
            yield subject.finding(FindingKind.CONTRADICTORY_ROUTES, rule.clause, _said(question, rule, others))


def receivers(rule: Rule) -> frozenset[str]:
    """Return the roles that a rule tells, or one of which it tells, and whoever has to ask the LADO."""
    found: set[str] = set()
    for line in rule.then:
        if line.kind in _TELLS:
            found |= {line.target, *line.any_of}
        elif line.kind in _ASKS and line.target == Agency.LADO and line.owner:
            found.add(line.owner.value)
    return frozenset(found)


def _contradict(one: Rule, other: Rule) -> bool:
    if receivers(one) == receivers(other):
        return False
    return one.clause != other.clause and can_be_met(All((one.when, other.when)))


def _said(question: str, rule: Rule, others: list[Rule]) -> str:
    about = _QUESTIONS.get(question, question.replace("_", " "))
    elsewhere = "; ".join(f"in {other.clause} to {_named(other)}" for other in others)
    return f"Sends {about} to {_named(rule)}; {elsewhere}. Both are followed until one is changed."


def _named(rule: Rule) -> str:
    joint = " or " if any(line.any_of for line in rule.then if line.kind in _TELLS) else " and "
    return joint.join(ROLE_WORDS[OwnerRole(role)] for role in sorted(receivers(rule)))


def missing_routes(subject: Subject) -> Iterator[Finding]:
    """Yield a finding each where no rule says who receives an allegation about the head, or about the DSL."""
    for kind, holder, role in (
        (FindingKind.MISSING_ROUTE_HEAD, PartHolder.HEADTEACHER, OwnerRole.HEADTEACHER),
        (FindingKind.MISSING_ROUTE_DSL, PartHolder.DSL, OwnerRole.DSL),
    ):
        if not any(_goes_past(rule, holder, role) for rule in subject.pack.rules):
            text = f"Does not say who receives an allegation about {ROLE_WORDS[role]}."
            yield subject.finding(kind, _staff_clause(subject), text)


def _goes_past(rule: Rule, holder: PartHolder, role: OwnerRole) -> bool:
    return _singles_out(rule.when, holder) and any(
        (line.kind in _TELLS and role.value not in (line.target, *line.any_of))
        or (line.kind in _ASKS and line.owner not in (None, role))
        for line in rule.then
    )


def _singles_out(condition: Condition, holder: PartHolder) -> bool:
    """Say whether a condition asks for this person as the alleged one, and not for just anybody on the staff."""
    if isinstance(condition, All | AnyPart):
        return any(_singles_out(part, holder) for part in condition.parts)
    if isinstance(condition, Equals):
        return condition.fact == "alleged" and condition.value == holder
    if isinstance(condition, AnyOf | AllOf):
        return condition.fact == "alleged" and holder in condition.values and PartHolder.STAFF not in condition.values
    return False


def missing_lado(subject: Subject) -> Iterator[Finding]:
    """Yield one finding where misuse by staff never leads to the local authority designated officer."""
    for rule in subject.pack.rules:
        asks = any(line.kind in _ASKS and Agency.LADO in (line.target, *line.any_of) for line in rule.then)
        if asks and can_be_met(All((rule.when, _ONLY_STAFF_MISUSE))):
            return
    text = "Misuse by a member of staff never leads to the local authority designated officer (LADO)."
    yield subject.finding(FindingKind.MISSING_LADO, _staff_clause(subject), text)


def _staff_clause(subject: Subject) -> str:
    """Return the clause of the first rule that answers misuse by staff in particular; nothing where there is none."""
    routes = {rule.id for rule in subject.source.rules if rule.route == "staff_misuse"}
    about = [rule for rule in subject.pack.rules if is_met(rule.when, _MISUSE) and not is_met(rule.when, _OTHERWISE)]
    return next((rule.clause for rule in sorted(about, key=lambda rule: rule.id not in routes)), "")
