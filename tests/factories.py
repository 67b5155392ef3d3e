"""Rows for tests: plain functions, keyword-only, with sensible defaults. They go through the operations."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import TestCase

from accounts.models import Person, PersonKind, School, User
from accounts.operations import members, people, schools
from accounts.operations.people import PersonDetails
from accounts.roles import Role
from incidents.allegations import AllegationOutcome, Considered, HarmTest, Reply
from incidents.models import Incident
from incidents.operations import allegations, obligations
from incidents.operations.incidents import Concern, Involved, report_concern
from incidents.queries.closing import still_open
from incidents.statuses import Part, Place, Precision
from policies.engine.taxonomy import Category

# A Tuesday in term, 8:25 in the morning in London (summer time is over).
NOW = datetime(2026, 11, 17, 8, 25, tzinfo=UTC)
LONG_AGO = date(2024, 9, 1)

_numbers = itertools.count(1)


def make_school(*, name: str = "Oakfield Primary School", slug: str = "oakfield", **details: Any) -> School:
    """Make a fictional school with its chains and key."""
    # A test's own transaction is never committed; here the school stands as if it were, and its key is remembered.
    with TestCase.captureOnCommitCallbacks(execute=True):
        return schools.create_school(
            name=name,
            slug=slug,
            reference_prefix=details.pop("reference_prefix", slug[:3]),
            phase=details.pop("phase", "primary"),
            safeguarding_phone="01632 960001",
            external_contact_name="Local authority designated officer",
            external_contact_phone="01632 960999",
            external_contact_email=f"contact@{slug}-council.example",
            at=NOW,
            **details,
        )


def make_person(
    *, school: School, kind: PersonKind = PersonKind.PUPIL, name: str = "", year_group: str = "", form: str = ""
) -> Person:
    """Make a person of the school; a pupil is in Year 5 unless told otherwise."""
    number = next(_numbers)
    given, _, family = (name or f"Sample Person{number}").partition(" ")
    is_pupil = kind is PersonKind.PUPIL
    details = PersonDetails(
        kind=kind,
        given_name=given,
        family_name=family,
        year_group=year_group or ("5" if is_pupil else ""),
        form=form or ("5A" if is_pupil else ""),
    )
    return people.add_people(school=school, people=[details], at=NOW)[0]


def make_member(*, school: School, role: Role = Role.STAFF, name: str = "", user: User | None = None) -> User:
    """Make a user who holds a role at the school, with the person they are there."""
    number = next(_numbers)
    name = name or f"Member Number{number}"
    if user is None:
        user = User.objects.create_user(f"member{number}@school.example", "a long enough password", full_name=name)
    person = make_person(school=school, kind=PersonKind.STAFF, name=name)
    members.add_member(school=school, user=user, person=person, role=role, starts_on=LONG_AGO, at=NOW)
    return user


def person_of(user: User, school: School) -> Person:
    """Return the person that a user is at a school."""
    return Person.objects.get(school=school, memberships__user=user)


def make_concern(*, people: list[Involved] | None = None, **details: Any) -> Concern:
    """Make what a reporter says, about content, from this morning."""
    defaults: dict[str, Any] = {
        "category": Category.CONTENT,
        "narrative": "They showed me a video that frightened them.",
        "action_taken": "Stayed with the child.",
        "place": Place.ONLINE,
        "became_aware_at": NOW - timedelta(minutes=10),
        "happened_at": NOW - timedelta(hours=1),
        "happened_precision": Precision.TIME,
    }
    return Concern(people=people or [], **(defaults | details))


def make_incident(
    *,
    school: School,
    by: User,
    at: datetime = NOW,
    people: list[Involved] | None = None,
    draft_id: uuid.UUID | None = None,
    **details: Any,
) -> Incident:
    """Log a concern; about one pupil who was harmed unless told otherwise."""
    if people is None:
        people = [Involved(part=Part.HARMED, person=make_person(school=school))]
    details.setdefault("became_aware_at", at - timedelta(minutes=10))
    details.setdefault("happened_at", at - timedelta(hours=1))
    concern = make_concern(people=people, **details)
    return report_concern(school=school, by=by, at=at, draft_id=draft_id or uuid.uuid4(), concern=concern)


def settle(incident: Incident, *, by: User, at: datetime = NOW) -> Incident:
    """Decide against whatever still has to be done on a case, so that it can be closed; return it as it is now."""
    if incident.is_about_adult:
        end_allegation(incident, by=by, at=at)
    for row in still_open(Incident.objects.get(pk=incident.pk)):
        obligations.waive(obligation=row, by=by, at=at, reason="It was not needed.")
    return Incident.objects.get(pk=incident.pk)


def end_allegation(incident: Incident, *, by: User, at: datetime = NOW, is_met: bool = False) -> None:
    """Write down how an allegation ended: below the threshold, and unfounded; or met, and unsubstantiated."""
    replies = dict.fromkeys(HarmTest, Reply.YES if is_met else Reply.NO)
    tested = allegations.Comparison(replies, "What the reporter saw.", {})
    allegations.compare(incident=incident, tested=tested, by=by, at=at)
    outcome = AllegationOutcome.UNSUBSTANTIATED if is_met else AllegationOutcome.UNFOUNDED
    no = Considered.NOT_NEEDED
    ending = allegations.Ending(outcome, "Nobody saw it.", no, "Nothing to tell.", no, "Nothing to tell.")
    allegations.end(incident=incident, ending=ending, by=by, at=at)


def alleged(person: Person) -> Involved:
    """Name somebody who is said to have caused harm."""
    return Involved(part=Part.ALLEGED, person=person)


def harmed(person: Person) -> Involved:
    """Name somebody who was harmed."""
    return Involved(part=Part.HARMED, person=person)
