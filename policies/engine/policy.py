"""Packs prepared for many evaluations: conditions as questions, lines numbered, united lines remembered."""

from collections.abc import Sequence
from functools import lru_cache

from policies.engine.atoms import known_of, question
from policies.engine.conditions import generality
from policies.engine.facts import IncidentFacts
from policies.engine.gates import hold_back
from policies.engine.merging import Found, Key, Line, merge
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack, Rule
from policies.engine.vocabulary import Layer, OwnerRole, Strength

_READS = "incident.read"


class Policy:
    """What several packs say together. What they ask about one incident is `fired`; the rest is the same for all.

    `layers` are the packs' ids, the farthest from the school first; `readers` the roles that read cases; `escalation`
    that of the nearest pack which has one.
    """

    def __init__(self, packs: frozenset[Pack]) -> None:
        ordered = sorted(packs, key=lambda pack: (pack.layer, pack.id, pack.edition, pack.content_hash))
        nearest_first = ordered[::-1]
        self.layers = tuple(dict.fromkeys(pack.id for pack in ordered))
        self.escalation = next((pack.escalation for pack in nearest_first if pack.escalation), ())
        self.readers = _readers(nearest_first)
        self._layers = {pack.id: pack.layer for pack in ordered}
        self._has_school = any(pack.layer is Layer.SCHOOL for pack in packs)
        self._lines: list[Line] = []
        self._united: dict[int, tuple[Obligation, tuple[Obligation, ...]]] = {}
        rules = [(pack, rule) for pack in ordered for rule in sorted(pack.rules, key=lambda rule: rule.id)]
        self._rules = [(*question(rule.when), self._numbers(pack, rule)) for pack, rule in rules]

    def layer_of(self, pack_id: str) -> Layer:
        """Return how near to the school a pack is."""
        return self._layers[pack_id]

    def fired(self, facts: IncidentFacts) -> Found:
        """Return the obligations of every rule that applies, each once, what is forbidden holding back the rest."""
        found: Found = {}
        said: dict[Key, tuple[Obligation, ...]] = {}
        asked = self._asked(known_of(facts))
        for key in sorted(asked):
            found[key], lines = self._united.get(asked[key]) or self._unite(asked[key])
            if lines:
                said[key] = lines
        hold_back(found, said)
        return found

    def _asked(self, known: int) -> dict[Key, int]:
        """Return, by key, the bits of the lines of every rule that applies."""
        asked: dict[Key, int] = {}
        for needs, bars, rest, lines in self._rules:
            if known & bars:
                continue
            for bits in needs:
                if not known & bits:
                    break
            else:
                if rest is None or rest(known):
                    for key, number in lines:
                        asked[key] = asked.get(key, 0) | number
        return asked

    def _numbers(self, pack: Pack, rule: Rule) -> list[tuple[Key, int]]:
        """Give each line of a rule a bit of its own."""
        numbers = []
        general = generality(rule.when)
        for obligation in rule.then:
            key = (obligation.key, obligation.strength is Strength.MUST_NOT)
            numbers.append((key, 1 << len(self._lines)))
            self._lines.append(Line(len(self._lines), pack.layer, key, obligation, general))
        return numbers

    def _unite(self, numbers: int) -> tuple[Obligation, tuple[Obligation, ...]]:
        """Return the one obligation of lines with the same key, and those of them that hold back or wait."""
        lines = [line for line in self._lines if numbers >> line.number & 1]
        obligation = merge(lines, has_school=self._has_school)
        said = tuple(line.obligation for line in lines if line.key[1] or line.obligation.after)
        self._united[numbers] = obligation, said
        return obligation, said


def policy_of(packs: Sequence[Pack]) -> Policy:
    """Return what these packs say together, prepared once."""
    return _prepared(frozenset(packs))


@lru_cache(maxsize=128)
def _prepared(packs: frozenset[Pack]) -> Policy:
    return Policy(packs)


def _readers(nearest_first: list[Pack]) -> frozenset[OwnerRole]:
    """Return the roles that may read cases, each as the nearest pack that names the role has it."""
    seen: dict[OwnerRole, bool] = {}
    for pack in nearest_first:
        for role in pack.roles:
            seen.setdefault(role.key, _READS in role.may)
    return frozenset(role for role, reads in seen.items() if reads)
