"""What another edition of the policy would ask of cases that are still open."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import School
from incidents.access import unfinished_cases
from incidents.facts import facts_for
from incidents.models import Incident
from policies.engine.evaluate import evaluate
from policies.engine.facts import IncidentFacts
from policies.engine.obligations import Obligation
from policies.engine.vocabulary import Strength
from policies.models import PackAdoption
from policies.queries.packs import adoption_in_force, packs_of


@dataclass(frozen=True)
class Judgement:
    """One open case, the adoption in force now, and what changes: keys such as `consult:lado`, in order."""

    incident: Incident
    adoption: PackAdoption
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]


def judgements_due(school: School, *, at: datetime) -> list[Judgement]:
    """Return the open cases of a school that were judged by another edition than the one in force, oldest first."""
    current = adoption_in_force(school, at=at)
    if current is None:
        return []
    older = unfinished_cases(school).exclude(adoption=current)
    cases = list(older.select_related("adoption__edition", "school").order_by("logged_at", "id"))
    return [_judgement(case, current, facts) for case, facts in facts_for(cases).items()]


def _judgement(case: Incident, current: PackAdoption, facts: IncidentFacts) -> Judgement:
    before, after = _asked(case.adoption, facts), _asked(current, facts)
    both = before.keys() & after.keys()
    return Judgement(
        incident=case,
        adoption=current,
        added=tuple(sorted(_name(key) for key in after.keys() - before.keys())),
        dropped=tuple(sorted(_name(key) for key in before.keys() - after.keys())),
        changed=tuple(sorted(_name(key) for key in both if _differs(before[key], after[key]))),
    )


def _asked(adoption: PackAdoption, facts: IncidentFacts) -> dict[tuple[str, bool], Obligation]:
    asked = evaluate(packs_of(adoption), facts).obligations
    return {(one.key, one.strength is Strength.MUST_NOT): one for one in asked}


def _name(key: tuple[str, bool]) -> str:
    return key[0]


def _differs(before: Obligation, after: Obligation) -> bool:
    """Say whether strength, owner, time or gates differ; the same asked for by another clause is the same."""
    return _terms(before) != _terms(after)


def _terms(one: Obligation) -> tuple[object, ...]:
    return one.strength, one.owner, one.within, one.any_of, one.after, one.until, one.unless
