"""What is known of a case, in the words that policies ask in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, PersonKind, Vulnerability
from accounts.operations import members
from accounts.roles import Role
from incidents.facts import facts_for
from incidents.models import Incident
from incidents.operations.incidents import Involved
from incidents.routes import About
from incidents.statuses import Part
from policies.engine.facts import IncidentFacts
from policies.engine.vocabulary import IncidentType, PartHolder
from tests.conftest import Cast
from tests.factories import LONG_AGO, NOW, alleged, harmed, make_incident, make_person, person_of


def facts_of(incident: Incident) -> IncidentFacts:
    return facts_for([incident])[incident]


def test_a_pupil_who_was_harmed(cast: Cast) -> None:
    facts = facts_of(make_incident(school=cast.school, by=cast.teacher))

    assert facts.category == "content"
    assert facts.harmed == {PartHolder.PUPIL}
    assert facts.alleged == frozenset()
    assert facts.pupil_involved is True
    assert facts.vulnerable_pupil is None
    assert facts.immediate_danger is None
    assert (facts.became_aware_at, facts.logged_at) == (NOW - timedelta(minutes=10), NOW)


@pytest.mark.parametrize(
    ("who", "holder"),
    [
        ("head", PartHolder.HEADTEACHER),
        ("dsl", PartHolder.DSL),
        ("deputy", PartHolder.DEPUTY_DSL),
        ("chair", PartHolder.CHAIR_OF_GOVERNORS),
        ("ict", PartHolder.ICT),
        ("teacher", PartHolder.STAFF),
    ],
)
def test_an_adult_is_what_they_are_to_the_school(cast: Cast, who: str, holder: PartHolder) -> None:
    incident = make_incident(school=cast.school, by=cast.colleague, people=[alleged(person_of(cast[who], cast.school))])

    facts = facts_of(incident)

    assert facts.alleged == {holder}
    assert facts.types == {IncidentType.STAFF_MISUSE}
    assert facts.pupil_involved is None


def test_somebody_with_two_roles_is_both(cast: Cast) -> None:
    person = person_of(cast.head, cast.school)
    members.add_member(school=cast.school, user=cast.head, person=person, role=Role.DSL, starts_on=LONG_AGO, at=NOW)

    incident = make_incident(school=cast.school, by=cast.colleague, people=[alleged(person)])

    assert facts_of(incident).alleged == {PartHolder.HEADTEACHER, PartHolder.DSL}


def test_an_adult_of_whom_nobody_knows_more_is_a_member_of_staff(cast: Cast) -> None:
    incident = make_incident(
        school=cast.school,
        by=cast.teacher,
        about=About.ADULT,
        people=[Involved(part=Part.ALLEGED, description="A man with a lanyard")],
    )

    assert facts_of(incident).alleged == {PartHolder.STAFF, PartHolder.UNKNOWN}


@pytest.mark.parametrize(
    ("kind", "holder"), [(PersonKind.CONTACT, PartHolder.PARENT), (PersonKind.OTHER, PartHolder.OUTSIDER)]
)
def test_others_are_what_the_register_says(cast: Cast, kind: PersonKind, holder: PartHolder) -> None:
    people = [alleged(make_person(school=cast.school, kind=kind)), harmed(make_person(school=cast.school))]

    assert facts_of(make_incident(school=cast.school, by=cast.teacher, people=people)).alleged == {holder}


def test_a_vulnerable_pupil_is_known_as_such(cast: Cast) -> None:
    pupil = make_person(school=cast.school)
    Person.objects.filter(pk=pupil.pk).update(vulnerabilities=[Vulnerability.SEND])

    assert facts_of(make_incident(school=cast.school, by=cast.teacher, people=[harmed(pupil)])).vulnerable_pupil is True


def test_danger_is_a_fact(cast: Cast) -> None:
    incident = make_incident(school=cast.school, by=cast.teacher, is_danger_reported=True)

    assert facts_of(incident).immediate_danger is True


@pytest.mark.parametrize("number", [1, 7])
def test_the_facts_of_many_cases_take_two_queries(cast: Cast, number: int) -> None:
    cases = [
        make_incident(school=cast.school, by=cast.colleague, people=[alleged(person_of(cast.teacher, cast.school))])
        for _ in range(number)
    ]

    with CaptureQueriesContext(connection) as queries:
        facts_for(cases)

    assert len(queries) == 2
