"""Messages on one's first page: mine, unread, and gone once opened."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import outbox
from accounts.models import OutboxMessage, School, User
from accounts.queries.notices import MOST, unread_notices
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast
from tests.factories import NOW

HOME = "/s/oakfield/"
PATH = "/s/oakfield/my-concerns/"


def tell(school: School, user: User, key: str = "told", kind: str = "incidents/question_asked") -> uuid.UUID:
    """Owe somebody a message and return its id."""
    outbox.queue(school=school, kind=kind, path=PATH, dedupe_key=key, at=NOW, recipients=[user])
    message_id: uuid.UUID = OutboxMessage.objects.get(dedupe_key=f"{key}:{user.pk}").pk
    return message_id


def opening(message_id: uuid.UUID) -> str:
    return reverse("notice-open", kwargs={"school": "oakfield", "message_id": message_id})


def test_a_message_stands_on_my_day_until_it_is_opened(cast: Cast) -> None:
    client, message_id = signed_in(cast, "teacher"), tell(cast.school, cast.teacher)
    assert "You are asked something" in client.get(HOME).content.decode()

    answer = client.post(opening(message_id))

    assert answer.headers["Location"] == PATH
    assert "You are asked something" not in client.get(HOME).content.decode()
    assert OutboxMessage.objects.get().read_at is not None


def test_all_are_put_away_together_and_no_one_elses(cast: Cast) -> None:
    for number in range(3):
        tell(cast.school, cast.teacher, f"told{number}")
    other, next_door = tell(cast.school, cast.dsl), tell(cast.next_door, cast.teacher, "next door")

    signed_in(cast, "teacher").post(reverse("notices-read", kwargs={"school": "oakfield"}))

    unread = OutboxMessage.objects.filter(read_at__isnull=True)
    assert {row.pk for row in unread} == {other, next_door}


def test_somebody_elses_message_does_not_exist(cast: Cast) -> None:
    message_id = tell(cast.school, cast.dsl)

    assert signed_in(cast, "teacher").post(opening(message_id)).status_code == 404
    assert signed_in(cast, "teacher").post(opening(uuid.uuid4())).status_code == 404
    assert OutboxMessage.objects.get().read_at is None


def test_only_news_of_this_school_and_of_late_is_shown(cast: Cast) -> None:
    tell(cast.next_door, cast.teacher, "next door")
    tell(cast.school, cast.dsl)
    for kind in ("accounts/digest", "accounts/invited", "accounts/probe"):
        tell(cast.school, cast.teacher, kind, kind)
    tell(cast.school, cast.teacher, "old")
    OutboxMessage.objects.filter(dedupe_key__startswith="old").update(queued_at=NOW - timedelta(days=31))

    assert unread_notices(cast.access("teacher"), at=NOW) == []


@pytest.mark.parametrize("many", [0, 1, MOST + 5])
def test_however_many_there_are_one_statement_reads_them(cast: Cast, many: int, django_assert_num_queries: Any) -> None:
    for number in range(many):
        tell(cast.school, cast.teacher, f"told{number}")
    access = cast.access("teacher")

    with django_assert_num_queries(1):
        found = unread_notices(access, at=NOW)

    assert len(found) == min(many, MOST)


def test_what_was_read_here_and_can_wait_is_not_sent_as_well(cast: Cast, mailoutbox: list[object]) -> None:
    asked, logged = tell(cast.school, cast.teacher), tell(cast.school, cast.teacher, "new", "incidents/new_concern")
    for message_id in (asked, logged):
        signed_in(cast, "teacher").post(opening(message_id))

    assert outbox.deliver_due(NOW) == 1
    assert len(mailoutbox) == 1
    assert dict(OutboxMessage.objects.values_list("pk", "way")) == {asked: "in_app", logged: "email"}
