"""Rows of the school next door, sent in the forms of this one: nothing of them is read, written, or known to be there.

AZ-3 of the security plan. The forms are read from the pages themselves, and every box of theirs that names a row is
sent with a row of the other school instead, and with one that is nowhere. Ids in addresses are asked in
`test_permission_matrix.py`.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client, override_settings

from accounts.models import AuditEvent, School, User
from incidents.models import Incident
from tests.architecture.addresses import addresses
from tests.factories import NOW
from tests.incidents.pages import send, typed
from tests.numbers import examples
from tests.safeguarding.forms_sent import IDENTIFIER, SentForm, forms_of
from tests.safeguarding.matrix import Principal, World, make_world, undone

pytestmark = pytest.mark.django_db

# Those who are shown forms that name rows; other roles are shown none with a row of a kind that both schools have.
SENDERS = ("dsl", "headteacher", "school_administrator")
NOWHERE = uuid.UUID(int=0x5AFE)
_CHANGING = re.compile(r'(name="(csrfmiddlewaretoken|author)" value="[^"]*"|nonce="[^"]*")')
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Make the world once, and undo it after the last test of this file."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    clock = mock.patch("django.utils.timezone.now", return_value=NOW)
    with django_db_blocker.unblock(), hashers, clock, undone():  # type: ignore[attr-defined]
        yield make_world()


@cache
def _models() -> list[type[models.Model]]:
    """Return the tables whose rows belong to a school."""
    ours = [model for app in ("accounts", "incidents", "policies") for model in apps.get_app_config(app).get_models()]
    return [model for model in ours if any(one.name == "school" for one in model._meta.fields)]


def rows_of(school: School) -> dict[str, tuple[str, uuid.UUID | str]]:
    """Return what names a row of a school: as it is sent, the table and the row."""
    found: dict[str, tuple[str, uuid.UUID | str]] = {str(school.pk): ("School", school.pk)}
    for model in _models():
        for pk in model._default_manager.filter(school=school).values_list("pk", flat=True):
            found[str(pk)] = (model.__name__, pk)
    users = User.objects.filter(memberships__school=school).values_list("pk", flat=True)
    found |= {str(pk): ("User", pk) for pk in users}
    references = Incident.objects.for_school(school).values_list("reference", "pk")
    return found | {reference: ("Incident reference", pk) for reference, pk in references}


def fingerprint(school: School) -> dict[str, object]:
    """Return a hash of every row that belongs to a school, by table."""
    found: dict[str, object] = {}
    with connection.cursor() as cursor:
        for model in _models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(r::text), '' ORDER BY md5(r::text)))"  # noqa: S608 - our own names
                f" FROM {table} r WHERE r.school_id = %s",
                [school.pk],
            )
            found[model.__name__] = cursor.fetchone()
    return found


@contextmanager
def writes_with(ids: set[str], found: list[str]) -> Iterator[None]:
    """Note every statement that writes and has one of these ids among its values."""

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        values = {str(value) for value in params or ()} if not isinstance(params, dict) else set()
        if _WRITES.match(sql) and values & ids:
            found.append(sql.split("(")[0].strip()[:60])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def _client(principal: Principal) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = principal.session
    return client


def _sent(principal: Principal, form: SentForm, **changed: str) -> HttpResponse:
    with undone():
        return _client(principal).post(form.action, form.filled(**changed))  # type: ignore[return-value]


def _told(answer: HttpResponse, sent: str) -> tuple[int, str, str]:
    """Return what an answer says, without what always differs and without what was sent."""
    place, body = answer.get("Location", ""), answer.content.decode("utf-8", "replace")
    return answer.status_code, place.replace(sent, ""), _CHANGING.sub("", body).replace(sent, "")


def forms_by_box(world: World, name: str) -> dict[tuple[str, str], tuple[SentForm, str]]:
    """Return each box that names a row in the forms that somebody is shown: once for each address without its ids."""
    found: dict[tuple[str, str], tuple[SentForm, str]] = {}
    principal = world.principals[name]
    case = "about a deputy" if name == "headteacher" else "about a child"
    for address in addresses():
        if not isinstance(address.who, frozenset) or not principal.permissions & address.who:
            continue
        path = world.url(address, case)
        with undone():
            answer = _client(principal).get(path)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for form in forms_of(answer.content.decode(), path):
            for box in form.naming():
                key = (IDENTIFIER.sub("*", form.action), IDENTIFIER.sub("*", box))
                found.setdefault(key, (form, box))
    return found


@pytest.mark.parametrize("name", SENDERS[: examples(2, promised=len(SENDERS))])
def test_a_row_of_the_other_school_in_a_form_is_a_row_that_is_nowhere(
    world: World, name: str, record_property: Callable[[str, object], None]
) -> None:
    principal, ours, theirs = world.principals[name], rows_of(world.school), rows_of(world.next_door)
    by_table: dict[str, list[str]] = {}
    for sent, (table, _) in theirs.items():
        by_table.setdefault(table, []).append(sent)
    before, tried = fingerprint(world.next_door), 0
    wrong: list[str] = []
    written: list[str] = []
    with writes_with(set(theirs) - set(ours), written):
        for (where, what), (form, box) in forms_by_box(world, name).items():
            value = form.naming()[box]
            named = IDENTIFIER.search(value)[0]  # type: ignore[index]
            alike = by_table.get(ours.get(named, ("",))[0], [])[: examples(1, promised=3)]
            for foreign in alike:
                nowhere = "OAK-ZZZZ" if "-" in foreign and len(foreign) == 8 else str(NOWHERE)
                answers = [
                    _told(_sent(principal, form, **{box: value.replace(named, other)}), other)
                    for other in (foreign, nowhere)
                ]
                tried += 1
                if answers[0] != answers[1] or world.next_door.name in answers[0][2]:
                    wrong.append(f"{where} {what}: {answers[0][:2]} where nothing is {answers[1][:2]}")
    assert wrong == []
    assert written == []
    assert fingerprint(world.next_door) == before
    record_property("boxes", tried)
    assert tried > {"dsl": 20, "headteacher": 5}.get(name, 0)


def test_nobody_of_the_other_school_can_be_named_in_a_concern(world: World) -> None:
    """The form's people come by the type-ahead, and so stand in no page before they are chosen."""
    reporter, theirs = world.principals["reporter"], rows_of(world.next_door)
    before = fingerprint(world.next_door)
    found: list[str] = []
    people = [sent for sent, (table, _) in theirs.items() if table == "Person"][:3]
    with writes_with(set(theirs), found), undone():
        for person in people:
            rows = [(person, "alleged", ""), (person, "harmed", "")]
            for row in rows:
                answer = send(_client(reporter), world.school, typed(row))
                assert world.next_door.name not in answer.content.decode()

    assert found == []
    assert people
    assert fingerprint(world.next_door) == before


def test_no_row_of_a_school_points_at_a_row_of_another(world: World) -> None:
    """Everything that was made in this world stays within its school, in every column that names a row."""
    owner = {
        (model, pk): school
        for model in _models()
        for pk, school in model._default_manager.values_list("pk", "school_id")
    }
    crossing = []
    for model in _models():
        for column in model._meta.concrete_fields:
            target = column.related_model
            if target in _models() and column.name != "school":
                rows = model._default_manager.exclude(**{column.name: None}).values_list("school_id", column.attname)
                crossing += [f"{model.__name__}.{column.name}" for school, row in rows if owner[target, row] != school]
    assert crossing == []
    assert AuditEvent in _models()
