"""A file that passes its limit is split by noun, never into a drawer."""

import pytest

from tests.architecture.source import ROOT, Module, functions, modules, must_be_none, templates

FILE, FUNCTION, TEMPLATE = 400, 60, 150
PYTHON = (
    "accounts",
    "policies",
    "incidents",
    "safeguarding",
    "tests",
    *(["bench"] if (ROOT / "bench").is_dir() else []),
)


def too_long(module: Module) -> list[str]:
    if module.is_migration:
        return []
    lines = len(module.text.splitlines())
    found = [f"{module.path}: {lines} lines"] if lines > FILE else []
    for function in functions(module.tree):
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION:
            found.append(module.at(function, f"{function.name} has {length} lines"))
    return found


def test_no_file_and_no_function_is_too_long() -> None:
    must_be_none([found for module in modules(*PYTHON) for found in too_long(module)])


def test_no_template_is_too_long() -> None:
    lengths = {name: len(text.splitlines()) for name, text in templates().items()}

    assert {name: lines for name, lines in lengths.items() if lines > TEMPLATE} == {}


@pytest.mark.parametrize("text", ["x = 1\n" * (FILE + 1), "def long():\n" + "    x = 1\n" * FUNCTION])
def test_what_is_too_long_is_found(text: str) -> None:
    assert too_long(Module("incidents.views.notes", text))
    assert too_long(Module("incidents.migrations.0001_tables", text)) == []
