"""People as the school's information system knows them. Nobody is ever deleted: they leave."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import Person, PersonKind, Relation, Relationship, School, User, Vulnerability, searchable
from accounts.upns import upn_is_valid


@dataclass(frozen=True)
class PersonDetails:
    """What is known of one person, checked when it is used."""

    kind: PersonKind
    given_name: str
    family_name: str
    year_group: str = ""
    form: str = ""
    upn: str = ""
    source_id: str = ""
    vulnerabilities: list[Vulnerability] = field(default_factory=list)


@transaction.atomic
def add_people(*, school: School, people: list[PersonDetails], at: datetime, by: User | None = None) -> list[Person]:
    """Add people to a school in one go and return them in the same order; one bad number refuses the whole list."""
    for details in people:
        if details.upn and not upn_is_valid(details.upn):
            raise Refused(
                "upn_wrong", "A unique pupil number has a wrong check letter. Look it up again in the register."
            )
    rows = [_row(school, details) for details in people]
    Person.objects.bulk_create(rows, batch_size=1000)
    audit.record(
        school=school,
        actor=by,
        event=AccountEvent.PEOPLE_UPDATED,
        target=f"school:{school.pk}",
        summary=f"Added {len(rows)} people to the register.",
        at=at,
    )
    return rows


@transaction.atomic
def relate(
    *, person: Person, related: Person, relation: Relation, at: datetime, by: User | None = None
) -> Relationship:
    """Record that two people of one school are related; it keeps each away from a case about the other."""
    if person.school_id != related.school_id:
        raise Refused("other_school", "Both people must belong to the same school.")
    relationship = Relationship(school=person.school, person=person, related=related, relation=relation.value)
    relationship.save(force_insert=True)
    audit.record(
        school=person.school,
        actor=by,
        event=AccountEvent.PEOPLE_UPDATED,
        target=f"person:{person.pk}",
        summary="Recorded that two people are related.",
        at=at,
    )
    return relationship


@transaction.atomic
def relate_many(
    *, school: School, pairs: list[tuple[Person, Person, Relation]], at: datetime, by: User | None = None
) -> int:
    """Record many relationships of one school in one go, with one row in the audit; return how many there are."""
    if any(one.school_id != school.pk or other.school_id != school.pk for one, other, _ in pairs):
        raise Refused("other_school", "Both people must belong to the same school.")
    rows = [
        Relationship(school=school, person=person, related=related, relation=relation.value)
        for person, related, relation in pairs
    ]
    Relationship.objects.bulk_create(rows, batch_size=1000)
    audit.record(
        school=school,
        actor=by,
        event=AccountEvent.PEOPLE_UPDATED,
        target=f"school:{school.pk}",
        summary=f"Recorded {len(rows)} relationships between people.",
        at=at,
    )
    return len(rows)


@transaction.atomic
def leave(*, person: Person, on: date, at: datetime, by: User | None = None) -> None:
    """Record that a person has left; they can no longer be chosen, and every case they are part of stays."""
    person.left_on = on
    person.save(update_fields=["left_on"])
    audit.record(
        school=person.school,
        actor=by,
        event=AccountEvent.PEOPLE_UPDATED,
        target=f"person:{person.pk}",
        summary="Recorded that a person has left.",
        at=at,
    )


def _row(school: School, details: PersonDetails) -> Person:
    return Person(
        school=school,
        kind=details.kind.value,
        given_name=details.given_name,
        family_name=details.family_name,
        # bulk_create does not call save(), which keeps this column elsewhere.
        search_name=searchable(f"{details.given_name} {details.family_name}"),
        year_group=details.year_group,
        form=details.form,
        upn=details.upn,
        source_id=details.source_id,
        vulnerabilities=[flag.value for flag in details.vulnerabilities],
    )
