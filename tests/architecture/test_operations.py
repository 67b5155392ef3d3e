"""Every operation is called by name, says what it takes and promises, and leaves a trace in the ledger."""

import ast
from collections.abc import Iterable
from functools import cache

import pytest

from tests.architecture.source import Module, dotted, imported_names, module_names, modules, must_be_none

TRACES = {
    "accounts.audit.record",
    "accounts.audit.record_many",
    "incidents.operations.chronology.append",
    "incidents.operations.chronology.witness",
}
# Operations that leave no trace of their own, each with its reason.
UNTRACED = {
    "incidents.operations.reminders.next_step": "changes nothing: says what is due next",
    "incidents.operations.reminders.plan_told": "changes nothing: the sweep does and records what it says",
    "incidents.operations.told_concerns.begin_writing": "saves a draft",
    "accounts.operations.keys.reseal_second_factors": "a user's factor is no school's; the command says what it did",
    "accounts.operations.preferences.set_preferences": "a person's own, and of no school",
    "accounts.operations.factors.note_added": "the receiver that calls it records it, in the chain of every school",
    "accounts.operations.factors.announce_removal": "queues messages about what the receiver records",
    "accounts.operations.factors.announce_to_second": "queues messages about what the receiver records",
    "accounts.operations.sessions.end_quietly": "part of what is recorded: a role, a factor, an account switched off",
    "accounts.operations.trusts.create_trust": "every ledger is a school's, and a trust is none",
    "accounts.operations.users.create_users": "a user is of no school until a membership says so, which is recorded",
    "accounts.operations.users.note_emergency": "a hint that opens nothing; what opens cases is recorded",
    "accounts.operations.users.note_named": "a hint that opens nothing; naming somebody on a case is recorded",
    "incidents.operations.obligations.begin": "changes nothing: `report_concern` stores and records what it returns",
    "incidents.operations.obligations.end_with_the_case": "part of closing, which is recorded",
    "incidents.operations.obligations.keep_next_due": "copies what is due next to the case, for its order in the queue",
    "incidents.operations.tellings.tell_of_new": "part of logging, which is recorded; queues messages",
    "incidents.operations.tellings.tell": "part of what brings the duty, which is recorded; queues messages",
    "incidents.operations.tellings.to_tell": "changes nothing: says which are told by the system",
    "incidents.operations.escalations.plan_obligations": "changes nothing: the sweep does and records what it says",
    "policies.operations.sweep.sweep": "each batch records what it did, with `record_many`",
    "policies.operations.escalations.plan_duties": "changes nothing: the sweep does and records what it says",
    "incidents.operations.saved_views.save": "a filter is its owner's alone and opens nothing",
    "incidents.operations.saved_views.drop": "a filter is its owner's alone and opens nothing",
    "incidents.operations.drafts.save_draft": "what is not sent is its author's alone; sending it is recorded",
    "incidents.operations.drafts.drop_draft": "what was never sent is nobody's record",
    "incidents.operations.chronology.next_id": "changes nothing: makes an id",
    "incidents.operations.chronology.may_be_corrected": "changes nothing: says what a correction may stand beside",
    "incidents.operations.drafts.author_token": "changes nothing: signs who began a draft",
    "incidents.operations.drafts.is_proved": "changes nothing: reads who began a draft",
    "incidents.operations.drafts.keep_by_token": "saves a draft",
    "incidents.operations.custody.locked": "changes nothing: locks",
}


def operations(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the public functions of a module of operations."""
    return [
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_")
    ]


def shape(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Say what is wrong with how an operation is written."""
    arguments, wrong = function.args, []
    if arguments.posonlyargs or arguments.args or arguments.vararg:
        wrong.append("takes arguments by position")
    if arguments.kwarg or any(argument.annotation is None for argument in arguments.kwonlyargs):
        wrong.append("has arguments without a type")
    if function.returns is None:
        wrong.append("does not say what it returns")
    if not ast.get_docstring(function):
        wrong.append("has no docstring")
    return [module.at(function, f"{function.name} {problem}") for problem in wrong]


def calls(module: Module) -> dict[str, set[str]]:
    """Return which functions each function of a module names, by dotted name, anywhere in its body."""
    imported = imported_names(module.tree)
    own = {node.name for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    found: dict[str, set[str]] = {}
    for node in module.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        named = {dotted(child.func) for child in ast.walk(node) if isinstance(child, ast.Call)}
        found[f"{module.name}.{node.name}"] = {_whole(name, module, own, imported) for name in named if name}
    return found


def _whole(name: str, module: Module, own: set[str], imported: dict[str, str]) -> str:
    first, dot, rest = name.partition(".")
    if not dot and first in own:
        return f"{module.name}.{first}"
    return f"{imported.get(first, first)}{dot}{rest}"


@cache
def everything_called() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module in modules():
        found |= calls(module)
    return found


def leaves_a_trace(name: str, called: dict[str, set[str]]) -> bool:
    """Say whether a function reaches the ledger, itself or by what it calls."""
    seen, waiting = set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current in TRACES:
            return True
        if current not in seen:
            seen.add(current)
            waiting += called.get(current, set())
    return False


def untraced(found: Iterable[Module], called: dict[str, set[str]]) -> list[str]:
    return [
        module.at(function, f"{function.name} leaves no trace in the ledger")
        for module in found
        for function in operations(module)
        if f"{module.name}.{function.name}" not in UNTRACED
        and not leaves_a_trace(f"{module.name}.{function.name}", called)
    ]


def our_operations() -> list[Module]:
    return [module for module in modules() if module.place == "operations" and len(module.parts) > 2]


def test_every_operation_is_called_by_name_and_says_what_it_promises() -> None:
    wrong = [line for module in our_operations() for function in operations(module) for line in shape(module, function)]

    must_be_none(wrong)


def test_every_operation_leaves_a_trace() -> None:
    must_be_none(untraced(our_operations(), everything_called()))


def test_every_exception_still_exists_and_is_still_needed() -> None:
    names = {f"{module.name}.{function.name}" for module in our_operations() for function in operations(module)}

    assert set(UNTRACED) <= names
    assert [name for name in UNTRACED if leaves_a_trace(name, everything_called())] == []


def test_no_operation_answers_a_request() -> None:
    """An operation says no with a sentence (`Refused`); pages and their codes are the views' business."""
    wrong = [
        f"{module.path} imports {target}"
        for module in our_operations()
        for target in imported_names(module.tree).values()
        # An access module says "not there" with Http404, which an operation that asks it may catch.
        if target.startswith(("django.http", "django.shortcuts", "django.contrib.messages"))
        and target != "django.http.Http404"
    ]

    must_be_none(wrong)


def test_every_ledger_function_that_counts_as_a_trace_exists() -> None:
    assert all(name in everything_called() and name.rpartition(".")[0] in module_names() for name in TRACES)


@pytest.mark.parametrize(
    "text",
    [
        "def note(incident: Incident) -> None:\n    '''Say it.'''",
        "def note(*, incident) -> None:\n    '''Say it.'''",
        "def note(*, incident: Incident):\n    '''Say it.'''",
        "def note(*, incident: Incident) -> None:\n    pass",
    ],
)
def test_a_wrong_shape_is_found(text: str) -> None:
    module = Module("incidents.operations.notes", text)

    assert shape(module, operations(module)[0])


def test_a_silent_operation_is_found_and_a_loud_one_is_not() -> None:
    silent = Module("incidents.operations.a", "def note(*, text: str) -> None:\n    print(text)")
    loud = Module(
        "incidents.operations.b",
        "from accounts import audit\ndef note(*, text: str) -> None:\n    _say()\ndef _say():\n    audit.record()",
    )

    assert untraced([silent, loud], calls(silent) | calls(loud)) == ["snippet.py:1: note leaves no trace in the ledger"]
