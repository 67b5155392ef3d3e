"""`manage.py migrate` in a database of its own: the owner owns, the runtime role gets its grants, each time anew."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import LazySettings, settings
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from safeguarding.embedded import environment
from safeguarding.env import parse_database
from safeguarding.management.commands.migrate import Command


@dataclass(frozen=True)
class Scratch:
    """A database and the two addresses to reach it by."""

    owner_url: str
    runtime_url: str

    def ask(self, question: str) -> Any:
        """Return the first value of the first row, as the owner."""
        with _connected(self.owner_url) as asked, asked.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]

    def manage(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours as production would."""
        values = environment.like_production(os.environ, self.runtime_url, self.owner_url) | changes
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={name: value for name, value in values.items() if value},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def _address(*, database: str, user: str = "") -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}@{place}" if user else parts.netloc, path=f"/{database}"))


@contextmanager
def _connected(url: str) -> Iterator[psycopg2.extensions.connection]:
    parsed = parse_database("DATABASE_URL", url)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    opened = psycopg2.connect(**{name: parsed[key] for name, key in names.items() if parsed[key]})
    opened.autocommit = True
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    """A database that was migrated once, as in production: the runtime role in one variable, the owner in the other."""
    name = f"scratch_{uuid.uuid4().hex}"
    anywhere = _address(database="postgres")
    with _connected(anywhere) as maker, maker.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    made = Scratch(_address(database=name), _address(database=name, user=settings.DATABASE_RUNTIME_ROLE))
    outcome = made.manage("migrate", "--noinput", "--verbosity", "1")
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stderr == ""
    yield made
    with _connected(anywhere) as maker, maker.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_owner_owns_every_table_and_the_runtime_role_none(scratch: Scratch) -> None:
    owners = scratch.ask("SELECT array_agg(DISTINCT tableowner::text) FROM pg_tables WHERE schemaname = 'public'")

    assert owners == [scratch.ask("SELECT current_user::text")]
    assert settings.DATABASE_RUNTIME_ROLE not in owners


def test_the_runtime_role_reads_every_table_the_cache_included(scratch: Scratch) -> None:
    tables = scratch.ask("SELECT array_agg(tablename::text) FROM pg_tables WHERE schemaname = 'public'")

    assert "cache_entries" in tables
    with _connected(scratch.runtime_url) as runtime, runtime.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608


def test_migrating_twice_changes_nothing_and_grants_again(scratch: Scratch) -> None:
    role = settings.DATABASE_RUNTIME_ROLE
    with _connected(scratch.owner_url) as owner, owner.cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
        cursor.execute(f"GRANT UPDATE, TRUNCATE ON accounts_auditevent TO {role}")

    outcome = scratch.manage("migrate", "--noinput")

    assert outcome.returncode == 0, outcome.stderr
    assert "No migrations to apply" in outcome.stdout
    held = "SELECT array_agg(p) FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) p WHERE "
    assert scratch.ask(f"{held} has_table_privilege('{role}', 'accounts_auditevent', p)") == ["SELECT", "INSERT"]
    assert scratch.ask(f"SELECT has_table_privilege('{role}', 'accounts_user', 'UPDATE')")


def test_without_an_owner_the_runtime_role_changes_nothing_and_says_so(scratch: Scratch) -> None:
    outcome = scratch.manage("migrate", "--noinput", DATABASE_OWNER_URL="")

    assert outcome.returncode == 0, outcome.stderr
    assert "does not exist or is the owner itself" in outcome.stderr


def test_the_deployment_check_with_its_database_part_is_clean_for_the_runtime_role(scratch: Scratch) -> None:
    outcome = scratch.manage("check", "--deploy", "--database", "default", "--fail-level", "ERROR")

    assert outcome.returncode == 0, outcome.stderr


def test_the_deployment_check_refuses_an_owner_that_serves_pages(scratch: Scratch) -> None:
    outcome = scratch.manage("check", "--database", "default", DATABASE_URL=scratch.owner_url)

    assert outcome.returncode != 0
    assert "accounts.E001" in outcome.stderr


def test_what_the_runtime_role_may_not_do_it_cannot_migrate_either(scratch: Scratch) -> None:
    outcome = scratch.manage("migrate", "incidents", "zero", "--noinput", DATABASE_OWNER_URL="")

    assert outcome.returncode != 0
    assert "InsufficientPrivilege" in outcome.stderr or "must be owner" in outcome.stderr
    assert scratch.ask("SELECT to_regclass('incidents_incident') IS NOT NULL")


def test_after_a_failed_migration_the_process_is_the_runtime_role_again(
    db: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(connection.settings_dict)
    seen: list[str] = []
    settings.DATABASE_OWNER_URL = "postgresql://somebody_mighty@/elsewhere?host=/nowhere"

    def fail(self: DjangoMigrate, *args: Any, **options: Any) -> None:
        seen.append(str(connection.settings_dict["USER"]))
        raise RuntimeError("A migration failed.")

    monkeypatch.setattr(DjangoMigrate, "handle", fail)
    monkeypatch.setattr(connection, "close", lambda: None)

    with pytest.raises(RuntimeError, match="failed"):
        Command().handle(verbosity=0)

    assert seen == ["somebody_mighty"]
    assert dict(connection.settings_dict) == before
