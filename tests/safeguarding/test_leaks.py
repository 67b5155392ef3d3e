"""A fault in any view tells nothing of what it was about: not in the log, and not on the page (LK-1)."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client, override_settings

from accounts.models import Person
from safeguarding.celery import app
from safeguarding.logs import WithoutWords
from tests.architecture.addresses import Address, addresses
from tests.factories import NOW
from tests.numbers import examples
from tests.safeguarding.headers import tells_of_the_system
from tests.safeguarding.matrix import World, make_world, undone

pytestmark = pytest.mark.django_db

CANARY = "Quentin-Kingfisher"
OF_SCHOOLS = [one for one in addresses() if isinstance(one.who, frozenset)]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the world once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        yield make_world()


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Give what the settings write to the log meanwhile, written as they write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatters: Any = django_settings.LOGGING["formatters"]
    assert formatters["line"]["()"] == f"{WithoutWords.__module__}.{WithoutWords.__name__}"
    handler.setFormatter(WithoutWords(formatters["line"]["format"]))
    root = logging.getLogger()
    # Somebody else writes the same fault first, with all its words.
    other = logging.StreamHandler(io.StringIO())
    root.addHandler(other)
    root.addHandler(handler)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.removeHandler(other)


def _refused_by_database(*args: object) -> bool:
    """Fail as the database does: with the row that it refused in its own words."""
    try:
        with transaction.atomic():
            person = Person.objects.exclude(left_on=None).first() or Person.objects.all()[0]
            Person.objects.bulk_create([Person(pk=person.pk, school=person.school, given_name=CANARY)])
    except IntegrityError as refusal:
        raise RuntimeError(f"{CANARY}: {refusal}") from refusal
    return True


def test_the_database_does_tell_names_when_it_refuses() -> None:
    """Or the test below would prove nothing."""
    with pytest.raises((IntegrityError, DataError), match=CANARY), connection.cursor() as cursor:
        cursor.execute("SELECT %s::uuid", [CANARY])


@pytest.mark.parametrize("part", range(4))
def test_a_fault_in_any_view_leaves_no_word_in_the_log_and_none_on_the_page(
    world: World, part: int, record_property: Callable[[str, object], None]
) -> None:
    dsl, wrong = world.principals["dsl"], []
    client = Client(raise_request_exception=False)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = dsl.session
    some = OF_SCHOOLS[part :: 4 * examples(6, promised=1)]
    for one in some:
        with logged() as written, undone(), mock.patch("accounts.access.Access.has", _refused_by_database):
            answer = client.post(_url(world, one), {"text": CANARY, "narrative": CANARY}, headers={"X-Note": CANARY})
        if answer.status_code == 405:
            with logged() as written, undone(), mock.patch("accounts.access.Access.has", _refused_by_database):
                answer = client.get(_url(world, one), headers={"X-Note": CANARY})
        said = written.getvalue()
        if answer.status_code != 500 or "RuntimeError" not in said or "IntegrityError" not in said:
            wrong.append(f"{one}: {answer.status_code}, {said[-200:]}")
        if CANARY in said or CANARY in answer.content.decode() or tells_of_the_system(answer):
            wrong.append(f"{one}: it tells")
    record_property("faults", len(some))
    assert wrong == []
    assert some


def _url(world: World, one: Address) -> str:
    return world.url(one, "about a child")


def test_the_log_says_where_a_fault_was_and_what_led_to_it() -> None:
    with logged() as written:
        try:
            try:
                raise ValueError(CANARY)
            except ValueError as first:
                raise ExceptionGroup(CANARY, [KeyError(CANARY)]) from first
        except ExceptionGroup:
            logging.getLogger("accounts").exception("It failed.")

    said = written.getvalue()
    assert CANARY not in said
    assert [said.index(kind) for kind in ("ValueError", "KeyError", "ExceptionGroup")] == sorted(
        said.index(kind) for kind in ("ValueError", "KeyError", "ExceptionGroup")
    )
    assert __name__.rpartition(".")[2] in said


def test_a_task_that_fails_leaves_no_word_in_the_log() -> None:
    @app.task(name="tests.fails")
    def fails(word: str) -> None:
        raise RuntimeError(word)

    with logged() as written:
        fails.apply(args=[CANARY])

    app.tasks.pop("tests.fails")
    assert "tests.fails" in written.getvalue()
    assert CANARY not in written.getvalue()
    assert app.conf.worker_hijack_root_logger is False


def test_nobody_is_mailed_the_words_of_a_fault(settings: LazySettings) -> None:
    assert settings.ADMINS in ([], ())
    assert settings.MANAGERS in ([], ())
