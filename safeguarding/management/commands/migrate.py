"""Migrate as the owner of the tables, then give the runtime role its grants.

The process that serves pages connects as a role that owns nothing and could not run this. With `DATABASE_OWNER_URL`
set, the command connects with it instead of `DATABASE_URL`.
"""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from accounts.grants import apply_grants
from safeguarding.env import parse_database

_WHO = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


class Command(DjangoMigrate):
    """Django's own command, run as the owner."""

    def handle(self, *args: Any, **options: Any) -> None:
        runtime = {key: connection.settings_dict[key] for key in _WHO}
        if settings.DATABASE_OWNER_URL:
            connection.close()
            owner = parse_database("DATABASE_OWNER_URL", settings.DATABASE_OWNER_URL)
            connection.settings_dict.update({key: owner[key] for key in _WHO})
        try:
            super().handle(*args, **options)
            call_command("createcachetable", verbosity=0)
            granted = apply_grants(connection, settings.DATABASE_RUNTIME_ROLE)
        finally:
            if settings.DATABASE_OWNER_URL:
                connection.close()
                connection.settings_dict.update(runtime)
        if not granted and options["verbosity"] > 0:
            self.stderr.write(
                f"The database role {settings.DATABASE_RUNTIME_ROLE!r} does not exist or is the owner itself: "
                "append-only tables are then kept by their triggers alone."
            )
