"""Rows change only inside `operations/`; statuses, audit rows and messages each have one writer of their own."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.architecture.inference import HARMLESS, HARMLESS_ATTRIBUTES, ROWS, Reader, related_managers
from tests.architecture.source import Module, dotted, modules, must_be_none

# Only the ORM has these, so their mere mention is a write, whatever they stand on.
ORM_WRITES = {
    *(
        "bulk_create",
        "insert_rows",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "_raw_delete",
        "_update",
        "save_base",
    ),
    *("abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create"),
    *("asave", "acreate", "aupdate", "adelete", "aadd", "aset", "aclear", "aremove"),
}
# Other things have these too: a write unless the receiver is known to be harmless.
SHARED_WRITES = {"save", "create", "update", "delete"}
# Sets and forms have these everywhere: a write only on what is known to be rows.
MEMBER_WRITES = {"add", "set", "clear", "remove"}
WRITING_BASES = {"ModelForm", "ModelAdmin", "CreateView", "UpdateView", "DeleteView", "ModelSerializer"}
RAW_WRITE = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+(?:ONLY\s+)?\S+\s+(?:AS\s+\S+\s+)?SET|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO|COPY\s"
    r"|ALTER\s|DROP\s|CREATE\s|GRANT\s|REVOKE\s|nextval|setval|lo_)",
    re.IGNORECASE,
)
RAW_CALLS = {"execute", "executemany", "callproc", "copy_from", "copy_expert", "raw", "execute_values"}

WRITERS = {"operations", "models", "migrations"}
ALSO_WRITE = {
    "accounts.audit": "the audit ledger is its own writer",
    "accounts.outbox": "the outbox is its own writer: the sweep claims and delivers",
    "accounts.heartbeats": "a sweep leaves its mark",
    "accounts.grants": "as the owner of the tables, gives the runtime role its rights; writes no row",
}
# Standard library only (test_imports.py), so no model is within reach: it starts the servers and makes their roles.
NOT_THE_PRODUCT = {"embedded"}
ONE_WRITER = {
    "AuditEvent": "accounts.audit",
    "AuditChain": "accounts.audit",
    "OutboxMessage": "accounts.outbox",
    "Heartbeat": "accounts.heartbeats",
    "ChronologyEntry": "incidents.operations.chronology",
}
STATUS_WRITER = "incidents.operations.workflow"
# Where cases come to be, each in one function: a concern that is logged, and a past one that is taken over closed.
STATUS_INSERTS = {"incidents.operations.incidents": "_unsaved", "incidents.operations.imports": "_taken"}


def may_write(module: Module) -> bool:
    return module.place in WRITERS | NOT_THE_PRODUCT or module.name in ALSO_WRITE


def writes(module: Module) -> list[str]:
    """Find everything that may change a row."""
    reader = Reader(module)
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and _is_write(node, reader):
            found.append(module.at(node, f"{ast.unparse(node)} may change a row outside operations/"))
        elif isinstance(node, ast.Call) and _is_named_write(node):
            found.append(module.at(node, f"{ast.unparse(node)} gets at a write by its name"))
        elif isinstance(node, ast.Call) and _is_raw(node, module):
            found.append(module.at(node, f"{ast.unparse(node.func)} sends a statement that may change a row"))
        elif isinstance(node, ast.ClassDef):
            bases = {dotted(base).split(".")[-1] for base in node.bases} & WRITING_BASES
            found += [module.at(node, f"{node.name} writes rows by itself, being a {base}") for base in sorted(bases)]
    return found


def _is_write(node: ast.Attribute, reader: Reader) -> bool:
    if node.attr in ORM_WRITES:
        return True
    if node.attr in SHARED_WRITES:
        return reader.kind_of(node.value).kind != HARMLESS
    return node.attr in MEMBER_WRITES and reader.kind_of(node.value).kind == ROWS


def _is_named_write(node: ast.Call) -> bool:
    is_getter = dotted(node.func).split(".")[-1] in ("getattr", "attrgetter", "methodcaller")
    return is_getter and bool({*_texts(node)} & (ORM_WRITES | SHARED_WRITES))


def _is_raw(node: ast.Call, module: Module) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in RAW_CALLS or not node.args:
        return False
    statement = _text(node.args[0], module)
    return statement is None or RAW_WRITE.search(statement) is not None


def _text(node: ast.expr, module: Module) -> str | None:
    """Return the text of a statement with `x` for what is put into it; None where it cannot be read."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    if isinstance(node, ast.BinOp):
        sides = [_text(node.left, module), _text(node.right, module)]
        return None if None in sides else "".join(str(side) for side in sides)
    if isinstance(node, ast.Name):
        given = [
            assigned.value
            for assigned in ast.walk(module.tree)
            if isinstance(assigned, ast.Assign) and any(dotted(target) == node.id for target in assigned.targets)
        ]
        texts = [_text(value, module) for value in given if not isinstance(value, ast.Name)]
        return " ".join(str(text) for text in texts) if texts and None not in texts else None
    return None


def foreign_rows(module: Module) -> list[str]:
    """Find rows of a ledger made or changed by anything but its one writer."""
    reader = Reader(module)
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        kind = reader.kind_of(node)
        is_made = kind.kind == ROWS and dotted(node.func).split(".")[-1] == kind.model
        is_changed = isinstance(node.func, ast.Attribute) and node.func.attr in ORM_WRITES | SHARED_WRITES
        model = kind.model if is_made else ""
        if is_changed and isinstance(node.func, ast.Attribute):
            model = reader.kind_of(node.func.value).model
        if model in ONE_WRITER and module.name != ONE_WRITER[model]:
            found.append(module.at(node, f"{model} is written by {ONE_WRITER[model]} alone"))
    return found


def status_writes(module: Module) -> list[str]:
    """Find everything that sets a status: an assignment, a keyword of a write, a name among updated columns."""
    found = [
        module.at(node, "a status is set by the workflow alone")
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "status" and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Call) and _sets_status(node))
    ]
    return found if module.name != STATUS_WRITER else []


def _sets_status(node: ast.Call) -> bool:
    name = dotted(node.func).split(".")[-1] or getattr(node.func, "attr", "")
    keywords = {keyword.arg for keyword in node.keywords}
    if name in ("update", "create", "aupdate", "acreate", "Incident") and "status" in keywords:
        return True
    if name == "setattr" or name in ("save", "bulk_update", "update_or_create", "get_or_create"):
        return "status" in set(_texts(node))
    return False


def _texts(node: ast.Call) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value


def is_the_insert(module: Module, complaint: str) -> bool:
    """Only the functions that make a case may give it its first status."""
    if module.name not in STATUS_INSERTS:
        return False
    insert = next(
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name == STATUS_INSERTS[module.name]
    )
    line = int(complaint.split(":")[1])
    return insert.lineno <= line <= (insert.end_lineno or 0)


def test_rows_change_only_in_operations() -> None:
    must_be_none([found for module in modules() if not may_write(module) for found in writes(module)])


def test_ledger_rows_have_one_writer() -> None:
    must_be_none([found for module in modules() if not module.is_migration for found in foreign_rows(module)])


def test_a_status_has_one_writer() -> None:
    written = [(module, found) for module in modules() if not module.is_migration for found in status_writes(module)]

    must_be_none([found for module, found in written if not is_the_insert(module, found)])


def test_no_row_hides_behind_a_harmless_name() -> None:
    columns = {field.name for model in apps.get_models() for field in model._meta.get_fields()}

    assert HARMLESS_ATTRIBUTES & (columns | set(related_managers())) == set()


def test_every_named_writer_exists() -> None:
    names = {module.name for module in modules()}

    assert {*ALSO_WRITE, *ONE_WRITER.values(), STATUS_WRITER, *STATUS_INSERTS} - names == set()


MODELS = (
    "from incidents.models import Incident, IncidentQuerySet\nfrom accounts.models import AuditEvent, OutboxMessage\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "Incident.objects.create(reference='A')",
        "Incident.objects.filter(pk=1).update(level=2)",
        "cases = Incident.objects.all()\ncases = cases.exclude(pk=1)\ncases.delete()",
        "def f(cases: IncidentQuerySet):\n    cases.update(level=2)",
        "def f(case: 'Incident | None'):\n    case.save()",
        "def f(case):\n    case.save(update_fields=['level'])",
        "def f(thing):\n    thing.update(level=2)",
        "for case in Incident.objects.all():\n    case.delete()",
        "incident.people.update(part='named')",
        "incident.people.add(person, bulk=False)",
        "Incident.objects.bulk_create(rows)",
        "Incident.objects.insert_rows(rows, alike={})",
        "Incident.objects.get_or_create(reference='A')",
        "write = Incident.objects.bulk_update",
        "async def f(case):\n    await case.asave()",
        "async def f():\n    await Incident.objects.acreate(reference='A')",
        "models.Model.save(case)",
        "getattr(case, 'save')()",
        "sizes = {}\nsizes = Incident.objects.all()\nsizes.update(level=1)",
        "sizes = {} if empty else Incident.objects.all()\nsizes.update(level=1)",
        "class A:\n    def __init__(self, a):\n        self.a = a\n    def f(self):\n        self.a.delete()",
        "cursor.execute('UPDATE incidents_incident SET level = 0')",
        "cursor.execute(f'DELETE FROM {table}')",
        "cursor.execute('WITH gone AS (DELETE FROM a RETURNING id) SELECT id FROM gone')",
        "statement = 'TRUNCATE ' + table\ncursor.execute(statement)",
        "cursor.executemany(statements, rows)",
        "Incident.objects.raw('INSERT INTO a VALUES (1) RETURNING id')",
        "class CaseForm(forms.ModelForm):\n    pass",
    ],
)
def test_a_write_is_found(text: str) -> None:
    assert writes(Module("incidents.views.notes", MODELS + text))


@pytest.mark.parametrize(
    "text",
    [
        "sizes = {}\nsizes.update(a=1)",
        "def f(sizes: dict[str, int]):\n    sizes.update(a=1)",
        "def f(**options):\n    options.update(a=1)",
        "sizes = dict(a=1)\nmore = sizes | {'b': 2}\nmore.update(c=3)",
        "seen: set[str] = set()\nseen.update(names)\nseen.add('a')",
        "class A:\n    def __init__(self):\n        self.sizes = {}\n    def f(self):\n        self.sizes.update(a=1)",
        "class A:\n    sizes: dict[str, int]\n    def f(self):\n        self.sizes.update(a=1)",
        "import hashlib\ndigest = hashlib.sha256()\ndigest.update(b'a')",
        "import hmac\nhmac.new(key, digestmod='sha256').update(b'a')",
        "import os\nos.environ.update(values)",
        "from collections import Counter\ncounts = Counter()\ncounts.update(names)",
        "def sizes() -> dict[str, int]:\n    return {}\nsizes().update(a=1)",
        "request.session.save()",
        "from incidents.operations import notes\nnotes.create(text='a')",
        "cursor.execute('SELECT id FROM a FOR UPDATE SKIP LOCKED')",
        "statement = 'SELECT updated_at FROM a'\ncursor.execute(statement)",
    ],
)
def test_what_only_looks_like_a_write_is_left_alone(text: str) -> None:
    assert writes(Module("incidents.views.notes", MODELS + text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "AuditEvent.objects.create(seq=1)",
        "row = AuditEvent(seq=1)",
        "OutboxMessage.objects.filter(pk=1).update(tries=0)",
        "message = OutboxMessage.objects.get(pk=1)\nmessage.delete()",
    ],
)
def test_a_ledger_row_by_another_hand_is_found(text: str) -> None:
    assert foreign_rows(Module("incidents.operations.notes", MODELS + text))


@pytest.mark.parametrize(
    "text",
    [
        "incident.status = Status.CLOSED",
        "setattr(incident, 'status', Status.CLOSED)",
        "Incident.objects.filter(pk=1).update(status='closed')",
        "Incident(status='closed')",
        "incident.save(update_fields=['status'])",
    ],
)
def test_a_status_by_another_hand_is_found(text: str) -> None:
    assert status_writes(Module("incidents.operations.notes", MODELS + text))


def test_a_status_of_an_answer_is_left_alone() -> None:
    text = "JsonResponse(body, status=404)\nif incident.status == Status.CLOSED: rows.filter(status='open')"

    assert status_writes(Module("incidents.views.notes", text)) == []
