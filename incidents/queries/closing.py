"""What stands in the way of closing a case: what must still be done, and a second person who has to agree."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.models import User
from incidents.access import possible_owners
from incidents.guards import Standing
from incidents.models import Allegation, Incident, Obligation
from incidents.queries.people import involved_people
from incidents.routes import IN_PERSON
from incidents.statuses import OUTLIVE_THE_CASE, Decision, Undertaking
from policies.engine.closing import closing_of
from policies.engine.packs import Closing
from policies.engine.vocabulary import IncidentType, Kind, Strength
from policies.queries.packs import packs_of


def still_open(incident: Incident) -> list[Obligation]:
    """Return what has to be settled before a case is closed, what is due first at the top; one query."""
    rows = Obligation.objects.filter(incident=incident, strength=Strength.MUST).outstanding().by_due()
    return [row for row in rows if stands_in_the_way(row, incident)]


def stands_in_the_way(row: Obligation, incident: Incident) -> bool:
    """Say whether one thing has to be settled before its case is closed."""
    if not row.is_outstanding or row.strength != Strength.MUST:
        return False
    if row.is_undertaking:
        return row.kind not in OUTLIVE_THE_CASE and not is_next_look(row, incident)
    if incident.decision == Decision.DUPLICATE:
        # What the policy asks is done on the case that this one repeats.
        return False
    is_told_by_itself = row.kind == Kind.NOTIFY and not (row.until or row.unless or row.target in IN_PERSON)
    return not is_told_by_itself


def is_next_look(row: Obligation, incident: Incident) -> bool:
    """Say whether this is the day on which a watched case is looked at again."""
    return row.is_undertaking and row.kind == Undertaking.REVIEW and row.target == str(incident.pk)


def asks_second_person(incident: Incident) -> Closing | None:
    """Return what says that a second person agrees before this case is closed; None where nothing does."""
    if incident.decision == Decision.DUPLICATE:
        # The matter is not closed: it goes on where it was told first.
        return None
    closing = closing_of(packs_of(incident.adoption))
    words = {incident.level_key, *incident.types}
    # Who calls the danger over does not thereby close it alone.
    words |= {"danger"} if incident.is_danger_reported else set()
    words |= {IncidentType.STAFF_MISUSE.value} if incident.is_about_adult else set()
    return closing if words & closing.second_person else None


def second_people(owners: Sequence[User], *, by: User) -> list[User]:
    """Return who of those who handle a case could agree to what one of them wants."""
    return [user for user in owners if user.pk != by.pk]


def standing(incident: Incident, *, by: User, at: datetime) -> Standing:
    """Return how a case stands for one who wants to close it."""
    owners = possible_owners(incident, involved_people(incident), at=at) if asks_second_person(incident) else []
    return standing_of(incident, still_open(incident), owners, by=by)


def standing_of(incident: Incident, rows: Iterable[Obligation], owners: Sequence[User], *, by: User) -> Standing:
    """Return the same from what was read already: what is owed, and who handles the case."""
    number = sum(stands_in_the_way(row, incident) for row in rows)
    # Where nobody else may read the case, one person decides alone, and the chronology says so.
    needs_second = bool(asks_second_person(incident) and second_people(owners, by=by))
    return Standing(still_open=number, needs_second=needs_second, lacks_ending=lacks_ending(incident))


def lacks_ending(incident: Incident) -> bool:
    """Say whether a case is about an adult who works or helps here, and it is not written down how it ended; one query,
    and none for any other case.
    """
    if not incident.is_about_adult or incident.decision == Decision.DUPLICATE:
        return False
    known = Allegation.objects.filter(incident=incident).values_list("outcome", "is_low_level").first()
    return not known or not any(known)
