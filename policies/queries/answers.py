"""What a policy answers to facts, grouped as people work: not to do, now, today, then, to consider."""

from dataclasses import dataclass
from datetime import datetime

from policies.engine.durations import Calendar, Unit
from policies.engine.evaluate import Decision
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack
from policies.engine.phrases import target_words
from policies.engine.vocabulary import Kind, OwnerRole, Strength
from policies.queries.documents import Titles, in_words


@dataclass(frozen=True)
class Answer:
    """One obligation as people read it; `due_at` is when it would be due if it began now, in UTC."""

    text: str
    who: str
    by_when: str
    due_at: datetime | None
    clause: str
    pack_id: str
    cited: str
    why: str
    # What has to be known before acting: what comes first, until when, unless.
    terms: tuple[str, ...]
    notes: tuple[str, ...]
    # Whether the clause stands in the school's own policy; whether that policy says nothing of it at all.
    is_own: bool
    is_silent: bool

    @property
    def because(self) -> str:
        """Why it is asked for, as the beginning of a sentence."""
        return "Asked for in every case" if self.why == "always" else f"Because {self.why}"


@dataclass(frozen=True)
class Group:
    """Answers that belong together."""

    key: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Answers:
    """Everything a policy answers, who may see the case, and who is told when something is missed."""

    groups: tuple[Group, ...]
    may_see: tuple[str, ...]
    escalation: tuple[str, ...]


_TITLES = {
    "must_not": "Do not",
    "now": "Now",
    "today": "By the end of the next school day",
    "then": "Then",
    "no_clock": "Also, without a time",
    "consider": "Decide, and write down why",
}
GATE_WORDS = {
    "police_advice": "until the police have advised",
    "police_request": "the police ask for it in writing",
    "deletion_confirmed": "until deleting is confirmed as allowed",
    "parents_unsafe_to_tell": "telling them would put a child at risk",
}
_RELATIVE = {"owner": "whoever owes it", "owner_deputy": "the deputy", "answers_to": "the role above"}


def answers_of(
    decision: Decision, packs: tuple[Pack, ...], titles: Titles, calendar: Calendar, at: datetime
) -> Answers:
    """Return a decision in words; `at` is the moment from which what is due would count."""
    cite = Citations(packs)
    texts = {one.key: one.text for one in decision.obligations}
    grouped: dict[str, list[Answer]] = {key: [] for key in _TITLES}
    for one in decision.obligations:
        if one.kind is not Kind.RESTRICT:
            grouped[_group(one)].append(_answer(one, cite, texts, titles, _due(one, calendar, at)))
    groups = [Group(key, _TITLES[key], tuple(found)) for key, found in grouped.items() if found]
    return Answers(
        groups=tuple(groups),
        may_see=tuple(titles.of(role) for role in decision.may_see),
        escalation=tuple(
            f"{_after(str(step.after) if step.after else '')}: {_told(step.notify, titles)}"
            for step in decision.escalation
        ),
    )


class Citations:
    """How a clause is cited to people: the school's own by its number, the law's by the document and its part."""

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self._own = packs[-1]
        self._titles = {(pack.id, clause.id): clause.title for pack in packs for clause in pack.clauses}

    def is_own(self, pack_id: str) -> bool:
        """Say whether a pack is the school's own policy."""
        return pack_id == self._own.id

    def of(self, pack_id: str, clause: str) -> str:
        """Return the words for a clause of a pack."""
        if self.is_own(pack_id):
            return f"{self._own.title}, {clause}"
        return self._titles.get((pack_id, clause)) or clause


def _due(one: Obligation, calendar: Calendar, at: datetime) -> datetime | None:
    """Return when it would be due; nothing for what is due at once or has no time."""
    if one.within is None or one.within.unit is Unit.IMMEDIATELY:
        return None
    return one.due_at(at, calendar)


def _group(one: Obligation) -> str:
    if one.strength is Strength.MUST_NOT:
        return "must_not"
    if one.strength is Strength.CONSIDER:
        return "consider"
    if one.within is None:
        return "no_clock"
    if one.within.unit is Unit.IMMEDIATELY:
        return "now"
    return "today" if one.within.rank <= (3, 0) else "then"


def _answer(one: Obligation, cite: Citations, texts: dict[str, str], titles: Titles, due: datetime | None) -> Answer:
    words = in_words(one, titles)
    return Answer(
        text=words.text,
        who=words.who,
        by_when=words.by_when,
        due_at=due,
        clause=one.clause,
        pack_id=one.pack,
        cited=cite.of(one.pack, one.clause),
        why=one.why,
        terms=tuple(_terms(one, texts)),
        notes=tuple(_notes(one, cite)),
        is_own=cite.is_own(one.pack),
        is_silent=one.silent_in_policy,
    )


def _terms(one: Obligation, texts: dict[str, str]) -> list[str]:
    terms = []
    if one.after:
        terms.append(f"Only after this: {texts.get(one.after, one.after)}.")
    if one.until:
        terms.append(f"This holds {GATE_WORDS[one.until]}.")
    if one.unless:
        terms.append(f"Unless {GATE_WORDS[one.unless]}.")
    if one.exception:
        terms.append(f"Exception: {one.exception}")
    if one.any_of:
        others = " or ".join(target_words(one.kind, word) for word in one.any_of if word != one.target)
        terms.append(f"Instead, this is enough: {others}.")
    return terms


def _notes(one: Obligation, cite: Citations) -> list[str]:
    notes = []
    for line in one.overrides:
        when = f", {line.within}" if line.within else ""
        strength = line.strength.key.replace("_", " ")
        notes.append(f"Also asked for: {cite.of(line.pack, line.clause)} ({strength}{when}).")
    return notes


def _after(words: str) -> str:
    return f"{words} after it was missed" if words else "As soon as it is missed"


def _told(notify: str, titles: Titles) -> str:
    return _RELATIVE.get(notify) or titles.of(OwnerRole(notify))
