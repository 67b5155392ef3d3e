"""How far deleting has come on a case: the answers, what still speaks against it, and what was deleted."""

from dataclasses import dataclass

from incidents import guards
from incidents.models import Deletion, DeletionCheck, Incident


@dataclass(frozen=True)
class Gate:
    """The answers to the three questions, the latest first; why nothing may be deleted yet; what was deleted."""

    checks: list[DeletionCheck]
    why_not: str
    deletions: list[Deletion]

    @property
    def latest(self) -> DeletionCheck | None:
        """The answers that count."""
        return self.checks[0] if self.checks else None


def gate_of(incident: Incident) -> Gate:
    """Return how far deleting has come; a fixed number of queries."""
    checks = DeletionCheck.objects.filter(incident=incident).order_by("-checked_at").select_related("checked_by")
    deletions = Deletion.objects.filter(incident=incident).order_by("-deleted_at").select_related("recorded_by")
    return Gate(list(checks), guards.why_not_deleted(incident), list(deletions))
