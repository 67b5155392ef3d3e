"""What the receiver of a call is, as far as one file tells: a model's rows, something harmless, or unknown.

`rows.update(...)` writes to the database and `sizes.update(...)` does not. The reader follows names through
assignments, annotations and chains within a file. Whatever it cannot tell stays unknown, for the caller to distrust.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps

from tests.architecture.source import Module, dotted, imported_names, module_names

HARMLESS, UNKNOWN, ROWS = "harmless", "unknown", "rows"
# Types whose `update`, `delete` or `save` touches no table of ours. A session is the framework's own table.
HARMLESS_TYPES = {
    *("dict", "set", "frozenset", "list", "tuple", "str", "bytes", "bytearray"),
    *("Counter", "defaultdict", "OrderedDict", "ChainMap", "deque", "TypedDict"),
    *("Mapping", "MutableMapping", "MutableSet", "Sequence", "QueryDict", "SessionBase", "_Hash", "HMAC"),
}
HARMLESS_CALLS = {*HARMLESS_TYPES, "sorted", "vars", "globals", "hmac.new", "copy.copy", "copy.deepcopy"}
HARMLESS_PREFIXES = ("hashlib.", "collections.", "cryptography.")
HARMLESS_ATTRIBUTES = {"session", "environ", "headers", "META", "settings_dict", "__dict__"}
# What gives back the same kind of thing as it was called on.
SAME_KIND = {"copy", "union", "difference", "intersection", "symmetric_difference"}
# Methods of a model or a manager that give rows back or make a row.
GIVES_ROWS = {
    *("all", "filter", "exclude", "order_by", "select_for_update", "select_related", "prefetch_related", "distinct"),
    *("only", "defer", "annotate", "alias", "none", "using", "reverse", "for_school", "raw", "iterator"),
    *("get", "first", "last", "earliest", "latest", "create", "get_or_create", "update_or_create", "in_bulk"),
}


@dataclass(frozen=True)
class Kind:
    """What an expression is, and which model's rows where that is known."""

    kind: str
    model: str = ""


Unknown, Harmless = Kind(UNKNOWN), Kind(HARMLESS)


def model_names() -> frozenset[str]:
    """Return the class names of every model, ours and the libraries'."""
    return frozenset(model.__name__ for model in apps.get_models())


def related_managers() -> dict[str, str]:
    """Return the names under which rows hang from other rows (`incident.people`), and of which model they are."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            name = relation.get_accessor_name()
            if name and (relation.one_to_many or relation.many_to_many):
                found[name] = relation.related_model.__name__
        found |= {many.name: many.related_model.__name__ for many in model._meta.many_to_many}
    return found


@dataclass
class Scope:
    """One function, class or file: what its names were annotated as and everything they were given."""

    node: ast.AST
    outer: "Scope | None"
    annotated: dict[str, ast.expr] = field(default_factory=dict)
    given: dict[str, list[ast.expr | None]] = field(default_factory=dict)


class Reader:
    """Tells kinds of expressions of one file."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.imported = imported_names(module.tree)
        self.models = model_names()
        self.related = related_managers()
        self.scope_of: dict[int, Scope] = {}
        self.returns = {
            node.name: node.returns
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef) and node.returns is not None
        }
        self._enter(module.tree, None)

    def kind_of(self, node: ast.expr, scope: Scope | None = None, seen: frozenset[str] = frozenset()) -> Kind:
        """Return what the expression is."""
        scope = scope or self.scope_of[id(node)]
        if isinstance(node, ast.Dict | ast.DictComp | ast.Set | ast.SetComp | ast.List | ast.ListComp | ast.JoinedStr):
            return Harmless
        if isinstance(node, ast.Constant):
            return Harmless
        if isinstance(node, ast.BinOp):
            return self._both(node.left, node.right, scope, seen)
        if isinstance(node, ast.IfExp):
            return self._both(node.body, node.orelse, scope, seen)
        if isinstance(node, ast.BoolOp):
            return self._all([self.kind_of(value, scope, seen) for value in node.values])
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.kind_of(node.value, scope, seen)
        if isinstance(node, ast.Subscript):
            inner = self.kind_of(node.value, scope, seen)
            return inner if inner.kind == ROWS else Unknown
        if isinstance(node, ast.Call):
            return self._call(node, scope, seen)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, scope, seen)
        return self._name(node.id, scope, seen) if isinstance(node, ast.Name) else Unknown

    def _call(self, node: ast.Call, scope: Scope, seen: frozenset[str]) -> Kind:
        whole = self._whole(node.func)
        if whole in HARMLESS_CALLS or whole.startswith(HARMLESS_PREFIXES) or whole.split(".")[-1] in HARMLESS_TYPES:
            return Harmless
        if self._is_model(whole):
            return Kind(ROWS, whole.split(".")[-1])
        if isinstance(node.func, ast.Name) and node.func.id in self.returns:
            return self._annotation(self.returns[node.func.id])
        if isinstance(node.func, ast.Attribute):
            owner = self.kind_of(node.func.value, scope, seen)
            if owner.kind == ROWS and node.func.attr in GIVES_ROWS:
                return owner
            if owner.kind == HARMLESS and node.func.attr in SAME_KIND:
                return owner
        return Unknown

    def _attribute(self, node: ast.Attribute, scope: Scope, seen: frozenset[str]) -> Kind:
        whole = self._whole(node)
        if node.attr in ("objects", "_default_manager", "_base_manager"):
            return Kind(ROWS, whole.split(".")[-2] if whole else "")
        if node.attr in self.related:
            return Kind(ROWS, self.related[node.attr])
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            return self._name(f"self.{node.attr}", scope, seen)
        if node.attr in HARMLESS_ATTRIBUTES or whole in module_names():
            return Harmless
        return Unknown

    def _name(self, name: str, scope: Scope | None, seen: frozenset[str]) -> Kind:
        if name in seen:
            # A name made out of itself, as in `sizes = sizes | more`: the other assignments decide.
            return Harmless
        while scope is not None:
            if name in scope.annotated:
                return self._annotation(scope.annotated[name])
            if isinstance(scope.node, ast.ClassDef) and name.removeprefix("self.") in scope.annotated:
                return self._annotation(scope.annotated[name.removeprefix("self.")])
            if name in scope.given:
                given = scope.given[name]
                seen |= {name}
                return self._all([self.kind_of(value, scope, seen) if value else Unknown for value in given])
            scope = scope.outer
        target = self.imported.get(name, "")
        if target in module_names() or (target and target == name):
            return Harmless
        return Kind(ROWS, name) if self._is_model(target or name) else Unknown

    def _is_model(self, whole: str) -> bool:
        """Say whether a dotted name is a model: one imported from a `models` module, or one of this file."""
        return whole.split(".")[-1] in self.models and (".models" in whole or "." not in whole)

    def _annotation(self, node: ast.expr | None) -> Kind:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        if isinstance(node, ast.BinOp):
            sides = [self._annotation(side) for side in (node.left, node.right) if not _is_none(side)]
            return self._all(sides)
        if isinstance(node, ast.Subscript):
            node = node.value
        last = dotted(node).split(".")[-1] if node is not None else ""
        if last in HARMLESS_TYPES:
            return Harmless
        if (node is not None and self._is_model(self._whole(node))) or last.endswith(("QuerySet", "Manager")):
            return Kind(ROWS, last.removesuffix("QuerySet"))
        return Unknown

    def _both(self, left: ast.expr, right: ast.expr, scope: Scope, seen: frozenset[str]) -> Kind:
        return self._all([self.kind_of(left, scope, seen), self.kind_of(right, scope, seen)])

    @staticmethod
    def _all(kinds: list[Kind]) -> Kind:
        """Several possibilities are rows when one is, harmless only when all are."""
        rows = next((kind for kind in kinds if kind.kind == ROWS), None)
        if rows:
            return rows
        return Harmless if kinds and all(kind.kind == HARMLESS for kind in kinds) else Unknown

    def _whole(self, node: ast.expr) -> str:
        first, dot, rest = dotted(node).partition(".")
        return f"{self.imported.get(first, first)}{dot}{rest}"

    def _enter(self, node: ast.AST, outer: Scope | None) -> None:
        scope = Scope(node, outer)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for argument in _arguments(node.args):
                if argument.annotation is not None:
                    scope.annotated[argument.arg] = argument.annotation
                else:
                    scope.given.setdefault(argument.arg, []).append(None)
            if node.args.vararg:
                scope.annotated[node.args.vararg.arg] = ast.Name("tuple")
            if node.args.kwarg:
                scope.annotated[node.args.kwarg.arg] = ast.Name("dict")
        for child in _own(node):
            self.scope_of[id(child)] = scope
            self._note(child, scope)
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                self._enter(child, scope)

    def _note(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._give(target, node.value, scope)
        elif isinstance(node, ast.AnnAssign):
            name = _target(node.target)
            _home(name, scope).annotated[name] = node.annotation
        elif isinstance(node, ast.NamedExpr | ast.AugAssign):
            self._give(node.target, node.value, scope)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._give(node.target, None, scope)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._give(node.optional_vars, node.context_expr, scope)

    def _give(self, target: ast.expr, value: ast.expr | None, scope: Scope) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            matched = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
            values: list[ast.expr | None] = list(value.elts) if matched else [None] * len(target.elts)
            for inner, one in zip(target.elts, values, strict=True):
                self._give(inner, one, scope)
            return
        name = _target(target)
        if name:
            _home(name, scope).given.setdefault(name, []).append(value)


def _home(name: str, scope: Scope) -> Scope:
    """An attribute of `self` belongs to the class; every other name to the place that gives it."""
    home: Scope | None = scope
    while name.startswith("self.") and home is not None:
        if isinstance(home.node, ast.ClassDef):
            return home
        home = home.outer
    return scope


def _target(node: ast.expr) -> str:
    return dotted(node) if isinstance(node, ast.Name) or dotted(node).startswith("self.") else ""


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in this scope, without the inside of functions and classes in it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from _own(child)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
