"""What the state of a case allows, whoever asks. Each raises `Refused` with a sentence a person can read."""

from dataclasses import dataclass

from accounts.errors import Refused
from incidents.models import Incident
from incidents.statuses import Outcome


@dataclass(frozen=True)
class Move:
    """What somebody wants to do with a case's status: the reason and the outcome they gave."""

    reason: str = ""
    outcome: Outcome | None = None


def anything(incident: Incident, move: Move) -> None:
    """Allow the move in any state."""


def has_owner(incident: Incident, move: Move) -> None:
    """Allow the move once somebody owns the case."""
    if incident.owner_id is None:
        raise Refused("owner_missing", "Nobody owns this case yet. Choose an owner first.")


def outcome_and_reason_given(incident: Incident, move: Move) -> None:
    """Allow closing with an outcome and the reason for it."""
    if move.outcome is None:
        raise Refused("outcome_missing", "Choose how the case ended.")
    reason_given(incident, move)


def reason_given(incident: Incident, move: Move) -> None:
    """Allow the move with a written reason."""
    if not move.reason.strip():
        raise Refused("reason_missing", "Write down the reason. It is kept with the case.")
