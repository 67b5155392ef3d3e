"""Gives the tests a database of their own. Loaded by `-p` before pytest-django reads the settings."""

import os

import pytest

from safeguarding.embedded import environment
from safeguarding.embedded.seats import TestDatabase


def is_worker() -> bool:
    """A pytest-xdist worker inherits what the session that started it has set."""
    return "PYTEST_XDIST_WORKER" in os.environ


def begin() -> TestDatabase | None:
    values = environment.for_tests(os.environ)
    started = None
    if not values.get("DATABASE_URL"):
        started = TestDatabase()
        values["DATABASE_URL"] = started.open()
    os.environ.clear()
    os.environ.update(values)
    return started


_database = None if is_worker() else begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    global _database
    if _database and not hasattr(config, "workerinput"):
        _database.close()
        _database = None
