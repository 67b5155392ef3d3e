"""YAML without its surprises: no key twice, and nothing but `true`, `false` and `null` is anything but text.

`no` stays a word, `12:30` a time as written, `11.2` a clause number and `2019-09` a month. Numbers are text here and
are read as numbers where a pack needs one. Anchors, aliases and tags are refused: what a pack says stands
where it is said.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from policies.errors import Fault, PackInvalid

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)
# A pack needs seven levels. Far deeper nesting would exhaust the reader.
_DEEPEST = 20
_NOT_YAML = "This is not YAML. Look at the spaces at the beginning of the lines, the quotes and the brackets."
_UNCLOSED = "end of stream"


def read_yaml(text: str, *, file: str) -> Any:
    """Return what the text holds; raise PackInvalid with every line where it is not YAML as packs are written."""
    reader = _Reader(file)
    try:
        held = reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as fault:
        reader.add(*_explained(fault, text))
    except yaml.YAMLError:
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

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

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
            self.add(event.start_mark, f"The alias *{event.anchor} stands here. Write out what is meant.")
            return None
        self._must_be_plain(event)
        if isinstance(event, yaml.ScalarEvent):
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
            value = self._value(next(events), events, depth + 1)
            if not isinstance(key, str):
                self.add(event.start_mark, "A key must be a word.")
            elif key in held:
                self.add(event.start_mark, f"The key {key!r} stands twice. Keep one of them.")
            else:
                held[key] = value
        return held

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Any:
        """Return a key as it is written: `no`, `on` and `true` are words here as well."""
        value = self._value(event, events, depth + 1)
        return event.value if isinstance(event, yaml.ScalarEvent) else value

    def _must_be_plain(self, event: Any) -> None:
        if event.anchor is not None:
            self.add(event.start_mark, f"The anchor &{event.anchor} stands here. Write out what is meant.")
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.add(event.start_mark, f"The tag {tag} stands here. Packs hold plain text, lists and fields only.")
