"""Draw the order of statuses, from the code, in docs/workflow.md. A test compares the two."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from incidents.statuses import OPEN_STATUSES, Status
from incidents.workflow import TRANSITIONS, Transition

FILE = Path("docs") / "workflow.md"
_HEAD = """# How a case moves

Drawn by `manage.py draw_workflow` from the table in `incidents/workflow.py`. Not edited.
"""


class Command(BaseCommand):
    help = "Draw the order of statuses in docs/workflow.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / FILE
        path.parent.mkdir(exist_ok=True)
        path.write_text(document())
        self.stdout.write(f"{FILE} is written.")


def document() -> str:
    """Return the whole page: the diagram, then what each move asks for, then the statuses in words."""
    return "\n".join([_HEAD, _diagram(), _moves(), _statuses()])


def reachable() -> set[Status]:
    """Return the statuses that a case can come to, from where every case begins."""
    found, before = {Status.REPORTED}, set[Status]()
    while found != before:
        before = set(found)
        found |= {move.target for move in TRANSITIONS if move.source in found}
    return found


def _diagram() -> str:
    moves = [f"    {move.source} --> {move.target}: {move.event.label}" for move in TRANSITIONS]
    ends = [f"    {status} --> [*]" for status in Status if status not in OPEN_STATUSES and status in reachable()]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Status.REPORTED}: Concern logged", *moves, *ends, "```"]
    return "\n".join(lines) + "\n"


def _moves() -> str:
    head = [
        "| From | To | Recorded as | Permission | The case must be so | Is given with it |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(_row(move) for move in TRANSITIONS)]) + "\n"


def _row(move: Transition) -> str:
    asks, given = ((guard.__doc__ or "").strip() for guard in (move.guard, move.given))
    moved = f"{move.source.label} | {move.target.label} | {move.event.label}"
    return f"| {moved} | `{move.permission}` | {asks} | {given} |"


def _statuses() -> str:
    head = ["| Status | Those who handle it see | The reporter sees | Can be reached |", "|---|---|---|---|"]
    body = [
        f"| `{status}` | {status.label} | {status.reporter_label} | {'yes' if status in reachable() else 'not yet'} |"
        for status in Status
    ]
    return "\n".join([*head, *body]) + "\n"
