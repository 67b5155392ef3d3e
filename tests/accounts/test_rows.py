"""Rows that are written past the models are those that models would have written."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutboxMessage, User, among
from tests.conftest import Cast
from tests.factories import NOW

ALIKE = {"kind": "x/y", "path": "/", "queued_at": NOW, "next_try_at": NOW}


def owed(cast: Cast, key: str) -> dict[str, object]:
    """Return the columns of one message that are its own."""
    return {"school_id": cast.school.pk, "address": "a@b.example", "dedupe_key": key}


def test_what_is_left_out_is_as_the_model_has_it(cast: Cast) -> None:
    about = [uuid.uuid4(), uuid.uuid4()]
    OutboxMessage.objects.insert_rows([owed(cast, 'it\'s \\ "ours" £') | {"about": about}], alike=ALIKE)
    written = OutboxMessage.objects.get(dedupe_key='it\'s \\ "ours" £')

    plain = OutboxMessage(school=cast.school, address="a@b.example", dedupe_key="two", about=about, **ALIKE)
    plain.save()
    plain.refresh_from_db()

    unlike = {"id", "dedupe_key"}
    for field in OutboxMessage._meta.concrete_fields:
        if field.attname not in unlike:
            assert getattr(written, field.attname) == getattr(plain, field.attname), field.attname
    assert written.pk.version == 4


def test_many_rows_are_one_statement_and_none_is_none(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        OutboxMessage.objects.insert_rows([], alike=ALIKE)
        OutboxMessage.objects.insert_rows([owed(cast, f"{number}") for number in range(300)], alike=ALIKE)

    assert len(captured) == 1
    assert OutboxMessage.objects.filter(kind="x/y").count() == 300


def test_what_stands_there_already_is_left_alone_only_where_that_is_said(cast: Cast) -> None:
    OutboxMessage.objects.insert_rows([owed(cast, "one")], alike=ALIKE)

    again = ALIKE | {"queued_at": NOW + timedelta(days=1)}
    OutboxMessage.objects.insert_rows([owed(cast, "one"), owed(cast, "two")], alike=again, skip_known=True)

    assert OutboxMessage.objects.get(dedupe_key="one").queued_at == NOW
    assert OutboxMessage.objects.filter(kind="x/y").count() == 2
    with pytest.raises(IntegrityError):
        OutboxMessage.objects.insert_rows([owed(cast, "one")], alike=ALIKE)


def test_many_ids_are_one_value(cast: Cast) -> None:
    everybody = list(User.objects.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as captured:
        found = set(User.objects.filter(pk__in=among([*everybody, uuid.uuid4()])).values_list("pk", flat=True))

    assert found == set(everybody)
    assert captured[0]["sql"].count("::uuid[]") == 1
    assert not User.objects.filter(pk__in=among([])).exists()
