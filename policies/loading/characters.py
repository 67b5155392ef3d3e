"""What a text of a pack may be made of: characters that people see, and not too many of them."""

import unicodedata
from collections.abc import Iterable, Iterator

LONGEST_NAME = 120
LONGEST_TEXT = 2_000
# Format and control characters, and line breaks that are none in a file: they change what a reader sees.
_HIDDEN = frozenset({"Cf", "Cc", "Zl", "Zp"})
# How lines of a file end and are set apart is no part of what it says; nor is the mark some editors begin it with.
_LAYOUT = frozenset("\n\r\t")
_BEGINNING = "\ufeff"
_MOST_NAMED = 3


def hidden_in(text: str) -> list[str]:
    """Return the characters of a text that cannot be seen, each once; the end of a line is none of them."""
    return [one for one in dict.fromkeys(text) if one != "\n" and unicodedata.category(one) in _HIDDEN]


def hidden_by_line(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield, by the number of its line, what cannot be seen in a file, its remarks included."""
    for number, line in enumerate(text.removeprefix(_BEGINNING).split("\n"), start=1):
        found = [one for one in hidden_in(line) if one not in _LAYOUT]
        if found:
            yield number, found


def said_of_hidden(found: Iterable[str]) -> str:
    """Return the sentence about characters that cannot be seen."""
    named = [_named(one) for one in found]
    more = " and others" if len(named) > _MOST_NAMED else ""
    return f"What cannot be seen stands here: {', '.join(named[:_MOST_NAMED])}{more}. Take it out."


def said_of_length(thing: str, length: int, longest: int) -> str:
    """Return the sentence about a name or a text that is too long."""
    return f"A {thing} of {length:,} characters stands here. The longest has {longest:,}."


def _named(character: str) -> str:
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} ({name})" if name else f"U+{ord(character):04X}"
