"""Our own code as text and syntax trees, read once for every test that reads it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the ground up: each may import those before it.
APPS = ("accounts", "policies", "incidents", "safeguarding")


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name and its text."""

    name: str
    text: str
    path: str = "snippet.py"

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name in parts, without a package's `__init__`."""
        return tuple(self.name.split("."))

    @property
    def app(self) -> str:
        """The app it belongs to."""
        return self.parts[0]

    @property
    def place(self) -> str:
        """The layer's folder or file below the app: `operations`, `views`, `access`."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def is_migration(self) -> bool:
        """Say whether Django wrote it."""
        return self.place == "migrations"

    def at(self, node: ast.AST, sentence: str) -> str:
        """Return a complaint that names the file and the line."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {sentence}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return every module below these folders; without any, every module of our apps."""
    return tuple(_read(path) for folder in folders or APPS for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def module_names() -> frozenset[str]:
    """Return the dotted name of every module and package of ours."""
    return frozenset(module.name for module in modules(*APPS, "tests"))


@cache
def templates() -> dict[str, str]:
    """Return the text of every template by its name."""
    folder = ROOT / "templates"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def must_be_none(complaints: list[str]) -> None:
    """Fail with every complaint on a line of its own."""
    assert not complaints, "\n" + "\n".join(complaints)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for names and attributes of names; nothing for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for, as a dotted name, wherever in the file it is imported."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                found[name] = alias.name if alias.asname else name
    return found


def strings(tree: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    """Yield every text constant that is not a docstring, with its text."""
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node, node.value


@cache
def _read(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name=name, text=path.read_text(), path=relative.as_posix())
