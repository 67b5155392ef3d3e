"""What policies take from roles, as it is kept with a school: whatever is written there, it only ever narrows."""

from django.conf import LazySettings

from accounts.models import School
from accounts.operations.role_limits import Limit, Period, set_limits
from accounts.permissions import Permission
from accounts.queries.role_limits import next_change, roles_here
from accounts.roles import CASE_READERS, ROLES, Role
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.pages import address, browser, main


def test_whatever_is_kept_nobody_gets_more_and_what_is_needed_stays(cast: Cast) -> None:
    nothing = {role: Limit(frozenset(), "1") for role in Role}
    set_limits(school=cast.school, periods=[Period(NOW, "A policy", nothing)], by=None, at=NOW)

    school = School.objects.get(pk=cast.school.pk)

    assert school.permissions_of(Role.STAFF, at=NOW) == ROLES[Role.STAFF].permissions
    assert school.safeguarding_team(at=NOW) == {Role.DSL}
    managers = CASE_READERS - {Role.DSL, Role.DEPUTY_DSL, Role.ONLINE_SAFETY_LEAD}
    assert all(Permission.ADULT_CASE_MANAGE in school.permissions_of(role, at=NOW) for role in managers)
    assert Permission.MEMBER_MANAGE in school.permissions_of(Role.SCHOOL_ADMINISTRATOR, at=NOW)
    everything = {role: Limit(frozenset(one.value for one in Permission), "1") for role in Role}
    set_limits(school=cast.school, periods=[Period(NOW, "A policy", everything)], by=None, at=NOW)
    school = School.objects.get(pk=cast.school.pk)
    assert all(school.permissions_of(role, at=NOW) == ROLES[role].permissions for role in Role)


def test_the_page_names_the_clause_that_takes_something(cast: Cast, settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    limits = {Role.DEPUTY_DSL: Limit(frozenset({"incident.read"}), "4.2-7")}
    set_limits(school=cast.school, periods=[Period(NOW, "Our online safety policy", limits)], by=None, at=NOW)

    page = main(browser(cast.administrator).get(address("role-limit-list", cast.school)))

    assert "clause 4.2-7 of Our online safety policy" in page
    found = {role.title: role for role in roles_here(cast.school, at=NOW)}
    assert Permission.INCIDENT_SEAL in found["Deputy Designated Safeguarding Lead"].taken
    assert found["Designated Safeguarding Lead"].taken == []
    assert next_change(cast.school, at=NOW) is None
