"""Write who may do what, from the code, to docs/permissions.md. A test compares the two."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access_rules import RULES
from accounts.permissions import READS_OTHERS, Permission
from accounts.roles import ROLES, may_be_withheld
from policies.catalogue import adoptable_ids, shipped
from policies.queries.role_limits import limits_of

FILE = Path("docs") / "permissions.md"
_HEAD = """# Who may do what

Written by `manage.py draw_permissions` from `accounts/roles.py`, `accounts/permissions.py` and the views. Not edited.
"""
_ROLES = """
## Roles

What a role holds at the school where it is held, and nowhere else. Authority is not access: a permission opens the
cases that come to that role, and never one that is about its holder or a relative (`incidents/access.py`).
"""
_PERMISSIONS = """
## Permissions

Whoever holds one that is marked * needs a second factor: they read what others wrote.
"""
_LIMITS = """
## What shipped policies take from roles

A policy that a school adopts narrows what a role may do there, and never widens it; a role that it does not name keeps
what stands above. What nobody could do without to receive a concern is never taken (`accounts/roles.py`).
"""
_OPEN = """
## Pages without a permission

Each says what it asks for instead.
"""


class Command(BaseCommand):
    help = "Write the table of roles, permissions and pages to docs/permissions.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / FILE
        path.parent.mkdir(exist_ok=True)
        path.write_text(document())
        self.stdout.write(f"{FILE} is written.")


def document() -> str:
    """Return the whole page."""
    parts = (
        _HEAD,
        _ROLES,
        _role_table(),
        _PERMISSIONS,
        _permission_table(),
        _LIMITS,
        _limit_table(),
        _OPEN,
        _open_table(),
    )
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def pages() -> dict[str, str | frozenset[Permission] | None]:
    """Return who may use each page, by the name of its address; None where nothing says so."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[str, str | frozenset[Permission] | None]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            name = pattern.name or str(pattern.pattern)
            yield name, getattr(pattern.callback, "who", RULES.get(name))


def _role_table() -> str:
    rows = [["Role", "What it is for", *(f"`{permission}`" for permission in Permission)]]
    for role in ROLES.values():
        held = ["yes" if permission in role.permissions else "" for permission in Permission]
        rows.append([role.title, role.description, *held])
    return _table(rows)


def _permission_table() -> str:
    rows = [["Permission", "What it lets a person do", "Pages that it opens"]]
    for permission in Permission:
        asking = sorted(name for name, who in pages().items() if isinstance(who, frozenset) and permission in who)
        mark = " *" if permission in READS_OTHERS else ""
        rows.append([f"`{permission}`{mark}", permission.description, ", ".join(asking)])
    return _table(rows)


def _limit_table() -> str:
    rows = [["Policy", "Clause", "Role", "Takes away"]]
    for pack_id in sorted(adoptable_ids()):
        for role, limit in limits_of(shipped(pack_id).pack).items():
            taken = sorted(may_be_withheld(role) - limit.may)
            rows.append([pack_id, limit.clause, ROLES[role].title, ", ".join(f"`{one}`" for one in taken)])
    return _table(rows)


def _open_table() -> str:
    found: dict[str, list[str]] = {}
    for name, who in pages().items():
        if isinstance(who, str):
            found.setdefault(who, []).append(name)
    return _table([["Who", "Pages"], *([who, ", ".join(sorted(names))] for who, names in sorted(found.items()))])


def _table(rows: list[list[str]]) -> str:
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body])
