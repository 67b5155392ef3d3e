"""What belongs together: ties between cases, what they have in common, and who else may be concerned.

Only cases that the reader may open are ever shown, or counted.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from accounts.access import Access
from accounts.models import Person, PersonKind, Relation, Relationship
from incidents.access import visible_incidents
from incidents.models import CaseLink, Identifier, Incident, IncidentQuerySet, InvolvedPerson
from incidents.queries.rows import CaseRow, case_rows
from incidents.statuses import Identifying, Link

MOST = 10
# Two concerns about the same people within so many days may be about the same thing.
NEAR = timedelta(days=14)
_ALIKE = 20


@dataclass(frozen=True)
class Tie:
    """A tie as the case at hand says it, and the case at its other end."""

    row: CaseLink
    label: str
    other: CaseRow

    @property
    def can_undo(self) -> bool:
        """Say whether it may be undone: what was merged or taken out stays so."""
        return self.row.kind == Link.RELATED


@dataclass(frozen=True)
class Mark:
    """An account, address, app, device or place noted on the case, and the other cases that have the same."""

    row: Identifier
    label: str
    value: str
    also: list[CaseRow]


@dataclass(frozen=True)
class Together:
    """Everything on the page of what belongs together with a case."""

    ties: list[Tie]
    marks: list[Mark]
    alike: list[CaseRow]
    siblings: list[Person]


def together(access: Access, incident: Incident, people: list[InvolvedPerson]) -> Together:
    """Return what a case is tied to and has in common with others; a constant number of queries."""
    visible = visible_incidents(access)
    ties = _ties(visible, incident)
    tied = {tie.other.id for tie in ties}
    pupils = [row.person_id for row in people if row.person_id and row.person and row.person.kind == PersonKind.PUPIL]
    alike = _alike(visible, incident, pupils).exclude(pk__in=tied)[:_ALIKE]
    return Together(
        ties=ties,
        marks=_marks(visible, incident),
        alike=case_rows(incident.school, alike)[0],
        siblings=_siblings(incident, pupils),
    )


def tie_of(access: Access, incident: Incident, tie_id: uuid.UUID) -> CaseLink | None:
    """Return a tie of the case to another that the reader may open too; nothing where there is none."""
    rows = CaseLink.objects.filter(Q(incident=incident) | Q(other=incident), pk=tie_id)
    tie: CaseLink | None = rows.first()
    if tie is None:
        return None
    other = tie.other_id if tie.incident_id == incident.pk else tie.incident_id
    return tie if visible_incidents(access).filter(pk=other).exists() else None


def identifier_of(incident: Incident, identifier_id: uuid.UUID) -> Identifier | None:
    """Return what was noted on a case, by its id."""
    found: Identifier | None = Identifier.objects.filter(incident=incident, pk=identifier_id).first()
    return found


def _ties(visible: IncidentQuerySet, incident: Incident) -> list[Tie]:
    rows = CaseLink.objects.filter(Q(incident=incident) | Q(other=incident), undone_at__isnull=True)
    ties = list(rows.select_related("linked_by").order_by("-linked_at", "pk"))
    others = {tie.pk: tie.other_id if tie.incident_id == incident.pk else tie.incident_id for tie in ties}
    found = {case.id: case for case in case_rows(incident.school, visible.filter(pk__in=others.values()))[0]}
    return [
        Tie(tie, Link(tie.kind).label if tie.incident_id == incident.pk else Link(tie.kind).label_of_other, found[pk])
        for tie in ties
        if (pk := others[tie.pk]) in found
    ]


def _marks(visible: IncidentQuerySet, incident: Incident) -> list[Mark]:
    mine = list(Identifier.objects.filter(incident=incident, removed_at__isnull=True).order_by("kind", "added_at"))
    same = Identifier.objects.filter(
        school=incident.school, fingerprint__in=[bytes(row.fingerprint) for row in mine], removed_at__isnull=True
    ).exclude(incident=incident)
    cases = visible.filter(Exists(same.filter(incident=OuterRef("pk")))).order_by("-logged_at")[:_ALIKE]
    rows = {case.id: case for case in case_rows(incident.school, cases)[0]}
    by_mark: dict[tuple[str, bytes], list[CaseRow]] = {}
    for kind, mark, case_id in same.filter(incident__in=list(rows)).values_list("kind", "fingerprint", "incident_id"):
        by_mark.setdefault((kind, bytes(mark)), []).append(rows[case_id])
    return [
        Mark(row, Identifying(row.kind).label, row.value, by_mark.get((row.kind, bytes(row.fingerprint)), []))
        for row in mine
    ]


def _alike(visible: IncidentQuerySet, incident: Incident, pupils: list[uuid.UUID]) -> IncidentQuerySet:
    """Return cases about the same pupils that were logged near this one: perhaps the same thing, seen by two."""
    near = (incident.logged_at - NEAR, incident.logged_at + NEAR)
    shared = InvolvedPerson.objects.filter(incident=OuterRef("pk"), person__in=pupils)
    found: IncidentQuerySet = (
        visible.filter(Exists(shared), logged_at__range=near).exclude(pk=incident.pk).order_by("-logged_at")
    )
    return found


def siblings_of_case(incident: Incident) -> list[Person]:
    """Return brothers and sisters of the pupils on a case who are not named on it themselves. Two queries."""
    pupils = InvolvedPerson.objects.filter(incident=incident, person__kind=PersonKind.PUPIL)
    return _siblings(incident, list(pupils.values_list("person_id", flat=True)))


def _siblings(incident: Incident, pupils: list[uuid.UUID]) -> list[Person]:
    """Return brothers and sisters, present here, of the pupils on the case who are not named on it themselves."""
    ties = Relationship.objects.filter(relation=Relation.SIBLING)
    named = InvolvedPerson.objects.filter(incident=incident, person=OuterRef("pk"))
    people = Person.objects.for_school(incident.school).present().filter(~Exists(named))
    of_these = Exists(ties.filter(person__in=pupils, related=OuterRef("pk"))) | Exists(
        ties.filter(related__in=pupils, person=OuterRef("pk"))
    )
    return list(people.filter(of_these).order_by("search_name", "pk")[:MOST])
