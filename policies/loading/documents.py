"""From a pack's text to a validated pack: every fault at once, each with file, path and what is allowed."""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policies.engine.packs import Pack
from policies.errors import Fault, PackInvalid
from policies.loading.building import build
from policies.loading.fields import PackSource
from policies.loading.texts import read_yaml


def load_source(path: Path) -> tuple[PackSource, str]:
    """Return the fields of a pack's file and the hash of its text; raise PackInvalid where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackInvalid([Fault(path.name, "", "cannot be read as text in UTF-8.")]) from error
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
    if not isinstance(given, dict):
        raise PackInvalid([Fault(file, "", "must begin with the pack's fields: pack, title, edition, layer.")])
    try:
        return PackSource.model_validate(given)
    except ValidationError as error:
        raise PackInvalid([_fault(file, problem, given) for problem in error.errors()]) from error


def content_hash(text: str) -> str:
    """Return the SHA-256 of a pack's text: what a school adopts is this very content."""
    return hashlib.sha256(text.encode()).hexdigest()


def _fault(file: str, problem: Any, given: dict[str, Any]) -> Fault:
    path = _path(problem["loc"], given)
    kind, value = problem["type"], problem.get("input")
    if kind == "missing":
        return Fault(file, path, "is missing.")
    if kind == "extra_forbidden":
        return Fault(file, path, "is not a field of a pack. Check its spelling, or see the pack format.")
    if kind == "literal_error":
        allowed = problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return Fault(file, path, f"cannot be {value!r}. Allowed: {allowed}.")
    if kind == "string_pattern_mismatch":
        return Fault(file, path, f"cannot be {value!r}: small letters, digits, - and _ only (clauses: also dots).")
    if kind in ("string_too_short", "too_short"):
        return Fault(file, path, "is empty.")
    expected = {"string_type": "text", "list_type": "a list", "dict_type": "fields and values", "model_type": "fields"}
    return Fault(file, path, f"must be {expected.get(kind, 'something else')}, not {value!r}.")


def _path(places: tuple[str | int, ...], given: Any) -> str:
    """Return where a fault is, naming the entries of a list by their own id or key."""
    words, here = "", given
    for place in places:
        try:
            here = here[place]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(place, int):
            name = next((here[key] for key in ("id", "key", "kind") if isinstance(here, dict) and key in here), place)
            words += f"[{name}]"
        else:
            words += f".{place}" if words else str(place)
    return words
