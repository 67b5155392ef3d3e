"""A page gets a case only from `incidents/access.py`; nothing but roles and their dates opens anything."""

import ast

import pytest
from django.conf import settings

from tests.architecture.source import Module, dotted, imported_names, modules, must_be_none

# Rows that tell of a case. A page gets them by way of an `access` function, or from a query that is given the case.
OF_CASES = {"Incident", "InvolvedPerson", "ChronologyEntry", "ConcernDraft", "Obligation"}
PAGES = {"views", "forms", "templatetags", "nav", "context_processors", "decorators", "middleware", "urls"}
# Powers that Django knows and we do not: asking for one would be a second way in.
FOREIGN_POWERS = {"has_perm", "has_perms", "has_module_perms", "is_superuser", "is_staff", "get_all_permissions"}
MAY_SET = {"accounts.models.users": "creates the operator of an installation, to whom nothing of ours opens"}


def direct_reads(module: Module) -> list[str]:
    """Find pages that ask the tables of cases themselves, and queries that begin with every case of a school."""
    names = OF_CASES if module.place in PAGES else {"Incident"} if module.place == "queries" else set()
    known = imported_names(module.tree)
    return [
        module.at(node, f"asks {dotted(node)} itself instead of incidents/access.py")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
        if known.get(dotted(node.value), dotted(node.value)).rpartition(".")[2] in names
    ]


def foreign_powers(module: Module) -> list[str]:
    used = [node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute) and node.attr in FOREIGN_POWERS]
    return [module.at(node, f"asks for {node.attr}: a power that roles do not know") for node in used]


def test_pages_get_cases_from_access_alone() -> None:
    must_be_none([found for module in modules() for found in direct_reads(module)])


def test_no_page_asks_for_a_power_that_roles_do_not_know() -> None:
    must_be_none([found for module in modules() if module.name not in MAY_SET for found in foreign_powers(module)])


def test_there_is_no_other_door() -> None:
    """Django's admin would show rows past every rule; a backend of guardian's would let superusers in."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("incidents.views.notes", "from incidents.models import Incident\nIncident.objects.get(pk=1)"),
        ("incidents.views.notes", "from incidents.models import Incident as Row\nRow.objects.for_school(school)"),
        ("incidents.queries.notes", "from incidents.models import Incident\nIncident.objects.for_school(school)"),
        ("safeguarding.nav", "from incidents.models import ConcernDraft\nConcernDraft.objects.count()"),
    ],
)
def test_a_page_that_helps_itself_is_found(name: str, text: str) -> None:
    assert direct_reads(Module(name, text))


def test_a_foreign_power_is_found() -> None:
    assert foreign_powers(Module("incidents.access", "if user.is_superuser:\n    pass"))
    assert foreign_powers(Module("incidents.access", "access.has(permission)")) == []
