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


def read_yaml(text: str, *, file: str) -> Any:
    """Return what the text holds; raise PackInvalid with the line where it is not YAML as packs are written."""
    try:
        return _document(yaml.parse(text, Loader=_LOADER), file)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = f"line {mark.line + 1}" if mark else ""
        sentence = str(fault.problem or "this is not YAML")
        raise PackInvalid([Fault(file, line, f"{sentence[0].upper()}{sentence[1:]}.")]) from fault
    except yaml.YAMLError as fault:
        raise PackInvalid([Fault(file, "", "This is not YAML. Check it for stray characters.")]) from fault


def _document(events: Iterator[yaml.Event], file: str) -> Any:
    found: list[Any] = []
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if found:
                raise _wrong(file, event, "A second document begins here. A file holds one pack.")
            found.append(_value(next(events), events, file))
    return found[0] if found else None


def _value(event: yaml.Event, events: Iterator[yaml.Event], file: str) -> Any:
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, file)
    if isinstance(event, yaml.MappingStartEvent):
        _plain(event, file)
        return _mapping(events, file)
    if isinstance(event, yaml.SequenceStartEvent):
        _plain(event, file)
        held = []
        while not isinstance(item := next(events), _ENDS):
            held.append(_value(item, events, file))
        return held
    raise _wrong(file, event, "An alias stands here. Write out what is meant.")


def _mapping(events: Iterator[yaml.Event], file: str) -> dict[str, Any]:
    held: dict[str, Any] = {}
    while not isinstance(event := next(events), _ENDS):
        if not isinstance(event, yaml.ScalarEvent):
            raise _wrong(file, event, "A key must be a word.")
        key = event.value
        if key in held:
            raise _wrong(file, event, f"The key {key!r} stands twice. Keep one of them.")
        held[key] = _value(next(events), events, file)
    return held


def _scalar(event: yaml.ScalarEvent, file: str) -> Any:
    if event.tag is not None or event.anchor is not None:
        _plain(event, file)
    if event.style is None or event.style == "":
        return _WORDS.get(event.value, event.value)
    return event.value


def _plain(event: yaml.ScalarEvent | yaml.CollectionStartEvent, file: str) -> None:
    if event.anchor is not None:
        raise _wrong(file, event, f"The anchor &{event.anchor} stands here. Write out what is meant.")
    if event.tag is not None:
        raise _wrong(file, event, f"The tag {event.tag} stands here. Packs hold plain text, lists and fields only.")


def _wrong(file: str, event: yaml.Event, sentence: str) -> PackInvalid:
    mark = event.start_mark
    return PackInvalid([Fault(file, f"line {mark.line + 1}" if mark else "", sentence)])
