"""Sent messages: every word as it was sent, by role and never by name, in a demonstration alone."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage

from accounts import outbox
from accounts.models import Mail, OutboxMessage
from accounts.roles import Role
from tests.accounts.operations.test_preferences import choose
from tests.accounts.owing import owe
from tests.accounts.test_decorators import signed_in
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member

PAGE = "/s/oakfield/settings/messages/"


@pytest.fixture(autouse=True)
def _demonstration(settings: LazySettings) -> None:
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False


def test_a_message_is_shown_as_it_was_sent(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    make_incident(school=cast.school, by=cast.teacher)
    outbox.deliver_due(NOW)

    page = signed_in(cast, "administrator").get(PAGE).content.decode()

    words = re.sub(r"<[^>]*>|\s+", " ", page.replace("<br>", " "))
    for mail in mailoutbox:
        assert str(mail.subject) in words
        assert " ".join(str(mail.body).split()) in " ".join(words.split())
    assert "Designated Safeguarding Lead" in page
    assert "By e-mail" in page


def test_nobody_is_named(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    page = signed_in(cast, "administrator").get(PAGE).content.decode()

    assert [name for name in ("Dora", "Dennis", "Olive", "Tessa") if name in page] == []
    assert "@school.example" not in page


def test_what_became_of_each_is_said(cast: Cast) -> None:
    choose(cast.teacher, mail=Mail.IN_APP)
    leaver = make_member(school=cast.school, role=Role.STAFF)
    for user in (cast.teacher, leaver):
        outbox.queue(
            school=cast.school,
            kind="incidents/question_asked",
            path="/",
            dedupe_key="asked",
            at=NOW,
            recipients=[user],
        )
    outbox.deliver_due(NOW)
    leaver.memberships.all().delete()
    owe(cast.school, at=NOW + timedelta(days=1))
    owe(cast.school, at=NOW + timedelta(days=2))
    OutboxMessage.objects.filter(queued_at__gt=NOW + timedelta(days=1)).update(dead_at=NOW)

    page = signed_in(cast, "administrator").get(PAGE).content.decode()

    for said in ("On my day", "Waits", "Given up", "Nobody here any more", "The contact outside the school"):
        assert said in page


def test_another_schools_messages_are_not_there(cast: Cast) -> None:
    owe(cast.next_door)

    assert "Nothing was sent yet" in signed_in(cast, "administrator").get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["dsl", "head", "teacher"])
def test_it_is_for_whoever_runs_the_school(cast: Cast, who: str) -> None:
    assert signed_in(cast, who).get(PAGE).status_code == 403


def test_outside_a_demonstration_it_does_not_exist(cast: Cast, settings: LazySettings) -> None:
    settings.DEMONSTRATION = False

    assert signed_in(cast, "administrator").get(PAGE).status_code == 404
