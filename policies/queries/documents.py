"""A policy as people read it: section by section, each clause with how it is met, rules in words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import School
from accounts.permissions import Permission
from accounts.roles import Role
from policies.engine.clauses import Clause
from policies.engine.obligations import Obligation
from policies.engine.packs import Duty, Pack, Rule
from policies.engine.phrases import DEED_WORDS, ROLE_WORDS, default_text
from policies.engine.vocabulary import Deed, Kind, Met, OwnerRole, Strength
from policies.loading.means import WORDS_OF_MEANS

MET_WORDS = {
    Met.ENFORCED: ("Enforced", "The system asks for it, by when and of whom."),
    Met.RECORDED: ("Recorded", "A register shows whether it was done."),
    Met.GUIDANCE: ("Guidance", "Shown to people at the moment it matters."),
    Met.OUTSIDE: ("Outside", "Nothing that a system for cases can see. The reason is given."),
}
_NUMBER = re.compile(r"-[\d.]+$")
_ROLES = {role.value for role in Role}
_CAPABILITIES = {
    "filtering.read": "read reports of what the filter let through or blocked",
    "incident.seal": "close a case to everybody who is not named on it",
    "report.read": "read the reports to governors",
}
_SHORT = {
    "dsl": "for the Designated Safeguarding Lead",
    "kcsie": "Keeping children safe in education",
    "ceop": "CEOP",
    "send": "special needs",
    "prevent": "Prevent",
}
# Words for somebody or for a body, not for a post with a title.
_NO_POST = frozenset({OwnerRole.REPORTER, OwnerRole.EVERYONE, OwnerRole.STAFF, OwnerRole.EXTERNAL_CONTACT})


@dataclass(frozen=True)
class Demand:
    """One thing a rule asks for, in words: what, of whom, by when, and how strongly."""

    text: str
    who: str
    by_when: str
    strength: str


@dataclass(frozen=True)
class Means:
    """One thing that meets a clause: a sentence, and for a rule what it asks for."""

    sentence: str
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class ReadClause:
    """One clause as people read it."""

    id: str
    title: str
    says: str
    met: str
    met_label: str
    is_unchecked: bool
    reason: str
    # Why a stricter rule under it wins; nothing where none does.
    overridden: str
    means: tuple[Means, ...]


@dataclass(frozen=True)
class Section:
    """One heading of a policy and its clauses."""

    id: str
    title: str
    clauses: tuple[ReadClause, ...]

    @property
    def heading(self) -> str:
        """The heading as the source has it: with its number, where it has one."""
        return f"{self.id} {self.title}" if self.id[:1].isdigit() else self.title

    def number_of(self, clause: ReadClause) -> str:
        """Return what tells a clause apart under its heading: its id, or only its number where that says enough."""
        if not self.title or self.id[:1].isdigit():
            return clause.id
        return clause.id.removeprefix(self.id).lstrip("-.")

    @property
    def numbered(self) -> list[tuple[str, str, ReadClause]]:
        """The clauses, each with its number and title as they are shown: a title is not said twice in a row."""
        before = [self.title, *(clause.title for clause in self.clauses[:-1])]
        return [
            (self.number_of(clause), "" if clause.title == title else clause.title, clause)
            for clause, title in zip(self.clauses, before, strict=True)
        ]


@dataclass(frozen=True)
class Document:
    """A whole policy; `counts` has, for each way of meeting a clause, its label, what it means, and how many."""

    pack_id: str
    title: str
    edition: str
    sections: tuple[Section, ...]
    counts: tuple[tuple[str, str, str, int], ...]


class Titles:
    """What a school calls each role: its policy's word, its own, or the usual one."""

    def __init__(self, school: School, packs: Iterable[Pack]) -> None:
        self._school = school
        # The pack nearest the school comes last and has the last word.
        self._packs = {role.key: role.title for pack in packs for role in pack.roles if pack.layer == 2}

    def of(self, role: OwnerRole) -> str:
        """Return the title of a role."""
        if role.value in self._school.role_titles or (role not in self._packs and role.value in _ROLES):
            return self._school.title_of(Role(role.value))
        words = self._packs.get(role) or ROLE_WORDS[role]
        return words[0].upper() + words[1:]

    def with_article(self, role: OwnerRole) -> str:
        """Return the title of a role within a sentence."""
        if role in _NO_POST:
            return ROLE_WORDS[role]
        return f"the {self.of(role)}"


def read_document(pack: Pack, titles: Titles, overridden: Mapping[str, str] | None = None) -> Document:
    """Return a pack as a document, its sections in the order of the source.

    `overridden` has, by clause, why a stricter rule of a layer under it wins.
    """
    less = overridden or {}
    headings = dict(pack.sections)
    rules = {rule.id: rule for rule in pack.rules}
    grouped: dict[str, list[ReadClause]] = {}
    for clause in pack.clauses:
        read = _read(clause, pack, rules, titles, less.get(clause.id, ""))
        grouped.setdefault(_section_of(clause, headings), []).append(read)
    sections = [Section(key, headings.get(key, ""), tuple(found)) for key, found in grouped.items()]
    counted = [(met, sum(clause.met is met for clause in pack.clauses)) for met in Met]
    return Document(
        pack_id=pack.id,
        title=pack.title,
        edition=pack.edition,
        sections=tuple(sections),
        counts=tuple((met.value, *MET_WORDS[met], number) for met, number in counted),
    )


def in_words(obligation: Obligation, titles: Titles) -> Demand:
    """Return one obligation in words."""
    words = {Strength.MUST: "Must", Strength.CONSIDER: "Consider", Strength.MUST_NOT: "Must not"}
    text = obligation.text
    if obligation.kind in (Kind.NOTIFY, Kind.ACKNOWLEDGE) and text == default_text(obligation.kind, obligation.target):
        verb = "Tell" if obligation.kind is Kind.NOTIFY else "Seen by"
        text = f"{verb} {titles.with_article(OwnerRole(obligation.target))}"
    return Demand(
        text=text,
        who=titles.of(obligation.owner) if obligation.owner else "",
        by_when=when_words(obligation),
        strength=words[obligation.strength],
    )


def when_words(obligation: Obligation) -> str:
    """Return by when something is due, as people say it."""
    if obligation.within is None:
        return ""
    words = str(obligation.within)
    if words == "immediately":
        return "at once"
    if words == "same school day":
        return "by the end of the school day"
    hours = re.fullmatch(r"(\d+)h", words)
    if hours:
        return f"within {hours[1]} hour{'' if hours[1] == '1' else 's'}"
    return f"within {words}"


def _section_of(clause: Clause, headings: dict[str, str]) -> str:
    return clause.id if clause.id in headings else _NUMBER.sub("", clause.id)


def _read(clause: Clause, pack: Pack, rules: dict[str, Rule], titles: Titles, overridden: str) -> ReadClause:
    return ReadClause(
        id=clause.id,
        title=clause.title,
        says=clause.says,
        met=clause.met.value,
        met_label=MET_WORDS[clause.met][0],
        is_unchecked=clause.mark == "K",
        reason=clause.reason,
        overridden=overridden,
        means=tuple(_means(by, pack, rules, titles) for by in clause.by),
    )


def _means(by: str, pack: Pack, rules: dict[str, Rule], titles: Titles) -> Means:
    kind, _, key = by.partition(":")
    if kind == "rule":
        rule = rules[key]
        return Means(_rule_words(rule), tuple(in_words(obligation, titles) for obligation in rule.then))
    return Means(_others(kind, key, pack, titles))


def _rule_words(rule: Rule) -> str:
    why = rule.then[0].why
    return "In every case:" if why == "always" else f"When {why}:"


def _others(kind: str, key: str, pack: Pack, titles: Titles) -> str:
    plain = key.replace("_", " ").replace("-", " ")
    if kind == "duty":
        duty = next(duty for duty in pack.duties if duty.key == key)
        return f"Every {_interval(duty.every)}: {_duty_words(duty)} ({titles.of(duty.owner)})."
    if kind == "agreement":
        agreement = next(one for one in pack.agreements if one.kind == key)
        return f"An agreement that people sign: {_spelt(key)}. {_for_whom(agreement.audience, agreement.renew, titles)}"
    if kind == "training":
        course = next(one for one in pack.training if one.kind == key)
        return f"Training: {_spelt(key)}. {_for_whom(course.audience, course.every, titles)}"
    if kind == "role":
        return f"What the role may do, and whom it answers to: {titles.of(OwnerRole(key))}."
    if kind == "capability":
        return f"Only roles that may do this can: {_capability(key)}."
    if kind == "review":
        return "The date by which this policy is reviewed."
    if kind == "closing":
        return "A second person agrees before such a case is closed."
    if kind == "escalation":
        return "When something is missed, somebody else is told."
    words = WORDS_OF_MEANS.get(f"{kind}:{key}", plain)
    return f"What this system has for it: {words}."


def _duty_words(duty: Duty) -> str:
    words = duty.text or (DEED_WORDS[Deed(duty.do)] if duty.do in set(Deed) else duty.key.replace("-", " "))
    return words.rstrip(".")[0].lower() + words.rstrip(".")[1:]


def _for_whom(audience: tuple[str, ...], every: str, titles: Titles) -> str:
    people = ", ".join(_audience(one, titles) for one in audience)
    return f"For {people}, every {_interval(every)}." if every else f"For {people}."


def _audience(one: str, titles: Titles) -> str:
    posts = {role.value for role in OwnerRole} - {role.value for role in _NO_POST}
    return titles.with_article(OwnerRole(one)) if one in posts else one.replace("_", " ")


def _spelt(key: str) -> str:
    """Return the words of a name such as `kcsie_read`, with what is shortened written out."""
    return " ".join(_SHORT.get(word, word) for word in key.replace("-", "_").split("_"))


def _capability(key: str) -> str:
    """Return what a capability lets a person do, in the words for administrators where there are any."""
    known = {permission.value: permission.description for permission in Permission}
    words = known.get(key) or _CAPABILITIES.get(key) or key.replace("_", " ").replace(".", ": ")
    return words[0].lower() + words[1:]


def _interval(every: str) -> str:
    return every.removeprefix("1 ")
