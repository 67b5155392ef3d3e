"""The migrations say what the models say, and each is called after what it does."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture.source import modules


def unnamed(names: list[str]) -> list[str]:
    return [name for name in names if "_auto_" in name or name.split(".")[-1][:4].isdigit() is False]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = StringIO()
    with suppress(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, stdout=output)

    assert output.getvalue().strip() == "No changes detected"


def test_every_migration_is_called_after_what_it_does() -> None:
    found = [module.name for module in modules() if module.is_migration and len(module.parts) > 2]

    assert unnamed(found) == []


def test_a_name_that_says_nothing_is_found() -> None:
    assert unnamed(["incidents.migrations.0002_auto_20261120_0825", "incidents.migrations.more"])
