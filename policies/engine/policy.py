"""Packs prepared for many evaluations: conditions as questions, lines numbered, united lines remembered."""

from collections.abc import Sequence
from functools import lru_cache

from policies.engine.atoms import Question, bits_of, known_of, question
from policies.engine.conditions import generality
from policies.engine.facts import IncidentFacts
from policies.engine.gates import hold_back
from policies.engine.merging import Found, Key, Line, merge
from policies.engine.obligations import Obligation
from policies.engine.packs import Pack, Rule
from policies.engine.vocabulary import Layer, OwnerRole, Strength

_READS = "incident.read"
# What a rule asks, and the bits of the lines it then asks for.
_Rule = tuple[Question, int]


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
        self._always: list[_Rule] = []
        self._by_bit: dict[int, list[_Rule]] = {}
        for pack in ordered:
            for rule in sorted(pack.rules, key=lambda rule: rule.id):
                self._file(pack, rule)
        self._keys = _by_key(self._lines)

    def layer_of(self, pack_id: str) -> Layer:
        """Return how near to the school a pack is."""
        return self._layers[pack_id]

    def fired(self, facts: IncidentFacts) -> Found:
        """Return the obligations of every rule that applies, each once, what is forbidden holding back the rest."""
        found: Found = {}
        said: dict[Key, tuple[Obligation, ...]] = {}
        numbers = self._asked(known_of(facts))
        for key, of_key in self._keys:
            if alike := numbers & of_key:
                found[key], lines = self._united.get(alike) or self._unite(alike)
                if lines:
                    said[key] = lines
        hold_back(found, said)
        return found

    def _asked(self, known: int) -> int:
        """Return the bits of the lines of every rule that applies."""
        rules = list(self._always)
        for bit in bits_of(known):
            rules += self._by_bit.get(bit, ())
        asked = 0
        for (needs, bars, rest), numbers in rules:
            if known & bars:
                continue
            for bits in needs:
                if not known & bits:
                    break
            else:
                if rest is None or rest(known):
                    asked |= numbers
        return asked

    def _file(self, pack: Pack, rule: Rule) -> None:
        """Number the lines of a rule, a bit for each, and file it under every bit that may make it apply."""
        numbers, general = 0, generality(rule.when)
        for obligation in rule.then:
            numbers |= 1 << len(self._lines)
            self._lines.append(Line(pack.layer, obligation, general))
        asked = question(rule.when)
        if not asked.needs:
            self._always.append((asked, numbers))
            return
        for bit in bits_of(min(asked.needs, key=int.bit_count)):
            self._by_bit.setdefault(bit, []).append((asked, numbers))

    def _unite(self, numbers: int) -> tuple[Obligation, tuple[Obligation, ...]]:
        """Return the one obligation of lines with the same key, and those of them that hold back or wait."""
        lines = [line for number, line in enumerate(self._lines) if numbers >> number & 1]
        silent = self._has_school and all(line.layer is not Layer.SCHOOL for line in lines)
        obligation = merge(lines, silent=silent)
        asked = [line.obligation for line in lines]
        said = tuple(one for one in asked if one.strength is Strength.MUST_NOT or one.after)
        self._united[numbers] = obligation, said
        return obligation, said


def _by_key(lines: list[Line]) -> list[tuple[Key, int]]:
    """Return, in order, the keys that are asked for, each with the bits of its lines."""
    found: dict[Key, int] = {}
    for number, line in enumerate(lines):
        key = (line.obligation.key, line.obligation.strength is Strength.MUST_NOT)
        found[key] = found.get(key, 0) | 1 << number
    return sorted(found.items())


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
