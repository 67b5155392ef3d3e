"""What can wait waits as its reader asked for; what cannot asks nobody; a message of the day counts all, and once."""

import smtplib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from accounts import outbox
from accounts.models import Mail, OutboxMessage, School, User
from tests.accounts.operations.test_preferences import NIGHT, choose
from tests.accounts.test_messages import KINDS
from tests.conftest import Cast
from tests.factories import NOW

# A Tuesday evening in London, the next morning, and the time of the next message of the day.
EVENING = NOW.replace(hour=20, minute=0)
MORNING = EVENING.replace(hour=7) + timedelta(days=1)
NEXT_DIGEST = NOW.replace(hour=7, minute=30) + timedelta(days=1)
ASKED = "incidents/question_asked"

Fail = Callable[[BaseException | None], list[str]]


def tell(school: School, user: User, *, kind: str = ASKED, at: datetime = NOW, key: str = "told") -> None:
    """Owe one message."""
    outbox.queue(school=school, kind=kind, path=f"/s/{school.slug}/", dedupe_key=key, at=at, recipients=[user])


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Return a function after which sending fails with this problem, or works again; it gives what was tried."""
    works = EmailMessage.send

    def becomes(problem: BaseException | None) -> list[str]:
        tried: list[str] = []

        def refuse(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
            tried.append(self.subject)
            assert problem is not None
            raise problem

        monkeypatch.setattr(EmailMessage, "send", refuse if problem else works)
        return tried

    return becomes


# What never waits


def test_danger_a_concern_and_what_was_missed_are_not_in_the_table_of_what_can_wait() -> None:
    for kind in KINDS:
        if any(part in kind for part in ("danger", "new_concern", "nobody", "missed", "away", "told", "quiet")):
            assert kind not in outbox.MAY_WAIT
    assert set(KINDS) >= outbox.MAY_WAIT


@pytest.mark.parametrize("kind", sorted(set(KINDS) - outbox.MAY_WAIT))
@pytest.mark.parametrize("mail", [Mail.AT_ONCE, Mail.DIGEST, Mail.IN_APP])
def test_what_cannot_wait_is_sent_at_once_whatever_was_chosen(
    cast: Cast, kind: str, mail: Mail, mailoutbox: list[EmailMessage]
) -> None:
    choose(cast.dsl, mail=mail, is_quiet_at_weekends=True, **NIGHT)
    saturday_night = EVENING + timedelta(days=4)
    tell(cast.school, cast.dsl, kind=kind, at=saturday_night)

    assert outbox.deliver_due(saturday_night) == len(mailoutbox) == 1


# Quiet hours


@pytest.mark.parametrize("kind", sorted(outbox.MAY_WAIT))
def test_what_can_wait_is_sent_when_the_quiet_hours_are_over(
    cast: Cast, kind: str, mailoutbox: list[EmailMessage]
) -> None:
    choose(cast.teacher, **NIGHT)
    tell(cast.school, cast.teacher, kind=kind, at=EVENING)

    assert outbox.deliver_due(EVENING) == 0
    held = OutboxMessage.objects.get()
    assert (held.next_try_at, held.tries, held.sent_at) == (MORNING, 0, None)
    assert outbox.deliver_due(MORNING - timedelta(seconds=1)) == 0
    assert outbox.deliver_due(MORNING) == len(mailoutbox) == 1


def test_without_a_choice_and_outside_the_quiet_hours_nothing_waits(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, **NIGHT)
    tell(cast.school, cast.teacher)
    tell(cast.school, cast.colleague, at=EVENING)

    assert outbox.deliver_due(EVENING - timedelta(hours=2)) == 1
    assert outbox.deliver_due(EVENING) == 1


def test_a_message_that_failed_waits_in_the_quiet_hours_with_its_tries(cast: Cast, mail_server: Fail) -> None:
    choose(cast.teacher, **NIGHT)
    tell(cast.school, cast.teacher, at=EVENING - timedelta(minutes=1))
    mail_server(smtplib.SMTPServerDisconnected("gone"))
    outbox.deliver_due(EVENING - timedelta(minutes=1))

    outbox.deliver_due(EVENING)

    held = OutboxMessage.objects.get()
    assert (held.tries, held.next_try_at) == (1, MORNING)


# Only on my day


def test_what_is_only_wanted_here_is_never_mailed(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.IN_APP)
    tell(cast.school, cast.teacher)

    assert outbox.deliver_due(NOW) == outbox.deliver_due(NOW + timedelta(days=9)) == len(mailoutbox) == 0
    assert OutboxMessage.objects.get().way == "in_app"


# The message of the day


def test_one_message_a_day_counts_what_was_held_back(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    for number in range(3):
        tell(cast.school, cast.teacher, key=f"told{number}", at=NOW + timedelta(hours=number))
        outbox.deliver_due(NOW + timedelta(hours=number))
    assert not mailoutbox

    assert outbox.deliver_due(NEXT_DIGEST) == 1

    [mail] = mailoutbox
    assert "3 things need you at Oakfield Primary School" in mail.body
    assert str(mail.body).count("http") == 1
    digest = OutboxMessage.objects.get(kind=outbox.DIGEST)
    assert digest.counted.count() == 3
    assert set(digest.counted.values_list("way", "sent_at")) == {("digest", NEXT_DIGEST)}
    assert outbox.deliver_due(NEXT_DIGEST + timedelta(days=9)) == 0


def test_one_thing_is_not_called_things(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    tell(cast.school, cast.teacher)
    outbox.deliver_due(NOW)
    outbox.deliver_due(NEXT_DIGEST)

    assert "1 thing needs you at" in mailoutbox[0].body


def test_each_person_gets_their_own_for_each_school(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    for user in (cast.teacher, cast.colleague):
        choose(user, mail=Mail.DIGEST)
        for school in (cast.school, cast.next_door):
            tell(school, user, key=f"told:{school.slug}")
    outbox.deliver_due(NOW)

    assert outbox.deliver_due(NEXT_DIGEST) == 4
    assert len({(mail.to[0], "Birchwood" in mail.body) for mail in mailoutbox}) == 4


def test_what_was_read_meanwhile_is_not_counted(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    for number in range(3):
        tell(cast.school, cast.teacher, key=f"told{number}")
    outbox.deliver_due(NOW)
    read = OutboxMessage.objects.earliest("dedupe_key")
    outbox.mark_read(school=cast.school, user=cast.teacher, at=NOW, message_id=read.pk)

    outbox.deliver_due(NEXT_DIGEST)

    assert "2 things need you" in mailoutbox[0].body
    assert OutboxMessage.objects.filter(sent_at__isnull=True).count() == 0
    read.refresh_from_db()
    assert (read.way, read.digest_id) == ("in_app", None)


def test_where_all_was_read_no_message_of_the_day_comes(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    tell(cast.school, cast.teacher)
    outbox.deliver_due(NOW)
    outbox.mark_read(school=cast.school, user=cast.teacher, at=NOW)

    assert outbox.deliver_due(NEXT_DIGEST) == len(mailoutbox) == 0
    assert not OutboxMessage.objects.filter(kind=outbox.DIGEST).exists()


def test_what_comes_after_it_waits_for_the_next_day(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    tell(cast.school, cast.teacher)
    outbox.deliver_due(NOW)
    outbox.deliver_due(NEXT_DIGEST)
    tell(cast.school, cast.teacher, key="later", at=NEXT_DIGEST)

    assert outbox.deliver_due(NEXT_DIGEST) == 0
    assert outbox.deliver_due(NEXT_DIGEST + timedelta(days=1)) == 1
    assert len(mailoutbox) == 2


def test_a_message_of_the_day_that_fails_is_tried_again(
    cast: Cast, mail_server: Fail, mailoutbox: list[EmailMessage]
) -> None:
    choose(cast.teacher, mail=Mail.DIGEST)
    tell(cast.school, cast.teacher)
    outbox.deliver_due(NOW)
    mail_server(ConnectionRefusedError("refused"))
    outbox.deliver_due(NEXT_DIGEST)
    outbox.deliver_due(NEXT_DIGEST + timedelta(minutes=1))
    assert [row.kind for row in outbox.failing(NEXT_DIGEST + timedelta(minutes=1))] == [ASKED]
    mail_server(None)

    assert outbox.deliver_due(NEXT_DIGEST + timedelta(minutes=3)) == 1
    assert outbox.failing(NEXT_DIGEST + timedelta(minutes=3)) == []


# Failing


def test_what_failed_twice_within_a_quarter_of_an_hour_is_failing(cast: Cast, mail_server: Fail) -> None:
    tell(cast.school, cast.dsl)
    mail_server(TimeoutError("slow"))
    outbox.deliver_due(NOW)
    assert outbox.failing(NOW) == []

    at = NOW
    while not outbox.failing(at):
        at += timedelta(seconds=30)
        outbox.deliver_due(at)

    assert at <= NOW + timedelta(minutes=15)
    assert [row.recipient for row in outbox.failing(at)] == [cast.dsl]


@pytest.mark.parametrize(
    ("problem", "is_failing"),
    [
        (smtplib.SMTPRecipientsRefused({"dora@school.example": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"dora@school.example": (450, b"try later")}), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
    ],
    ids=["bounced", "not now", "gone"],
)
def test_an_address_that_is_refused_for_good_is_failing_at_once(
    cast: Cast, mail_server: Fail, problem: Exception, is_failing: bool
) -> None:
    tell(cast.school, cast.dsl)
    mail_server(problem)

    outbox.deliver_due(NOW)

    assert bool(outbox.failing(NOW)) == is_failing


def test_what_got_through_or_was_passed_on_is_failing_no_more(cast: Cast, mail_server: Fail) -> None:
    for user in (cast.dsl, cast.deputy):
        tell(cast.school, user)
    mail_server(TimeoutError("slow"))
    outbox.deliver_due(NOW)
    outbox.deliver_due(NOW + timedelta(minutes=1))
    first, second = outbox.failing(NOW + timedelta(minutes=1))
    assert outbox.pass_on(message=first, at=NOW)
    assert not outbox.pass_on(message=first, at=NOW), "once only"
    mail_server(None)

    assert outbox.failing(NOW + timedelta(minutes=1)) == [second]
    assert outbox.deliver_due(NOW + timedelta(minutes=3)) == 2, "it is tried again all the same"
    assert outbox.failing(NOW + timedelta(minutes=3)) == []


def test_the_dead_stay_in_sight(cast: Cast, mail_server: Fail) -> None:
    choose(cast.teacher, mail=Mail.DIGEST, digest_time=time(7, 30))
    tell(cast.school, cast.teacher)
    outbox.deliver_due(NOW)
    mail_server(TimeoutError("slow"))
    at = NEXT_DIGEST
    for _ in range(len(outbox.BACK_OFF) + 1):
        outbox.deliver_due(at)
        at += outbox.BACK_OFF[-1]

    assert outbox.dead_count(cast.school) == 1
    assert len(outbox.failing(at)) == 1
