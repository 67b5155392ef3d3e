"""Whom of a pupil's home the school could tell, and what it told them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Person, PersonKind, Relation, Relationship
from incidents.guards import why_not_beyond_school
from incidents.models import Incident, InvolvedPerson, Obligation, ParentContact
from incidents.queries.people import involved_people
from incidents.statuses import Part
from policies.engine.vocabulary import Ban, Kind, Strength

_ABOUT_THEM = (
    "Our policy forbids telling the person it is about. Speak with whoever advises you (the designated officer, "
    "the police) first, and record what they said."
)
_CONCERNED = (Part.HARMED, Part.ALLEGED)
_BANS = {Ban.TELL_SUBJECT.value, Ban.SHARE_BEYOND_SCHOOL.value}


@dataclass(frozen=True)
class PupilsHome:
    """One pupil of a case, their parents as the school knows them, and every entry about them, the latest first."""

    pupil: InvolvedPerson
    parents: list[Person]
    entries: list[ParentContact]
    # Whether the policy's duty to tell parents is about this pupil too.
    counts: bool

    @property
    def id(self) -> uuid.UUID:
        """The id of the pupil's part in the case."""
        return self.pupil.pk

    @property
    def name(self) -> str:
        """The pupil's name."""
        return self.pupil.name

    @property
    def is_settled(self) -> bool:
        """Say whether a parent was told, or it was decided that none is."""
        return any(entry.is_told or entry.is_final for entry in self.entries)

    @property
    def is_told(self) -> bool:
        """Say whether a parent was told."""
        return any(entry.is_told for entry in self.entries)

    @property
    def not_reached(self) -> list[Person]:
        """The parents of whom nothing was written down."""
        known = {entry.parent_id for entry in self.entries}
        return [parent for parent in self.parents if parent.pk not in known]


def pupils_of(people: Sequence[InvolvedPerson]) -> list[InvolvedPerson]:
    """Return the pupils among the people of a case; who was only described may be one."""
    return [row for row in people if row.person is None or row.person.kind == PersonKind.PUPIL]


def pupils_concerned(people: Sequence[InvolvedPerson]) -> list[InvolvedPerson]:
    """Return the pupils who were harmed or are said to have caused harm; where there are none, every known pupil."""
    named = [row for row in pupils_of(people) if row.person is not None]
    return [row for row in named if row.part in _CONCERNED] or named


def homes(incident: Incident) -> list[PupilsHome]:
    """Return the home of every pupil of a case, those first whose parents the policy is about. Three queries."""
    people = involved_people(incident)
    concerned = {row.pk for row in pupils_concerned(people)}
    pupils = pupils_of(people)
    parents = _parents_of([row.person_id for row in pupils if row.person_id])
    entries: dict[uuid.UUID, list[ParentContact]] = {}
    rows = ParentContact.objects.filter(incident=incident).select_related("parent", "recorded_by")
    for entry in rows.order_by("-recorded_at", "-id"):
        entries.setdefault(entry.pupil_id, []).append(entry)
    found = [
        PupilsHome(row, parents.get(row.person_id, []), entries.get(row.pk, []), row.pk in concerned) for row in pupils
    ]
    return sorted(found, key=lambda home: not home.counts)


def home_of(incident: Incident, pupil_id: uuid.UUID) -> PupilsHome | None:
    """Return the home of one pupil of a case; nothing where they have no part in it."""
    return next((home for home in homes(incident) if home.id == pupil_id), None)


def bans_on_telling(incident: Incident) -> list[Obligation]:
    """Return what the policy forbids at the moment of whoever is about to speak with parents."""
    rows = Obligation.objects.filter(incident=incident, kind=Kind.FORBID, strength=Strength.MUST_NOT, target__in=_BANS)
    return list(rows.outstanding().order_by("key"))


def why_not_tell(incident: Incident, pupil: InvolvedPerson, parent: Person | None = None) -> str:
    """Return why the policy forbids telling a pupil's parent now; nothing where it does not.

    The police first, where it says so; and never somebody it is about, themselves or by way of their parents.
    """
    if sentence := why_not_beyond_school(incident):
        return sentence
    is_about = pupil.part == Part.ALLEGED or (
        parent is not None
        and InvolvedPerson.objects.filter(incident=incident, person=parent, part=Part.ALLEGED).exists()
    )
    if is_about and any(ban.target == Ban.TELL_SUBJECT for ban in bans_on_telling(incident)):
        return _ABOUT_THEM
    return ""


def _parents_of(person_ids: list[uuid.UUID]) -> dict[uuid.UUID | None, list[Person]]:
    """Return the parents and carers of pupils, in whichever direction the register holds it."""
    rows = Relationship.objects.filter(Q(person__in=person_ids) | Q(related__in=person_ids), relation=Relation.PARENT)
    found: dict[uuid.UUID | None, list[Person]] = {}
    for row in rows.select_related("person", "related"):
        for child, parent in ((row.person, row.related), (row.related, row.person)):
            if child.pk in person_ids and parent.kind != PersonKind.PUPIL and parent.left_on is None:
                found.setdefault(child.pk, []).append(parent)
    return {child: sorted(parents, key=lambda one: one.name) for child, parents in found.items()}
