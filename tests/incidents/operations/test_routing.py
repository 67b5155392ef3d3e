"""A case goes up the ladder when those who handled it may not open it any more, and never comes down by itself."""

import pytest

from accounts.models import Membership, OutboxMessage
from accounts.roles import Role
from incidents.events import Event
from incidents.models import CaseGrant, Incident, Interest, InvolvedPerson
from incidents.operations import ownership, routing, sharing, workflow
from incidents.routes import EXTERNAL_CONTACT, About
from incidents.statuses import Kept, Part, Status
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, person_of
from tests.incidents.operations.test_sharing import DAY, TEAM, readers


@pytest.fixture
def case(cast: Cast) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher)


def name_alleged(cast: Cast, case: Incident, name: str) -> None:
    person = person_of(cast[name], cast.school)
    row = {"incident": case, "person": person, "part": Part.ALLEGED, "added_at": NOW, "added_by": cast.dsl}
    InvolvedPerson.objects.create(school=cast.school, **row)


def test_where_all_of_a_team_step_back_the_next_office_has_it_and_is_told(cast: Cast, case: Incident) -> None:
    for name in TEAM:
        user = cast[name]
        sharing.step_back(incident=case, user=user, kind=Kept.DECLARED, reason="My own child.", by=user, at=NOW)

    assert readers(cast, case) == ["head"]
    assert Incident.objects.get(pk=case.pk).handled_by == Role.HEADTEACHER
    told = OutboxMessage.objects.filter(kind="incidents/new_concern", recipient=cast.head)
    assert told.count() == 1
    assert case.chronology.get(event=Event.REROUTED).text.startswith("The safeguarding team handled it until now.")
    # It does not come back down by itself.
    Interest.objects.all().delete()
    assert routing.reroute(incident=case, by=cast.head, at=NOW) is None


def test_nothing_moves_while_somebody_of_the_office_may_open_it(cast: Cast, case: Incident) -> None:
    name_alleged(cast, case, "deputy")

    assert routing.reroute(incident=case, by=cast.dsl, at=NOW) is None

    assert readers(cast, case) == ["dsl", "online_safety_lead"]
    assert not case.chronology.filter(event=Event.REROUTED).exists()


def test_what_turns_out_to_be_about_an_adult_goes_to_who_handles_those(cast: Cast, case: Incident) -> None:
    workflow.advance(incident=case, to=Status.ACKNOWLEDGED, by=cast.dsl, at=NOW)
    ownership.assign(incident=case, owner=cast.dsl, by=cast.dsl, at=NOW)
    name_alleged(cast, case, "colleague")

    routing.reroute(incident=case, by=cast.dsl, at=NOW, is_about_adult=True)

    found = Incident.objects.get(pk=case.pk)
    assert (found.handled_by, found.owner, found.is_about_adult) == (Role.HEADTEACHER, None, True)
    assert readers(cast, case) == ["head"]


def test_about_the_headteacher_it_goes_past_them(cast: Cast, case: Incident) -> None:
    name_alleged(cast, case, "head")

    routing.reroute(incident=case, by=cast.dsl, at=NOW, is_about_adult=True)

    assert readers(cast, case) == ["chair"]


def test_a_sealed_case_that_nobody_is_left_on_goes_to_the_next_office(cast: Cast, case: Incident) -> None:
    sharing.seal(incident=case, named=[cast.deputy], reason="Why", by=cast.dsl, at=NOW)
    assert routing.rehome(now=NOW) == 0
    Membership.objects.filter(user__in=[cast.dsl, cast.deputy]).update(ends_on=(NOW - DAY).date())

    assert routing.rehome(now=NOW) == 1

    found = Incident.objects.get(pk=case.pk)
    assert (found.is_sealed, readers(cast, case)) == (False, ["online_safety_lead"])
    assert not CaseGrant.objects.exists()
    assert found.chronology.filter(event=Event.GRANT_ENDED).count() == 2
    assert routing.rehome(now=NOW) == 0


def test_whoever_takes_the_office_of_a_case_about_them_does_not_leave_it_with_nobody(cast: Cast) -> None:
    about = [alleged(person_of(cast.colleague, cast.school))]
    case = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, people=about)
    Membership.objects.filter(user=cast.head).update(ends_on=(NOW - DAY).date())
    held = Membership.objects.filter(user=cast.colleague, school=cast.school)
    held.update(role=Role.HEADTEACHER)

    assert routing.rehome(now=NOW) == 1

    assert readers(cast, case) == ["chair"]


def test_an_office_that_nobody_holds_any_more_hands_its_cases_on(cast: Cast, case: Incident) -> None:
    Membership.objects.filter(user__in=[cast[name] for name in TEAM]).update(ends_on=(NOW - DAY).date())

    assert routing.rehome(now=NOW) == 1

    assert readers(cast, case) == ["head"]


def test_where_nobody_at_the_school_may_the_contact_outside_is_told(cast: Cast, case: Incident) -> None:
    for name in (*TEAM, "head", "chair", "trust_lead"):
        user = cast[name]
        sharing.step_back(incident=case, user=user, kind=Kept.DECLARED, reason="Kin.", by=user, at=NOW)

    assert Incident.objects.get(pk=case.pk).handled_by == EXTERNAL_CONTACT
    assert OutboxMessage.objects.filter(kind="incidents/nobody_free").count() == 1
    assert readers(cast, case) == []
