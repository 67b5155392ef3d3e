"""What those who handle a case have set themselves: what is still to be done, and what came of the rest."""

from dataclasses import dataclass
from datetime import datetime

from incidents.models import Incident, Obligation
from incidents.queries.obligations import Duty, Words
from policies.queries.packs import packs_of


@dataclass(frozen=True)
class Actions:
    """The undertakings of one case: those to be done, what is due first at the top; those settled, the latest first."""

    to_do: list[Duty]
    settled: list[Duty]


def actions_of(incident: Incident, *, at: datetime) -> Actions:
    """Return everything that was set on a case beside what its policy asks. One query, however much it is."""
    words = Words(incident.school, packs_of(incident.adoption), at=at)
    rows = Obligation.objects.filter(incident=incident, pack_id="").by_due().select_related("settled_by", "assignee")
    duties = [words.duty(row) for row in rows]
    settled = [duty for duty in duties if not duty.row.is_outstanding]
    return Actions(
        to_do=[duty for duty in duties if duty.row.is_outstanding],
        settled=sorted(settled, key=lambda duty: duty.row.settled_at or at, reverse=True),
    )
