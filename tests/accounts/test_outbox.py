"""Messages: owed together with what owes them, sent once, tried again, and dead in plain sight."""

import smtplib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import Message
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext

from accounts import outbox
from accounts.models import OutboxMessage, School
from tests.accounts.owing import backlog, owe
from tests.accounts.tampering import taken_back
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member, make_school


@pytest.fixture
def school(db: None) -> School:
    """A school."""
    return make_school()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], list[str]]:
    """Return a function after which every sending fails with this problem; it gives the list of what was tried."""

    def fail_with(problem: BaseException) -> list[str]:
        tried: list[str] = []

        def refuse(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
            tried.append(str(self.message()["Message-ID"]))
            raise problem

        monkeypatch.setattr(EmailMessage, "send", refuse)
        return tried

    return fail_with


# Queueing


def test_a_message_is_owed_only_if_what_owes_it_happened(cast: Cast) -> None:
    with taken_back():
        make_incident(school=cast.school, by=cast.teacher)
        assert OutboxMessage.objects.count() == 3

    assert OutboxMessage.objects.count() == 0


def test_the_same_message_is_owed_once(school: School) -> None:
    user = make_member(school=school)
    for _ in range(3):
        outbox.queue(
            school=school,
            kind="incidents/new_concern",
            path="/",
            dedupe_key="once",
            at=NOW,
            recipients=[user, user],
            address="contact@council.example",
        )

    assert OutboxMessage.objects.count() == 2


def test_each_recipient_gets_a_message_of_their_own(cast: Cast) -> None:
    make_incident(school=cast.school, by=cast.teacher)

    owed = OutboxMessage.objects.order_by("address")

    assert {message.address for message in owed} == {cast.dsl.email, cast.deputy.email, cast.online_safety_lead.email}
    assert len({message.dedupe_key for message in owed}) == 3


def test_the_longest_address_can_be_owed_a_message(school: School) -> None:
    longest = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"

    outbox.queue(school=school, kind="incidents/nobody_free", path="/", dedupe_key="logged:1", at=NOW, address=longest)

    assert OutboxMessage.objects.get().address == longest


def test_no_address_stands_in_a_key(school: School) -> None:
    owe(school)

    assert "@" not in OutboxMessage.objects.get().dedupe_key


# Delivering


def test_what_is_owed_is_sent_once(school: School, mailoutbox: list[EmailMessage]) -> None:
    owe(school, 3)

    first, second = outbox.deliver_due(NOW), outbox.deliver_due(NOW + timedelta(hours=1))

    assert (first, second) == (3, 0)
    assert {mail.to[0] for mail in mailoutbox} == {f"reader{number}@school.example" for number in range(3)}
    assert OutboxMessage.objects.filter(sent_at=NOW, tries=1).count() == 3


def test_what_is_not_yet_due_waits(school: School, mailoutbox: list[EmailMessage]) -> None:
    owe(school, at=NOW + timedelta(minutes=1))

    assert outbox.deliver_due(NOW) == 0
    assert outbox.deliver_due(NOW + timedelta(minutes=1)) == 1


def test_the_oldest_goes_first_and_a_limit_is_kept(school: School, mailoutbox: list[EmailMessage]) -> None:
    for minutes in (3, 1, 2):
        owe(school, at=NOW - timedelta(minutes=minutes))

    assert outbox.deliver_due(NOW, limit=2) == 2

    left = OutboxMessage.objects.get(sent_at__isnull=True)
    assert left.queued_at == NOW - timedelta(minutes=1)


def test_a_sweep_ends_in_time_for_the_next_one(
    school: School, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(school, 5)
    clock = iter(range(0, 1000, 40))
    monkeypatch.setattr("accounts.outbox.time.monotonic", lambda: float(next(clock)))

    assert outbox.deliver_due(NOW) == 2
    assert OutboxMessage.objects.filter(tries=0).count() == 3, "what was not tried stays due"


def test_danger_overtakes_ten_thousand_others_and_a_new_concern_all_but_danger(
    school: School, mailoutbox: list[EmailMessage]
) -> None:
    """RL-7: what is urgent is sent at once, whatever was owed before it."""
    waiting = OutboxMessage(school=school, kind="accounts/role_given", path="/", address="reader@school.example")
    backlog(waiting, 10_000, at=NOW - timedelta(hours=1))
    owe(school, kind="incidents/new_concern")
    owe(school, kind="incidents/danger_raised")

    assert outbox.deliver_due(NOW, limit=3) == 3

    sent = OutboxMessage.objects.filter(sent_at__isnull=False).order_by("urgency")
    assert [message.kind for message in sent] == ["incidents/danger_raised", "incidents/new_concern", waiting.kind]
    expected = [outbox.subject_of(message.kind) for message in sent]
    assert [mail.subject for mail in mailoutbox] == expected
    assert list(OutboxMessage.objects.due(NOW).values_list("urgency", flat=True)[:2]) == [2, 2]


def test_what_is_called_for_while_a_backlog_is_sent_comes_next_and_what_failed_not_before_its_time(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(school, 4)
    passed = [0.0]
    sent: list[str] = []

    def send(message: OutboxMessage) -> None:
        sent.append(message.kind)
        passed[0] += 20
        if len(sent) == 1:
            owe(school, kind="incidents/danger_raised", at=NOW + timedelta(seconds=5))
            raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "_send", send)
    monkeypatch.setattr("accounts.outbox.time.monotonic", lambda: passed[0])

    outbox.deliver_due(NOW)

    assert sent == ["incidents/new_concern", "incidents/danger_raised", *["incidents/new_concern"] * 3]
    assert OutboxMessage.objects.get(sent_at__isnull=True).tries == 1, "a minute has passed, but not for this sweep"


def test_every_claim_reads_the_next_message_from_its_index(school: School) -> None:
    backlog(OutboxMessage(school=school, kind="accounts/role_given", path="/", address="a@b.example"), 2_000, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_outboxmessage")
    with CaptureQueriesContext(connection) as asked:
        outbox.deliver_due(NOW, limit=1)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "using outbox_due" in plan
    assert "Sort" not in plan, plan


# Failing


PROBLEMS = [
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPRecipientsRefused({"x": (550, b"no")}),
    smtplib.SMTPAuthenticationError(535, b"no"),
    ConnectionRefusedError("refused"),
    TimeoutError("slow"),
    ValueError("a header with a line break"),
    UnicodeEncodeError("ascii", "ø", 0, 1, "no"),
    TemplateDoesNotExist("emails/none.txt"),
    KeyError("anything"),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: type(problem).__name__)
def test_a_failed_message_is_put_off_and_sent_later(
    school: School,
    problem: Exception,
    failing: Callable[[BaseException], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[EmailMessage],
) -> None:
    owe(school)
    with monkeypatch.context():
        real = EmailMessage.send
        failing(problem)
        assert outbox.deliver_due(NOW) == 0
        monkeypatch.setattr(EmailMessage, "send", real)

    put_off = OutboxMessage.objects.get()
    assert (put_off.tries, put_off.last_problem, put_off.sent_at) == (1, type(problem).__name__, None)
    assert put_off.next_try_at == NOW + outbox.BACK_OFF[0]
    assert outbox.deliver_due(NOW + timedelta(seconds=59)) == 0
    assert outbox.deliver_due(NOW + timedelta(seconds=60)) == 1
    assert OutboxMessage.objects.get().last_problem == ""


def test_one_message_that_cannot_be_written_holds_up_no_other(school: School, mailoutbox: list[EmailMessage]) -> None:
    owe(school, kind="incidents/no_such_message", at=NOW - timedelta(hours=1))
    owe(school, 3)

    assert outbox.deliver_due(NOW) == 3


def test_every_try_waits_longer_and_the_last_one_is_dead(
    school: School, failing: Callable[[BaseException], list[str]]
) -> None:
    tried = failing(smtplib.SMTPServerDisconnected("gone"))
    owe(school)
    at, waits = NOW, []
    for _ in range(len(outbox.BACK_OFF)):
        outbox.deliver_due(at)
        message = OutboxMessage.objects.get()
        assert message.dead_at is None
        waits.append(message.next_try_at - at)
        at = message.next_try_at

    outbox.deliver_due(at)

    assert tuple(waits) == outbox.BACK_OFF
    # RL-5: longer than a day without mail, and a weekend.
    assert timedelta(hours=70) < sum(waits, timedelta()) < timedelta(hours=76)
    assert OutboxMessage.objects.get().dead_at == at
    assert outbox.dead_count(school) == 1
    assert outbox.deliver_due(at + timedelta(days=30)) == 0
    assert len(tried) == len(outbox.BACK_OFF) + 1
    assert len(set(tried)) == 1, "every try carries the same Message-ID"


def test_the_dead_are_counted_for_their_own_school_only(cast: Cast) -> None:
    owe(cast.next_door)
    OutboxMessage.objects.update(dead_at=NOW)

    assert outbox.dead_count(cast.next_door) == 1
    assert outbox.dead_count(cast.school) == 0


def test_a_log_names_the_message_and_never_the_address(
    school: School, failing: Callable[[BaseException], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    owe(school)
    failing(smtplib.SMTPRecipientsRefused({"reader0@school.example": (550, b"reader0@school.example unknown")}))

    outbox.deliver_due(NOW)

    assert str(OutboxMessage.objects.get().pk) in caplog.text
    assert "reader0" not in caplog.text
    assert "reader0" not in OutboxMessage.objects.get().last_problem


# Dying


class Killed(BaseException):
    """As if the process had been killed."""


def test_a_sender_that_dies_after_the_claim_leaves_the_message_to_the_next_one(
    school: School, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    owe(school)
    with monkeypatch.context() as dying:
        dying.setattr(EmailMessage, "send", _die)
        with pytest.raises(Killed):
            outbox.deliver_due(NOW)

    assert outbox.deliver_due(NOW + outbox.LEASE - timedelta(seconds=1)) == 0, "the lease holds"
    assert outbox.deliver_due(NOW + outbox.LEASE) == 1
    assert OutboxMessage.objects.get().tries == 2


def test_a_sender_that_dies_after_sending_sends_again_under_the_same_message_id(
    school: School, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    owe(school)
    with monkeypatch.context() as dying:
        dying.setattr(OutboxMessage, "save", _die)
        with pytest.raises(Killed):
            outbox.deliver_due(NOW)
    outbox.deliver_due(NOW + outbox.LEASE)

    assert len(mailoutbox) == 2
    assert len({_sent(mail)["Message-ID"] for mail in mailoutbox}) == 1


def _die(*args: Any, **kwargs: Any) -> None:
    raise Killed


def _sent(mail: EmailMessage) -> Message:
    return mail.message()


@pytest.mark.django_db(transaction=True)
def test_many_senders_at_once_send_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    school = make_school()
    owe(school, 60)
    sent: list[str] = []
    lock = threading.Lock()

    def slowly(message: OutboxMessage) -> None:
        time.sleep(0.002)
        with lock:
            sent.append(message.address)

    monkeypatch.setattr(outbox, "_send", slowly)

    def sweep(number: int) -> int:
        try:
            return outbox.deliver_due(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(sweep, range(4)))

    assert sum(counts) == 60
    assert len(sent) == len(set(sent)) == 60
    assert OutboxMessage.objects.filter(sent_at__isnull=False, tries=1).count() == 60
