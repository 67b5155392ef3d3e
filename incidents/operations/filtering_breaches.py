"""What a case tells those who look after the filtering: the address, the device, the group and the time, and no more.

They learn neither of a child nor that there is a case.
"""

import re
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.queries.members import conflicted
from accounts.roles import Role
from incidents.events import Event
from incidents.models import FilteringTicket, Incident, InvolvedPerson
from incidents.operations import chronology, filtering_tickets, obligations
from incidents.operations.filtering_tickets import Met
from incidents.queries.filtering_tickets import who_reads
from incidents.statuses import Part
from policies.engine.vocabulary import Deed


@transaction.atomic
def report_from_case(*, incident: Incident, met: Met, by: User, at: datetime) -> FilteringTicket:
    """Open or add to a ticket from a case, tied to it where only those who handle the case can see.

    Refused: on a closed case; where a device is called after somebody of the case; where somebody who would read the
    ticket is said to have caused harm, or is close to somebody who is.
    """
    if incident.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    people = list(InvolvedPerson.objects.filter(incident=incident).select_related("person"))
    if _names_somebody(f"{met.device} {met.said}", people):
        raise Refused(
            "names_somebody", "That names somebody of this case. Give the device its number or the name of its room."
        )
    alleged = frozenset(one.person_id for one in people if one.part == Part.ALLEGED and one.person_id)
    if conflicted([user.pk for user in who_reads(incident.school, at=at)], alleged):
        raise Refused(
            "reader_concerned",
            "Somebody who would read this is concerned in the case, or is close to somebody who is. Ask the provider of"
            " the filtering directly, and note here what you did.",
        )
    ticket = filtering_tickets.report(
        # The same role whatever the case: who reported it must not tell what kind of case it is.
        school=incident.school,
        met=met,
        role=Role.DSL.value,
        by=by,
        at=at,
        incident=incident,
    )
    chronology.append(incident=incident, event=Event.FILTERING_REPORTED, by=by, at=at, text=met.url.strip())
    deeds = (Deed.REPORT_URL_TO_ICT,)
    obligations.settle_deeds(
        incident=incident, deeds=deeds, words="Reported to those who look after the filtering.", by=by, at=at
    )
    return ticket


def _names_somebody(text: str, people: list[InvolvedPerson]) -> bool:
    """Say whether a text holds the first or the last name of somebody of the case."""
    said = set(re.findall(r"\w+", text.casefold()))
    names = [name for one in people if one.person for name in (one.person.given_name, one.person.family_name)]
    return any(said.issuperset(parts) for name in names if (parts := re.findall(r"\w+", name.casefold())))
