"""What roles may do follows the adopted policy: narrower, never wider, and never so that nobody receives a concern."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import access_school
from accounts.models import AuditEvent, Membership, School
from accounts.permissions import Permission
from accounts.roles import NEVER_WITHHELD, ROLES, Role
from incidents.access import handled_by_user, possible_owners, visible_incidents
from incidents.queries.people import involved_people
from incidents.routes import About, choose_route
from policies.catalogue import adoptable_ids, shipped
from policies.models import PackAdoption
from policies.operations import adoptions
from policies.queries.role_limits import limits_of
from tests.conftest import Cast
from tests.factories import NOW, make_incident

DAY = timedelta(days=1)
TODAY = NOW.date()


def adopt(cast: Cast, pack_id: str, starts_on: date = TODAY) -> School:
    adoptions.adopt(school=cast.school, pack_id=pack_id, starts_on=starts_on, at=NOW, by=cast.head)
    return School.objects.get(pk=cast.school.pk)


def held(cast: Cast, name: str, at: datetime = NOW) -> frozenset[Permission]:
    return access_school(cast[name], cast.school.slug, at=at).permissions


@pytest.mark.parametrize("pack_id", sorted(adoptable_ids()))
def test_no_shipped_policy_widens_a_role_or_leaves_a_concern_with_nobody(cast: Cast, pack_id: str) -> None:
    school = adopt(cast, pack_id)

    for role in Role:
        here = school.permissions_of(role, at=NOW)
        assert here <= ROLES[role].permissions
        assert here >= ROLES[role].permissions & NEVER_WITHHELD
    assert Role.DSL in school.safeguarding_team(at=NOW)
    for about in About:
        alleged = (
            frozenset() if about is About.NO_ADULT else frozenset({Membership.objects.get(user=cast.head).person_id})
        )
        route = choose_route(school, about=about, alleged_ids=alleged, at=NOW)
        assert route.recipients
        # Whoever is told can open it.
        for user in route.recipients:
            assert route.handled_by in handled_by_user(access_school(user, school.slug, at=NOW))


def test_a_policy_takes_cases_from_a_role_and_then_sends_it_none(cast: Cast) -> None:
    adopt(cast, "starter")
    incident = make_incident(school=School.objects.get(pk=cast.school.pk), by=cast.teacher)

    lead = access_school(cast.online_safety_lead, cast.school.slug, at=NOW)

    assert not lead.has(Permission.INCIDENT_READ)
    assert not visible_incidents(lead).exists()
    assert cast.online_safety_lead not in possible_owners(incident, involved_people(incident), at=NOW)
    assert cast.dsl in possible_owners(incident, involved_people(incident), at=NOW)


def test_what_the_product_applies_by_default_takes_nothing(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    assert School.objects.get(pk=cast.school.pk).role_limits in ([], [{**_only(cast), "limits": {}}])
    assert held(cast, "online_safety_lead") == ROLES[Role.ONLINE_SAFETY_LEAD].permissions


def _only(cast: Cast) -> dict[str, object]:
    kept = School.objects.get(pk=cast.school.pk).role_limits
    return dict(kept[0]) if kept else {}


def test_a_planned_policy_narrows_from_its_first_minute_and_one_taken_back_never(cast: Cast) -> None:
    tomorrow = (NOW + DAY).date()
    adopt(cast, "starter", tomorrow)

    assert Permission.INCIDENT_READ in held(cast, "online_safety_lead")
    assert Permission.INCIDENT_READ not in held(cast, "online_safety_lead", NOW + DAY)
    planned = cast.school.pk
    row = PackAdoption.objects.get(school_id=planned, adopted_by=cast.head)
    adoptions.withdraw(adoption=row, by=cast.head, at=NOW)
    assert Permission.INCIDENT_READ in held(cast, "online_safety_lead", NOW + DAY)


def test_it_costs_no_statement_and_takes_hold_at_the_next_question(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as before:
        assert Permission.INCIDENT_SEAL in held(cast, "deputy")
    adopt(cast, "shipbourne-2018")
    with CaptureQueriesContext(connection) as after:
        assert Permission.INCIDENT_SEAL not in held(cast, "deputy")
    assert len(after) == len(before)
    assert AuditEvent.objects.filter(event="school.roles_limited").count() == 1


def test_only_what_is_less_than_the_product_gives_is_kept() -> None:
    assert set(limits_of(shipped("shipbourne-2018").pack)) == {Role.DEPUTY_DSL}
