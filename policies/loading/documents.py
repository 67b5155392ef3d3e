"""From a pack's text to a validated pack: every fault at once, each with file, path and what is allowed.

What is not YAML as packs are written is said first. Then come the fields and what they say, together, unless a field
is missing or of the wrong kind: then what the fields say would be guesswork, and the fields come alone.
"""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policies.engine.packs import Pack
from policies.errors import Fault, PackInvalid
from policies.loading.building import build
from policies.loading.characters import LONGEST_NAME
from policies.loading.faults import shortened, shown
from policies.loading.fields import PackSource
from policies.loading.texts import read_yaml

_FIELDS = "pack, title, edition, layer and what follows from them"
_KINDS = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "fields and their values",
    "model_type": "fields and their values",
}
# Without what is wrong in these ways, the rest of a pack can still be read.
_LEFT_OUT = {"extra_forbidden", "literal_error"}


def load_source(path: Path) -> tuple[PackSource, str]:
    """Return the fields of a pack's file and the hash of its text; raise PackInvalid where it cannot be read."""
    text = _text(path)
    return parse_source(text, file=path.name), content_hash(text)


def build_pack(source: PackSource, *, file: str, text_hash: str) -> Pack:
    """Return the engine's pack; raise PackInvalid with everything that is wrong with it."""
    return build(source, file=file, content_hash=text_hash)


def parse_pack(text: str, *, file: str) -> Pack:
    """Return the pack of a text; raise PackInvalid with everything that is wrong with it."""
    return build_pack(parse_source(text, file=file), file=file, text_hash=content_hash(text))


def parse_source(text: str, *, file: str) -> PackSource:
    """Return the fields of a pack as its file has them; raise PackInvalid where their shape is wrong."""
    given = read_yaml(text, file=file)
    if given is None:
        raise PackInvalid([Fault(file, "", f"holds nothing. A pack has {_FIELDS}.")])
    if not isinstance(given, dict):
        raise PackInvalid([Fault(file, "", f"must hold fields and their values: {_FIELDS}, not {shown(given)}.")])
    try:
        return PackSource.model_validate(given)
    except ValidationError as error:
        faults = [_fault(file, problem, given) for problem in error.errors()]
        raise PackInvalid([*faults, *_what_else(file, error, given)]) from error


def content_hash(text: str) -> str:
    """Return the SHA-256 of a pack's text: what a school adopts is this very content."""
    return hashlib.sha256(text.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackInvalid([Fault(path.name, "", "is not there. Check the path.")]) from error
    except UnicodeDecodeError as error:
        raise PackInvalid([Fault(path.name, "", "is not text in UTF-8. Save it as UTF-8.")]) from error
    except OSError as error:
        raise PackInvalid([Fault(path.name, "", "cannot be opened and read as a file.")]) from error


def _what_else(file: str, error: ValidationError, given: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with the rest of a pack whose fields are only misspelt or hold an unknown word."""
    problems = error.errors()
    if any(problem["type"] not in _LEFT_OUT for problem in problems):
        return []
    for problem in problems:
        *places, last = problem["loc"]
        here: Any = given
        for place in places:
            here = here[place]
        here.pop(last, None)
    try:
        build(PackSource.model_validate(given), file=file, content_hash="")
    except PackInvalid as invalid:
        return invalid.faults
    return []


def _fault(file: str, problem: Any, given: dict[str, Any]) -> Fault:
    path, value = _path(problem["loc"], given), problem.get("input")
    return Fault(file, path, _sentence(problem, value))


def _sentence(problem: Any, value: Any) -> str:
    kind = problem["type"]
    if kind == "missing":
        return "is missing."
    if kind == "extra_forbidden":
        return "is not a field here. Check its spelling, or see the pack format."
    if kind == "literal_error":
        allowed = problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ").lstrip(", ")
        return f"cannot be {shown(value)}. Allowed: {allowed}."
    if kind == "string_pattern_mismatch":
        if problem["loc"][-1] == "id" and problem["loc"][0] in ("clauses", "sections"):
            return f"cannot be {shown(value)}. Allowed: letters, digits, dots and hyphens, without spaces."
        return f"cannot be {shown(value)}. Allowed: small letters, digits, - and _, beginning with a letter."
    if kind == "string_too_long":
        return f"has {len(value):,} characters. The longest has {LONGEST_NAME}."
    if kind in ("string_too_short", "too_short") or value is None:
        return "is empty. Give it a value, or leave the field out."
    return f"must be {_KINDS.get(kind, 'something else')}, not {shown(value)}."


def _path(places: tuple[str | int, ...], given: Any) -> str:
    """Return where a fault is, naming the entries of a list by their own id, key or kind."""
    words, here = "", given
    for place in places:
        try:
            here = here[place]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(place, int):
            words += f"[{shortened(_name(here)) or place}]"
        else:
            words += f".{shortened(place)}" if words else shortened(place)
    return words


def _name(entry: Any) -> str:
    """Return what an entry of a list is called; nothing where it has no name."""
    names = [entry.get(key) for key in ("id", "key", "kind")] if isinstance(entry, dict) else []
    return next((name for name in names if isinstance(name, str) and name), "")
