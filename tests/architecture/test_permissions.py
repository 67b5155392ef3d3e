"""Every permission is held by somebody and opens something; the table people read is the one the code runs."""

import ast

import pytest

from accounts.permissions import READS_OTHERS, Permission
from accounts.roles import ROLES, Role
from safeguarding.management.commands.draw_permissions import FILE, document, pages
from tests.architecture.source import ROOT, modules, must_be_none


def unheld(held: dict[Role, frozenset[Permission]]) -> set[Permission]:
    return set(Permission) - set().union(*held.values())


def test_every_permission_is_held_by_a_role() -> None:
    assert unheld({role: definition.permissions for role, definition in ROLES.items()}) == set()


def test_every_permission_opens_a_page() -> None:
    asked = set().union(*(who for who in pages().values() if isinstance(who, frozenset)))

    assert set(Permission) - asked == set()


def test_every_role_and_permission_is_described() -> None:
    assert set(ROLES) == set(Role)
    assert all(definition.title and definition.description.endswith(".") for definition in ROLES.values())
    assert all(permission.description for permission in Permission)


@pytest.mark.parametrize(
    "role",
    [
        *(Role.STAFF, Role.SAFEGUARDING_GOVERNOR, Role.GOVERNOR, Role.SLT, Role.BURSAR, Role.NETWORK_MANAGER),
        *(Role.ICT_TECHNICIAN, Role.HEAD_OF_KEY_STAGE, Role.DPO, Role.SCHOOL_ADMINISTRATOR),
    ],
)
def test_authority_is_not_access(role: Role) -> None:
    opens_cases = {
        *(Permission.INCIDENT_READ, Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE),
        Permission.ADULT_CASE_MANAGE,
    }

    assert ROLES[role].permissions & opens_cases == set()


def test_whoever_reads_a_case_needs_a_second_factor() -> None:
    """No role that may work on cases comes without a permission that asks for the second factor."""
    works = {Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE}

    assert [
        role for role, held in ROLES.items() if held.permissions & works and not held.permissions & READS_OTHERS
    ] == []


def test_roles_are_asked_in_a_few_places_only() -> None:
    """A page asks for a permission, never for a role: what a role may do stands in one table."""
    asked = [
        module.at(node, f"{ast.unparse(node)}: ask for a permission instead")
        for module in modules()
        if module.place in {"views", "decorators", "nav", "forms"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "roles"
    ]

    assert [line for line in asked if not line.startswith("safeguarding/nav.py")] == []


def test_the_table_people_read_is_up_to_date() -> None:
    assert (ROOT / FILE).read_text() == document(), "Run manage.py draw_permissions."


def test_a_permission_that_nobody_holds_is_found() -> None:
    assert unheld({Role.STAFF: frozenset({Permission.INCIDENT_LOG})}) > {Permission.INCIDENT_READ}
    with pytest.raises(AssertionError, match="incident"):
        must_be_none(["incident.read"])
