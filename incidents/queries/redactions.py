"""Names taken out of what people wrote: each person of a case becomes a label, wherever their name stands.

It finds names, whole or in part, either way round, in any case, with or without accents, joined or apart. It cannot
know a nickname, a description or a mistyped name: whoever hands a document on has to read it first, and the document
says so.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from accounts.models import searchable

# Parts of names that are words of their own; alone they say nothing of anybody.
_PARTICLES = frozenset(
    {
        *("van", "von", "der", "den", "des", "del", "della", "dos", "das", "the", "and", "bin", "ibn", "bint", "abu"),
        *("abd", "ben", "los", "las", "san", "santa", "saint", "zur", "zum"),
    }
)
# Names of two letters that English is full of: found only where they are written as names are.
_TINY = frozenset(
    {
        *("am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it"),
        *("me", "my", "no", "of", "on", "or", "so", "to", "up", "us", "we", "ye"),
    }
)
_TITLES = r"(?:mr|mrs|ms|miss|mx|dr|sir|madam|prof|rev)"
_BEGINS, _ENDS = r"(?<![^\W_])", r"(?![^\W_])"
_JOINED = r"[\W_]*"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: as it was written, or what stands in place of a name."""

    text: str
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whose names are looked for. Without a label they are kept, and so are names they share with others.

    `is_formal`: only the whole name, or the family name behind a title, is theirs; whoever shares the rest keeps their
    own label.
    """

    given: str
    family: str
    label: str = ""
    other_names: tuple[str, ...] = ()
    is_formal: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """One way to write a name: what must stand in a text for it to be there at all, the pattern, and the label."""

    key: str
    pattern: str
    label: str
    length: int
    must_be_capital: bool = False


class Redactor:
    """Replaces the names of the people it was given."""

    def __init__(self, people: Iterable[Named]) -> None:
        named = list(people)
        kept = {word for one in named if not one.label and not one.is_formal for word in _words(one)}
        self._ways = [way for one in named for way in _whole(one)]
        self._ways += [way for one in named if one.label and one.is_formal for way in _formal(one)]
        labels: dict[str, list[str]] = {}
        for one in named:
            for word in _words(one) if one.label and not one.is_formal else ():
                if word not in kept and one.label not in labels.setdefault(word, []):
                    labels[word].append(one.label)
        self._ways += [_single(word, " or ".join(found)) for word, found in labels.items() if found]
        self._ways.sort(key=lambda way: -way.length)

    def pieces(self, text: str) -> list[Piece]:
        """Return a text in pieces, with a label in place of each name."""
        folded, places = _folded(text)
        ways = tuple(way for way in self._ways if way.key in folded)
        if not ways:
            return [Piece(text)] if text else []
        found: list[Piece] = []
        end = 0
        for match in _compiled(ways).finditer(folded):
            way = ways[int(str(match.lastgroup)[1:])]
            first, last = places[match.start()], _end(text, places[match.end() - 1])
            if not way.label or (way.must_be_capital and not text[first].isupper()):
                continue
            label, between = Piece(f"[{way.label}]", is_replaced=True), text[end:first]
            # Given name, something, family name of one person: one label says it.
            if not (found and found[-1] == label and between.strip("-. ") == ""):
                found += [Piece(between), label]
            end = last
        return [piece for piece in [*found, Piece(text[end:])] if piece.text]

    def text(self, text: str) -> str:
        """Return a text with a label in place of each name."""
        return "".join(piece.text for piece in self.pieces(text))


def _whole(one: Named) -> list[_Found]:
    """Both names together, either way round, joined by anything or nothing; and whatever else stands for somebody."""
    given, family = _pattern(one.given), _pattern(one.family)
    ways = [_found(name, _pattern(name), one.label) for name in one.other_names if len(_plain(name)) > 2]
    if not (given and family):
        return ways
    for first, second in ((given, family), (family, given)):
        pattern = f"{first}{_JOINED}{second}"
        length = len(_plain(one.given)) + len(_plain(one.family))
        bounds = ("", "") if length > 7 else (_BEGINS, _ENDS)
        ways.append(_Found(_first_word(one.family), f"{bounds[0]}{pattern}{bounds[1]}", one.label, length + 100))
    return ways


def _formal(one: Named) -> list[_Found]:
    family = _pattern(one.family)
    if not family:
        return []
    pattern = rf"{_BEGINS}{_TITLES}\.?\s+(?:\w\.?\s+)?{family}{_ENDS}"
    return [_Found(_first_word(one.family), pattern, one.label, len(one.family) + 50)]


def _found(name: str, pattern: str, label: str) -> _Found:
    return _Found(_first_word(name), f"{_BEGINS}{pattern}{_ENDS}", label, len(name) + 100)


def _single(word: str, label: str) -> _Found:
    # “Mias phone” is written as often as “Mia's phone”.
    plural = "s?" if len(word) > 2 else ""
    pattern = f"{_BEGINS}{_pattern(word)}{plural}{_ENDS}"
    return _Found(_first_word(word), pattern, label, len(word), word in _TINY)


def _words(one: Named) -> list[str]:
    """Return the names by which somebody is meant alone: each whole, and each longer part of one."""
    found = []
    for name in (one.given, one.family):
        parts = _plain(name).split()
        found += [" ".join(parts)] if len(_plain(name)) > 1 else []
        found += [part for part in parts if len(part) > 2 and part not in _PARTICLES]
    return list(dict.fromkeys(found))


def _plain(name: str) -> str:
    """Return a name in lower case, without accents, its parts apart by one space."""
    return " ".join(part for part in re.split(r"[\W_]+", searchable(name)) if part)


def _first_word(name: str) -> str:
    return (_plain(name).split() or [""])[0]


def _pattern(name: str) -> str:
    return _JOINED.join(re.escape(part) for part in _plain(name).split())


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text as names are compared, and where each letter of it stands in the text."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = " " if letter.isspace() else searchable(letter)
        letters += plain
        places += [place] * len(plain)
    return "".join(letters), places


def _end(text: str, last: int) -> int:
    """Return where a name ends: an accent that is written as a sign of its own belongs to the letter before it."""
    end = last + 1
    while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Cf"):
        end += 1
    return end


@lru_cache(maxsize=64)
def _compiled(ways: tuple[_Found, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<w{number}>{way.pattern})" for number, way in enumerate(ways)))
