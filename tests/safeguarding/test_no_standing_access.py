"""Whoever runs the installation reads no case: no flag, no group and no right of the framework opens one (AZ-6)."""

import ast
from collections.abc import Callable

import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.contrib.auth.models import Group, Permission
from guardian.models import UserObjectPermission
from guardian.shortcuts import get_objects_for_user

from accounts.models import User
from accounts.roles import Role
from incidents.models import Incident
from tests.architecture.addresses import addresses
from tests.architecture.source import modules
from tests.conftest import Cast
from tests.factories import make_incident, make_member
from tests.incidents.pages import browser, case_address
from tests.safeguarding.matrix_rows import CANARY

# What asks the framework who may: none of it knows of the cases that somebody must not see.
ASKING = {
    "has_perm",
    "has_perms",
    "has_module_perms",
    "get_objects_for_user",
    "user_passes_test",
    "permission_required",
}
# Where the flag may stand, and why.
KNOWN = {"accounts.models.users": "makes the account of whoever runs the installation, which opens nothing"}
HOLDERS = ("superuser", "every group", "every right", "rights on each case", "ICT with all of it")


def _given_everything(cast: Cast, holder: str) -> User:
    """Make somebody with all that the framework can give, at this school or at none."""
    user = User.objects.create_user(f"{len(holder)}@host.example", "a long enough password", full_name="Op Erator")
    if holder in ("superuser", "ICT with all of it"):
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    if holder in ("every group", "ICT with all of it"):
        group = Group.objects.create(name="Everything")
        group.permissions.set(Permission.objects.all())
        user.groups.add(group)
    if holder in ("every right", "ICT with all of it"):
        user.user_permissions.set(Permission.objects.all())
    if holder in ("rights on each case", "ICT with all of it"):
        for case in Incident.objects.all():
            UserObjectPermission.objects.assign_perm("view_incident", user, case)
    if holder == "ICT with all of it":
        make_member(school=cast.school, role=Role.NETWORK_MANAGER, user=user)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("holder", HOLDERS)
def test_no_right_of_the_framework_opens_a_case(
    cast: Cast, settings: LazySettings, holder: str, record_property: Callable[[str, object], None]
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    case = make_incident(school=cast.school, by=cast.teacher, narrative=CANARY)
    client = browser(_given_everything(cast, holder))
    pages = {
        str(one.name): case_address(str(one.name), case)
        for one in addresses()
        if isinstance(one.who, frozenset) and set(one.converters) == {"school", "reference"}
    }

    answers = {name: client.get(path) for name, path in pages.items()}
    record_property("answers", len(answers))

    assert {name: one.status_code for name, one in answers.items() if one.status_code not in (403, 404, 405)} == {}
    assert [name for name, one in answers.items() if CANARY in one.content.decode()] == []
    assert len(pages) > 20


def test_guardian_would_let_a_superuser_in_which_is_why_nothing_asks_it(cast: Cast) -> None:
    """Or the search below would look for something harmless."""
    case = make_incident(school=cast.school, by=cast.teacher)
    operator = User.objects.create_superuser("op@host.example", "a long enough password", full_name="Op Erator")

    assert case in get_objects_for_user(operator, "incidents.view_incident", klass=Incident)


def test_no_code_of_ours_asks_the_framework_who_may() -> None:
    found = []
    for module in modules():
        names = {getattr(node, "attr", None) or getattr(node, "id", None) for node in ast.walk(module.tree)}
        names |= {node.arg for node in ast.walk(module.tree) if isinstance(node, ast.keyword)}
        asked = ASKING | (set() if module.name in KNOWN else {"is_superuser"})
        found += [f"{module.name}: {name}" for name in names & asked]

    assert found == []
    assert not hasattr(User, "is_staff")


def test_there_is_no_admin_site_and_no_backend_that_knows_of_objects() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert [one for one in settings.AUTHENTICATION_BACKENDS if "guardian" in one] == []
    assert [str(one) for one in addresses() if "admin" in one.route.split("/")[0]] == []
