"""What was decided about each pupil of a case."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from incidents.models import Incident, InvolvedPerson, Sanction
from incidents.queries.contacts import pupils_of
from incidents.queries.people import involved_people
from incidents.statuses import Part


@dataclass(frozen=True)
class PupilsSanctions:
    """One pupil of a case and every decision about them, the latest first."""

    pupil: InvolvedPerson
    sanctions: list[Sanction]


def pupils_to_decide_on(people: Sequence[InvolvedPerson]) -> list[InvolvedPerson]:
    """Return the pupils who are said to have caused harm; where there are none, every pupil who is known."""
    pupils = [row for row in pupils_of(people) if row.person is not None]
    return [row for row in pupils if row.part == Part.ALLEGED] or pupils


def sanctions_of(incident: Incident) -> list[PupilsSanctions]:
    """Return the pupils of a case about whom something was or may be decided, those who caused harm first.

    Two queries, however many there are.
    """
    people = involved_people(incident)
    pupils = pupils_of(people)
    decided: dict[uuid.UUID, list[Sanction]] = {}
    rows = Sanction.objects.filter(incident=incident).select_related("recorded_by")
    for row in rows.order_by("-recorded_at", "-id"):
        decided.setdefault(row.pupil_id, []).append(row)
    first = sorted(pupils, key=lambda row: row.part != Part.ALLEGED)
    return [PupilsSanctions(row, decided.get(row.pk, [])) for row in first]
