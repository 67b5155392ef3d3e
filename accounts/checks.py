"""Checks that a deployment must pass: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def runtime_role_owns_nothing(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E001: the role that serves pages must not be able to alter, truncate or rewrite what it only may add to."""
    if settings.DEBUG or not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper OR rolbypassrls OR EXISTS (
                SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)
            FROM pg_roles WHERE rolname = current_user
            """
        )
        too_mighty = cursor.fetchone()[0]
    if not too_mighty:
        return []
    return [
        Error(
            "DATABASE_URL connects as a role that owns the tables or is a superuser.",
            hint="Use a role that owns nothing for DATABASE_URL, and the owner for DATABASE_OWNER_URL.",
            id="accounts.E001",
        )
    ]


@register(Tags.security, deploy=True)
def not_a_demonstration(**kwargs: Any) -> list[CheckMessage]:
    """E002: a demonstration shows its sign-ins to everybody."""
    if not settings.DEMONSTRATION:
        return []
    return [Error("DEMONSTRATION is on. It shows sign-ins to everybody.", hint="Unset it.", id="accounts.E002")]
