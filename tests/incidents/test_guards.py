"""What the state of a case allows, whoever asks, and the sentence where it does not."""

from collections.abc import Callable

import pytest

from accounts.errors import Refused
from accounts.models import User
from incidents import guards
from incidents.guards import Move
from incidents.models import Incident
from incidents.statuses import Outcome

OWNED = Incident(owner=User(full_name="Dora Safe"))
NOBODYS = Incident()
REASON = "Write down the reason. It is kept with the case."


@pytest.mark.parametrize(
    ("guard", "incident", "move", "sentence"),
    [
        (guards.anything, NOBODYS, Move(), ""),
        (guards.has_owner, OWNED, Move(), ""),
        (guards.has_owner, NOBODYS, Move(reason="x"), "Nobody owns this case yet. Choose an owner first."),
        (guards.reason_given, NOBODYS, Move(reason="It came back."), ""),
        (guards.reason_given, OWNED, Move(), REASON),
        (guards.reason_given, OWNED, Move(reason=" \r\n\u2003"), REASON),
        (guards.outcome_and_reason_given, OWNED, Move(reason="Done.", outcome=Outcome.RESOLVED), ""),
        (guards.outcome_and_reason_given, OWNED, Move(reason="Done."), "Choose how the case ended."),
        (guards.outcome_and_reason_given, OWNED, Move(outcome=Outcome.DUPLICATE, reason=" "), REASON),
    ],
)
def test_a_guard_allows_or_says_why_not(
    guard: Callable[[Incident, Move], None], incident: Incident, move: Move, sentence: str
) -> None:
    if not sentence:
        guard(incident, move)
        return
    with pytest.raises(Refused) as refusal:
        guard(incident, move)
    assert refusal.value.sentence == sentence
