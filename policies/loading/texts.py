"""YAML without its surprises: no key twice, and nothing but `true`, `false` and `null` is anything but text.

`no` stays a word, `12:30` a time as written, `11.2` a clause number and `2019-09` a month. Numbers are text here and
are read as numbers where a pack needs one. Anchors, aliases and tags are refused: what a pack says stands
where it is said.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from policies.errors import Fault, PackInvalid
from policies.loading.characters import (
    LONGEST_NAME,
    LONGEST_TEXT,
    hidden_by_line,
    hidden_in,
    said_of_hidden,
    said_of_length,
)
from policies.loading.faults import shortened, shown

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
# What is called by one of these fields is quoted wherever something is wrong with it.
_NAMES = frozenset({"pack", "id", "key", "kind", "name"})
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)
# A pack needs seven levels. Far deeper nesting would exhaust the reader.
_DEEPEST = 20
_NOT_YAML = "This is not YAML. Look at the spaces at the beginning of the lines, the quotes and the brackets."
_UNCLOSED = "end of stream"


def read_yaml(text: str, *, file: str) -> Any:
    """Return what the text holds; raise PackInvalid with every line where it is not YAML as packs are written."""
    reader = _Reader(file, text)
    try:
        held = reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as fault:
        reader.add(*_explained(fault, text))
    except yaml.YAMLError:
        if not reader.found:
            reader.add(None, "is not YAML. Look for stray characters in it.")
    if reader.found:
        raise PackInvalid(reader.found)
    return held


def _explained(fault: yaml.MarkedYAMLError, text: str) -> tuple[Any, str]:
    """Return where the text stops being YAML and what its author can put right."""
    problem, mark = str(fault.problem), fault.problem_mark or fault.context_mark
    if _UNCLOSED in problem and fault.context_mark:
        return fault.context_mark, "The quotes that begin here are never closed."
    if "mapping values are not allowed" in problem:
        return mark, "A colon with a space after it stands here. Put the whole text in quotes."
    if mark and "\t" in _indent(text, mark.line):
        return mark, "A tab stands here. Use spaces."
    return mark, _NOT_YAML


def _indent(text: str, number: int) -> str:
    lines = text.split("\n")
    line = lines[number] if number < len(lines) else ""
    return line[: len(line) - len(line.lstrip())]


class _Reader:
    """Reads the one document of a file, noting what packs may not hold and going on."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.found: list[Fault] = []
        self._seen: set[str] = set()
        for line, hidden in hidden_by_line(text):
            self.found.append(Fault(file, f"line {line}", said_of_hidden(hidden)))
            self._seen.update(hidden)

    def add(self, mark: Any, sentence: str) -> None:
        """Note a fault at a line, or of the whole file."""
        self.found.append(Fault(self.file, f"line {mark.line + 1}" if mark else "", sentence))

    def document(self, events: Iterator[yaml.Event]) -> Any:
        """Return what the first document holds; a second one is a fault."""
        held: list[Any] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if held:
                    self.add(event.start_mark, "A second document begins here. A file holds one pack.")
                held.append(self._value(next(events), events, 0))
        return held[0] if held else None

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Any:
        if depth > _DEEPEST:
            self.add(event.start_mark, "This is nested too deeply.")
            raise PackInvalid(self.found)
        if isinstance(event, yaml.AliasEvent):
            self.add(
                event.start_mark, f"The alias *{shortened(str(event.anchor))} stands here. Write out what is meant."
            )
            return None
        self._must_be_plain(event)
        if isinstance(event, yaml.ScalarEvent):
            self._must_be_seen(event)
            return event.value if event.style else _WORDS.get(event.value, event.value)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, depth)
        held = []
        while not isinstance(item := next(events), _ENDS):
            held.append(self._value(item, events, depth + 1))
        return held

    def _mapping(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Any]:
        held: dict[str, Any] = {}
        while not isinstance(event := next(events), _ENDS):
            key = self._key(event, events, depth)
            following = next(events)
            value = self._value(following, events, depth + 1)
            if isinstance(key, str) and key in _NAMES:
                self._must_be_a_name(following)
            if not isinstance(key, str):
                self.add(event.start_mark, "A key must be a word.")
            elif key in held:
                self.add(event.start_mark, f"The key {shown(key)} stands twice. Keep one of them.")
            else:
                held[key] = value
        return held

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Any:
        """Return a key as it is written: `no`, `on` and `true` are words here as well."""
        value = self._value(event, events, depth + 1)
        self._must_be_a_name(event)
        return event.value if isinstance(event, yaml.ScalarEvent) else value

    def _must_be_a_name(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent) and LONGEST_NAME < len(event.value) <= LONGEST_TEXT:
            self.add(event.start_mark, said_of_length("name", len(event.value), LONGEST_NAME))

    def _must_be_seen(self, event: Any) -> None:
        """Refuse what cannot be seen and was written as an escape, and texts without end."""
        hidden = [one for one in hidden_in(event.value) if one not in self._seen]
        if hidden:
            self.add(event.start_mark, said_of_hidden(hidden))
        if len(event.value) > LONGEST_TEXT:
            self.add(event.start_mark, said_of_length("text", len(event.value), LONGEST_TEXT))

    def _must_be_plain(self, event: Any) -> None:
        if event.anchor is not None:
            self.add(event.start_mark, f"The anchor &{shortened(event.anchor)} stands here. Write out what is meant.")
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.add(
                event.start_mark, f"The tag {shortened(tag)} stands here. Packs hold plain text, lists and fields only."
            )
