"""Which moves a case allows whoever reads it now, and for every other the sentence that says why not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from incidents.models import Incident
from incidents.queries.closing import asks_second_person, is_next_look, second_people, standing_of, stands_in_the_way
from incidents.queries.obligations import Checklist, Duty
from incidents.statuses import Level, Outcome, Status
from incidents.workflow import why_not
from policies.queries.answers import Citations
from policies.queries.packs import packs_of


@dataclass(frozen=True)
class Moves:
    """What the buttons of a case page say. An empty sentence: the button may be pressed."""

    why_not_close: str
    why_not_watch: str
    # What has to be settled before it is closed.
    in_the_way: tuple[Duty, ...]
    # Why a second person agrees; nothing where nobody has to, or nobody could.
    why_second: str
    seconds: tuple[User, ...]
    # Who asked that it be closed, and how; it waits for somebody else.
    asked_by: User | None
    asked_outcome: Outcome | None
    # When a watched case is looked at again.
    next_look: Duty | None

    @property
    def is_asked(self) -> bool:
        """Say whether somebody asked that it be closed, and nobody answered yet."""
        return self.asked_outcome is not None


def moves_of(incident: Incident, asked: Checklist, owners: Sequence[User], *, by: User) -> Moves:
    """Return what may be done with a case, from what its page has read already: no query."""
    duties = [duty for group in (*asked.urgent, *asked.rest) for duty in group.duties]
    standing = standing_of(incident, [duty.row for duty in duties], owners, by=by)
    # That a second person has to agree is said where it is asked for: the button for that may be pressed.
    agreed = replace(standing, has_agreed=True)
    outcome = incident.closing_outcome
    return Moves(
        why_not_close=why_not(incident, Status.CLOSED, agreed),
        why_not_watch=why_not(incident, Status.MONITORING, standing),
        in_the_way=tuple(duty for duty in duties if stands_in_the_way(duty.row, incident)),
        why_second=_why_second(incident) if standing.needs_second else "",
        seconds=tuple(second_people(owners, by=by)),
        asked_by=next((user for user in owners if user.pk == incident.closing_asked_by_id), None),
        asked_outcome=Outcome(outcome) if outcome else None,
        next_look=next((duty for duty in duties if is_next_look(duty.row, incident)), None),
    )


def _why_second(incident: Incident) -> str:
    closing = asks_second_person(incident)
    if closing is None:
        return ""
    if closing.clause:
        packs = packs_of(incident.adoption)
        pack = next(pack for pack in reversed(packs) if pack.closing)
        cited = Citations(packs).of(pack.id, closing.clause)
        return f"Our policy wants a second person to agree before this case is closed: {cited}."
    level = Level.DANGER if incident.is_danger_reported else Level(incident.level)
    return (
        f"Before a case of the level {level.label.lower()} is closed, a second person agrees. Our policy says nothing "
        "of it: this is how the system is set."
    )
