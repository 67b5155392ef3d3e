"""What the state of a case allows, whoever asks, and the sentence where it does not."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.errors import Refused
from accounts.models import User
from incidents import guards
from incidents.guards import Move, Standing
from incidents.models import Incident
from incidents.statuses import Outcome

OWNED = Incident(owner=User(full_name="Dora Safe"))
NOBODYS = Incident()
REASON = "Write down the reason. It is kept with the case."


TWIN = Incident(decision="duplicate", duplicate_of="OAK-7K3F")
SECOND = "A second person has to agree before this case is closed. Ask for that first."
SOON = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("guard", "incident", "standing", "sentence"),
    [
        (guards.anything, NOBODYS, Standing(still_open=4), ""),
        (guards.has_owner, OWNED, Standing(), ""),
        (guards.has_owner, NOBODYS, Standing(), "Nobody owns this case yet. Choose an owner first."),
        (guards.nothing_open, NOBODYS, Standing(needs_second=True), ""),
        (
            guards.nothing_open,
            OWNED,
            Standing(still_open=1),
            "1 thing is still open. Do it, or decide against it, first.",
        ),
        (
            guards.ready_to_close,
            OWNED,
            Standing(still_open=3, has_agreed=True),
            "3 things are still open. Do each, or decide against each, first.",
        ),
        (guards.ready_to_close, OWNED, Standing(), ""),
        (guards.ready_to_close, OWNED, Standing(needs_second=True), SECOND),
        (guards.ready_to_close, OWNED, Standing(needs_second=True, has_agreed=True), ""),
    ],
)
def test_what_a_case_must_be_is_said_before_anybody_tries(
    guard: Callable[[Incident, Standing], None], incident: Incident, standing: Standing, sentence: str
) -> None:
    _allows_or_says(lambda: guard(incident, standing), sentence)


@pytest.mark.parametrize(
    ("given", "incident", "move", "sentence"),
    [
        (guards.nothing, NOBODYS, Move(), ""),
        (guards.reason_given, NOBODYS, Move(reason="It came back."), ""),
        (guards.reason_given, OWNED, Move(), REASON),
        (guards.reason_given, OWNED, Move(reason=" \r\n\u2003"), REASON),
        (guards.outcome_and_reason_given, OWNED, Move(reason="Done.", outcome=Outcome.RESOLVED), ""),
        (guards.outcome_and_reason_given, OWNED, Move(reason="Done."), "Choose how the case ended."),
        (guards.outcome_and_reason_given, OWNED, Move(outcome=Outcome.REFERRED_ON, reason=" "), REASON),
        (guards.outcome_and_reason_given, TWIN, Move(outcome=Outcome.DUPLICATE, reason="Twice."), ""),
        (
            *(guards.outcome_and_reason_given, OWNED, Move(outcome=Outcome.DUPLICATE, reason="Twice.")),
            "Say first, at triage, of which case this is a duplicate.",
        ),
        (
            *(guards.outcome_and_reason_given, TWIN, Move(outcome=Outcome.RESOLVED, reason="Done.")),
            "At triage this was decided to be a duplicate of OAK-7K3F. Close it as that, or decide otherwise at triage "
            "first.",
        ),
        (guards.review_date_and_reason_given, OWNED, Move(review_at=SOON, reason="It is calm."), ""),
        (guards.review_date_and_reason_given, OWNED, Move(review_at=SOON), REASON),
        (
            *(guards.review_date_and_reason_given, OWNED, Move(reason="It is calm.")),
            "Choose the day on which the case is looked at again.",
        ),
    ],
)
def test_what_has_to_be_given_with_a_move_is_asked_for(
    given: Callable[[Incident, Move], None], incident: Incident, move: Move, sentence: str
) -> None:
    _allows_or_says(lambda: given(incident, move), sentence)


def _allows_or_says(act: Callable[[], None], sentence: str) -> None:
    if not sentence:
        act()
        return
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.sentence == sentence
