"""Roles as code: what each may do, in words, and that authority is not access."""

import re

import pytest

from accounts.permissions import READS_OTHERS, Permission
from accounts.roles import ROLES, SAFEGUARDING_TEAM, Role, permissions_of

CASE_PERMISSIONS = {
    Permission.INCIDENT_READ,
    Permission.INCIDENT_TRIAGE,
    Permission.INCIDENT_WORK,
    Permission.INCIDENT_CLOSE,
    Permission.ADULT_CASE_MANAGE,
}
HANDLE = CASE_PERMISSIONS - {Permission.ADULT_CASE_MANAGE}
MANAGE_ADULT_CASES = CASE_PERMISSIONS - {Permission.INCIDENT_READ}
RUN_THE_SCHOOLS_LISTS = {Permission.MEMBER_MANAGE, Permission.SCHOOL_MANAGE}
LOG = {Permission.INCIDENT_LOG, Permission.PERSON_READ, Permission.POLICY_READ}
ADOPT = {Permission.POLICY_ADOPT}
KEEP = LOG | {Permission.REGISTER_MANAGE}
WATCH = KEEP | {Permission.FILTERING_READ}
FILTER = WATCH | {Permission.FILTERING_WORK}
DEVICES = {Permission.DEVICE_WORK}
SEAL = {Permission.INCIDENT_SEAL}
GOVERN = LOG | {Permission.REPORT_READ}
# The second of the two who give and end a role that reads cases.
AGREE = {Permission.MEMBER_APPROVE}
# Reads who saw and did what; keeps what colleagues did that is below the threshold.
AUDIT, LOW_LEVEL = {Permission.AUDIT_READ}, {Permission.LOW_LEVEL_MANAGE}

# The whole table, written a second time on purpose: a change of powers has to be made twice, and seen.
POWERS = {
    Role.STAFF: LOG,
    Role.DSL: WATCH | HANDLE | DEVICES | ADOPT | SEAL | AGREE | AUDIT,
    Role.DEPUTY_DSL: WATCH | HANDLE | DEVICES | SEAL,
    Role.ONLINE_SAFETY_LEAD: WATCH | HANDLE | DEVICES,
    Role.HEADTEACHER: WATCH | MANAGE_ADULT_CASES | DEVICES | ADOPT | SEAL | AGREE | AUDIT | LOW_LEVEL,
    Role.CHAIR_OF_GOVERNORS: GOVERN | MANAGE_ADULT_CASES | AGREE | LOW_LEVEL,
    Role.SAFEGUARDING_GOVERNOR: GOVERN,
    Role.GOVERNOR: GOVERN,
    Role.SLT: WATCH | DEVICES,
    Role.BURSAR: KEEP,
    Role.NETWORK_MANAGER: FILTER,
    Role.ICT_TECHNICIAN: FILTER,
    Role.HEAD_OF_KEY_STAGE: KEEP | DEVICES,
    Role.DPO: KEEP | AUDIT,
    Role.SCHOOL_ADMINISTRATOR: KEEP | RUN_THE_SCHOOLS_LISTS,
    Role.TRUST_SAFEGUARDING_LEAD: GOVERN | MANAGE_ADULT_CASES | AGREE | AUDIT | LOW_LEVEL,
}


@pytest.mark.parametrize("role", Role)
def test_a_role_holds_exactly_these_powers(role: Role) -> None:
    assert ROLES[role].permissions == POWERS[role]


@pytest.mark.parametrize(
    "role",
    [
        Role.STAFF,
        Role.SAFEGUARDING_GOVERNOR,
        Role.GOVERNOR,
        Role.SLT,
        Role.BURSAR,
        Role.NETWORK_MANAGER,
        Role.ICT_TECHNICIAN,
        Role.DPO,
        Role.SCHOOL_ADMINISTRATOR,
    ],
)
def test_authority_is_not_access(role: Role) -> None:
    assert not ROLES[role].permissions & CASE_PERMISSIONS


def test_whoever_says_who_works_here_opens_no_case_and_no_case_reader_does() -> None:
    both = [
        role for role in Role if ROLES[role].permissions & CASE_PERMISSIONS and RUN_THE_SCHOOLS_LISTS & POWERS[role]
    ]

    assert both == []


def test_everybody_may_log_a_concern() -> None:
    assert [role for role in Role if not ROLES[role].permissions >= LOG] == []


def test_a_queue_of_childrens_concerns_is_read_by_the_safeguarding_team_alone() -> None:
    readers = {role for role in Role if Permission.INCIDENT_READ in ROLES[role].permissions}

    assert readers == SAFEGUARDING_TEAM


def test_every_role_that_opens_a_case_needs_a_second_factor() -> None:
    for role in Role:
        if ROLES[role].permissions & (CASE_PERMISSIONS | RUN_THE_SCHOOLS_LISTS):
            assert ROLES[role].permissions & READS_OTHERS, role


def test_roles_add_up_and_none_is_nothing() -> None:
    assert permissions_of(frozenset()) == frozenset()
    assert permissions_of(frozenset({Role.STAFF, Role.DSL})) == POWERS[Role.STAFF] | POWERS[Role.DSL]
    assert permissions_of(frozenset({Role.DSL, Role.HEADTEACHER})) == POWERS[Role.DSL] | POWERS[Role.HEADTEACHER]


def test_every_permission_is_granted_to_some_role_and_described() -> None:
    granted = permissions_of(frozenset(Role))

    assert granted == frozenset(Permission)
    assert all(permission.description for permission in Permission)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_described_in_plain_words(role: Role) -> None:
    definition = ROLES[role]

    assert definition.title[0].isupper()
    assert definition.description.endswith(".")
    assert not re.search(r"[!_]", definition.title + definition.description)
