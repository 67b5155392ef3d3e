"""The moment is read once, at the edge, and passed down as `at`: nothing below reads a clock of its own."""

import ast

import pytest

from tests.architecture.source import Module, dotted, imported_names, modules, must_be_none

CLOCKS = {
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.db.models.functions.Now",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
# These read the clock only when they are not told a moment.
CLOCKS_WITHOUT_ARGUMENT = {"django.utils.timezone.localtime", "django.utils.timezone.localdate"}
AUTOMATIC = {"auto_now", "auto_now_add"}
EDGE = {
    "accounts.middleware": "reads the moment of every request",
    "accounts.receivers": "third parties' signals bring no moment",
    "safeguarding.tasks": "a sweep begins here",
}
EDGE_FOLDERS = {
    "management": "a command begins here",
    "embedded": "starts servers, knows no case",
    "migrations": "copies what a library's own columns say",
}


def is_edge(module: Module) -> bool:
    return module.name in EDGE or module.place in EDGE_FOLDERS


def clocks_read(module: Module) -> list[str]:
    known = imported_names(module.tree)
    told = {
        id(node.func) for node in ast.walk(module.tree) if isinstance(node, ast.Call) and (node.args or node.keywords)
    }
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg in AUTOMATIC:
            found.append(module.at(node.value, f"{node.arg} reads a clock below the edge"))
        if not isinstance(node, ast.Attribute | ast.Name) or not isinstance(node.ctx, ast.Load):
            continue
        first, _, rest = dotted(node).partition(".")
        whole = f"{known.get(first, '')}.{rest}".rstrip(".")
        reads = whole in CLOCKS - CLOCKS_WITHOUT_ARGUMENT or (whole in CLOCKS_WITHOUT_ARGUMENT and id(node) not in told)
        if reads:
            found.append(module.at(node, f"{dotted(node)} reads a clock below the edge"))
    return found


def test_nothing_below_the_edge_reads_a_clock() -> None:
    must_be_none([found for module in modules() if not is_edge(module) for found in clocks_read(module)])


def test_every_edge_still_stands() -> None:
    names = {module.name for module in modules()}

    assert set(EDGE) - names == set()


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\nat = timezone.now()",
        "from django.utils.timezone import now as moment\nat = moment()",
        "import datetime\nat = datetime.datetime.now(datetime.UTC)",
        "from datetime import datetime\nfield(default=datetime.now)",
        "from datetime import date\nday = date.today()",
        "from django.utils import timezone\nday = timezone.localtime().date()",
        "import time\nstarted = time.time()",
        "from django.db.models.functions import Now\nrows.filter(due_at__lte=Now())",
        "from django.db import models\nsaved_at = models.DateTimeField(auto_now=True)",
    ],
)
def test_a_clock_below_the_edge_is_found(text: str) -> None:
    assert clocks_read(Module("incidents.operations.notes", text))


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\nday = timezone.localtime(at).date()",
        "import time\nwaited = time.monotonic()",
        "from datetime import datetime\nat = datetime.fromisoformat(text)",
        "at = request.at",
    ],
)
def test_a_moment_that_was_passed_down_is_left_alone(text: str) -> None:
    assert clocks_read(Module("incidents.operations.notes", text)) == []
