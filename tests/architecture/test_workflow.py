"""One table says where a case may go; every status is in it, no case is stuck, and the drawing is the table."""

import ast
from collections.abc import Iterable

from incidents import guards
from incidents.management.commands.draw_workflow import FILE, document, reachable
from incidents.models import Incident
from incidents.statuses import Status
from incidents.workflow import TRANSITIONS, Transition
from tests.architecture.source import ROOT, modules


def dead_ends(table: Iterable[Transition]) -> set[Status]:
    """Return the statuses that a case can come to and never leave."""
    moves = list(table)
    return {move.target for move in moves} - {move.source for move in moves}


def test_every_status_can_be_reached() -> None:
    assert reachable() == set(Status)


def test_no_status_is_a_dead_end() -> None:
    assert dead_ends(TRANSITIONS) == set()


def test_no_move_stands_in_the_table_twice() -> None:
    moves = [(move.source, move.target) for move in TRANSITIONS]

    assert len(moves) == len(set(moves))


def test_every_case_begins_where_the_table_begins() -> None:
    assert Incident._meta.get_field("status").default is Status.REPORTED


def test_every_guard_is_used_and_says_what_it_asks_for() -> None:
    tree = next(module.tree for module in modules() if module.name == "incidents.guards")
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

    used = {guard.__name__ for move in TRANSITIONS for guard in (move.guard, move.given)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    elsewhere = {
        node.attr
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "guards"
    }
    assert names - used - called - elsewhere == set()
    assert all(getattr(guards, name).__doc__ for name in names if not name.startswith("_"))


def test_the_table_alone_says_which_permission_a_move_needs() -> None:
    """A column that nothing reads would be a promise that nothing keeps."""
    read = [
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "permission"
        and ast.unparse(node.value) in ("transition", "move", "self")
        and "management" not in module.name
    ]

    assert read, "Transition.permission is read by nothing: the views must ask the table, not a table of their own."


def test_the_drawing_is_up_to_date() -> None:
    assert (ROOT / FILE).read_text() == document(), "Run manage.py draw_workflow."


def test_a_dead_end_is_found() -> None:
    assert dead_ends([move for move in TRANSITIONS if move.source is not Status.CLOSED]) == {Status.CLOSED}
