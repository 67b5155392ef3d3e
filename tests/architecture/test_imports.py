"""Imports go down, never up and never sideways: between the apps, and between the layers inside each app."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture.source import APPS, Module, module_names, modules, must_be_none

# From the top down; a module may import its own layer and those below it. A file or folder that stands in none of them
# fails: say where it belongs when it is made.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"urls", "wsgi"}),
    frozenset(
        {"views", "tasks", "admin", "management", "receivers", "checks", "templatetags", "apps", "demonstration"}
    ),
    # What stands around every page: who is asking, the frame, the menu, the library's adapters.
    frozenset(
        {"decorators", "proofs", "reset_links", "access_rules", "middleware", "adapters", "context_processors", "nav"}
    ),
    frozenset({"forms"}),
    frozenset({"operations"}),
    frozenset({"queries"}),
    frozenset(
        {
            "workflow",
            "access",
            "guards",
            "facts",
            "imagery",
            "routes",
            "notifications",
            "references",
            "calendars",
            "rounds",
            "icalendar",
            # From a pack's file to what the engine uses, and what can be said about it.
            "loading",
            "catalogue",
            "ladders",
            "linting",
            "coverage",
        }
    ),
    # The ledgers, their signed ends, what the database lets us do, and what draws a document.
    frozenset({"audit", "ends", "outbox", "heartbeats", "fingerprints", "grants", "documents", "documents_process"}),
    # A sealed text is a kind of field, and its key a row.
    frozenset({"models", "encryption"}),
    frozenset(
        {
            "agencies",
            "allegations",
            "care",
            "devices",
            "statuses",
            "entry_kinds",
            "events",
            "permissions",
            "roles",
            "spreadsheets",
            "standalone_verifier",
            "errors",
            "privacy",
            "upns",
            "words",
            "engine",
            "uploads",
        }
    ),
    # The shell's settings and its Celery app.
    frozenset({"celery"}),
    frozenset({"settings", "env", "logs"}),
)
# A sealed column is a kind of field: what has one imports it, and it knows of the keys alone.
FIELD_TYPES = {("models", "encryption")}
STDLIB_ONLY = ("policies.engine", "safeguarding.embedded")
# pytest loads this one before any settings exist.
STDLIB_EXCEPTIONS = {("safeguarding.embedded.pytest_plugin", "pytest")}
DEFERRED = {
    ("accounts.apps", "accounts.checks"): "AppConfig.ready: checks register once the apps are loaded",
    ("policies.apps", "policies.checks"): "AppConfig.ready: checks register once the apps are loaded",
    (
        "accounts.apps",
        "accounts.receivers",
    ): "AppConfig.ready: signals of third parties connect once the apps are loaded",
}


@dataclass(frozen=True)
class Import:
    """One imported name: where, of what, and whether it hides inside a function."""

    module: Module
    node: ast.stmt
    target: str
    is_relative: bool
    is_deferred: bool

    def complain(self, sentence: str) -> str:
        return self.module.at(self.node, f"{sentence} ({self.target})")


def imports(module: Module) -> Iterator[Import]:
    inside = {
        id(child)
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(function)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node, alias.name, False, id(node) in inside)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                target = whole if whole in module_names() else node.module or "."
                yield Import(module, node, target, node.level > 0, id(node) in inside)


def layer_of(place: str) -> int | None:
    return next((number for number, layer in enumerate(LAYERS) if place in layer), None)


def is_below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def complaints(module: Module) -> list[str]:
    found = []
    for line in imports(module):
        app, _, rest = line.target.partition(".")
        if line.is_relative:
            found.append(line.complain("a relative import"))
        if line.is_deferred and (module.name, line.target) not in DEFERRED:
            found.append(line.complain("an import hidden in a function"))
        if is_below(module.name, STDLIB_ONLY):
            if not _is_plain(module, line.target):
                found.append(line.complain("only the standard library and its own package may be imported here"))
        elif app in APPS:
            found += [line.complain(wrong) for wrong in _wrong(module, app, rest.partition(".")[0], line.target)]
    return found


def _is_plain(module: Module, target: str) -> bool:
    own = next(package for package in STDLIB_ONLY if is_below(module.name, (package,)))
    top = target.split(".")[0]
    return top in sys.stdlib_module_names or is_below(target, (own,)) or (module.name, top) in STDLIB_EXCEPTIONS


def _wrong(module: Module, app: str, place: str, target: str) -> Iterator[str]:
    if APPS.index(app) > APPS.index(module.app):
        yield f"{module.app} may not know of {app}"
    if is_below(target, ("safeguarding.embedded",)):
        yield "the product runs without the embedded servers"
    if app != module.app:
        if place == "models" and target != f"{app}.models":
            yield f"models of another app come from {app}.models"
        return
    own, theirs = layer_of(module.place), layer_of(place)
    if (module.place, place) in FIELD_TYPES:
        return
    if own is not None and theirs is not None and theirs < own:
        yield f"{module.place} lies below {place}"


def loops(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules that import themselves by way of others."""
    reach = {name: set(targets) for name, targets in edges.items()}
    changed = True
    while changed:
        changed = False
        for targets in reach.values():
            more = set().union(*(reach.get(target, set()) for target in targets)) - targets
            targets |= more
            changed = changed or bool(more)
    return sorted(name for name, targets in reach.items() if name in targets)


def upward_names(module: Module) -> list[str]:
    """Find a higher app named in a text, such as `apps.get_model("incidents.Incident")`: an import by another door."""
    higher = APPS[APPS.index(module.app) + 1 :]
    if not higher:
        return []
    name = re.compile(rf"(?:{'|'.join(higher)})(?:\.\w+)+")
    return [
        module.at(node, f"names {node.value!r}, which lies above {module.app}")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and name.fullmatch(node.value)
    ]


def test_imports_go_down() -> None:
    must_be_none([wrong for module in modules() for wrong in complaints(module)])


def test_no_app_names_a_higher_one_in_a_text() -> None:
    must_be_none([wrong for module in modules() for wrong in upward_names(module)])


def test_no_module_imports_itself_by_way_of_others() -> None:
    edges = {module.name: {line.target for line in imports(module)} - {module.name} for module in modules()}

    assert loops(edges) == []


def test_every_module_stands_in_a_layer() -> None:
    strays = [
        module.path
        for module in modules()
        if layer_of(module.place) is None and module.place not in {"", "migrations", "embedded"}
    ]

    must_be_none(strays)


def test_every_import_that_may_hide_still_does() -> None:
    hidden = {(module.name, line.target) for module in modules() for line in imports(module) if line.is_deferred}

    assert set(DEFERRED) - hidden == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("accounts.access", "from incidents.models import Incident"),
        ("policies.loading", "import incidents"),
        ("incidents.queries.people", "from incidents.operations import notes"),
        ("incidents.guards", "from incidents.queries.people import people_by_id"),
        ("incidents.models.notes", "from incidents.access import my_concerns"),
        ("incidents.access", "from accounts.models.users import User"),
        ("incidents.views.notes", "from . import people"),
        ("incidents.views.notes", "def note():\n    from incidents.operations import notes"),
        ("policies.engine.taxonomy", "from django.db import models"),
        ("policies.engine.taxonomy", "from policies.models import Adoption"),
        ("accounts.views.login", "from safeguarding.embedded import house"),
    ],
)
def test_a_wrong_import_is_found(name: str, text: str) -> None:
    assert complaints(Module(name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incidents.access", "from accounts.queries.members import holders"),
        ("incidents.views.notes", "from incidents.operations import notes"),
        ("policies.engine.facts", "import dataclasses\nfrom policies.engine import taxonomy"),
    ],
)
def test_a_right_import_is_left_alone(name: str, text: str) -> None:
    assert complaints(Module(name, text)) == []


def test_a_loop_and_a_name_in_a_text_are_found() -> None:
    assert loops({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == ["a", "b", "c"]
    assert upward_names(Module("accounts.access", 'get_model("incidents.Incident")'))
