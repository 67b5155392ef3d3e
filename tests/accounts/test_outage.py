"""RL-5: a mail server is away for a day and ten thousand messages wait. None is lost, none is sent twice, and those who
can be reached are reached meanwhile.
"""

import smtplib
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Max, Min

from accounts import outbox
from accounts.models import OutboxMessage, School
from incidents.operations import handovers
from tests.accounts.owing import backlog, owe
from tests.factories import NOW, make_school
from tests.numbers import examples

WAITING = examples(150, promised=10_000)
TICK = timedelta(seconds=30)
OUTAGE = timedelta(hours=24)
HEALTHY = "@healthy.example"

pytestmark = pytest.mark.django_db(transaction=True)


class Server(BaseEmailBackend):
    """A mail server that fails as one does, and remembers what it took and was asked, not the messages."""

    # What is done with each message: None is taken, a problem is raised.
    answer: ClassVar[Callable[[str], Exception | None]]
    taken: ClassVar[Counter[str]] = Counter()
    asked: ClassVar[Counter[str]] = Counter()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take each, or fail."""
        for message in email_messages:
            name = str(message.message()["Message-ID"])
            Server.asked[name] += 1
            problem = Server.answer(message.to[0])
            if problem is not None:
                raise problem
            Server.taken[name] += 1
        return len(email_messages)


@pytest.fixture
def server(settings: LazySettings) -> type[Server]:
    """A mail server that works."""
    settings.EMAIL_BACKEND = f"{Server.__module__}.Server"
    Server.answer = staticmethod(lambda address: None)
    Server.taken.clear()
    Server.asked.clear()
    return Server


@pytest.fixture
def school() -> School:
    """A school."""
    return make_school()


def fails(address: str) -> Exception | None:
    """Fail in every way a mail server that is away has, by the reader; another server's readers are reached."""
    if address.endswith(HEALTHY):
        return None
    number = int(address.partition(".")[0])
    ways = (
        ConnectionRefusedError("refused"),
        TimeoutError("slow"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPRecipientsRefused({address: (451, b"later")}),
        smtplib.SMTPRecipientsRefused({address: (550, b"no such address")}),
        smtplib.SMTPDataError(554, b"no"),
    )
    return ways[number % len(ways)]


def waiting() -> OutboxMessage | None:
    return OutboxMessage.objects.filter(sent_at__isnull=True).first()


def live(at: datetime, until: datetime) -> datetime:
    """Let the timer tick until a moment or until nothing waits, past the ticks that find nothing to do."""
    while at < until and waiting():
        outbox.deliver_due(at)
        handovers.pass_on_failing(now=at)
        soonest = OutboxMessage.objects.filter(sent_at__isnull=True, dead_at__isnull=True)
        failing = OutboxMessage.objects.filter(passed_on_at__isnull=True, failing_at__isnull=False)
        moments = [soonest.aggregate(at=Min("next_try_at"))["at"], failing.aggregate(at=Min("failing_at"))["at"]]
        at = max(at + TICK, min([moment for moment in moments if moment], default=at))
    return at


def test_a_day_without_mail_loses_nothing_and_sends_nothing_twice(school: School, server: type[Server]) -> None:
    like = OutboxMessage(school=school, kind="accounts/role_given", path="/", address="reader@away.example")
    backlog(like, WAITING, at=NOW)
    Server.answer = staticmethod(fails)

    ended = live(NOW, NOW + OUTAGE)

    assert ended >= NOW + OUTAGE
    assert not Server.taken
    # Each of them by the table, and not by every tick of the timer.
    steps = [sum(outbox.BACK_OFF[:number], timedelta()) for number in range(len(outbox.BACK_OFF))]
    most = sum(step <= OUTAGE for step in steps)
    assert max(Server.asked.values()) <= most
    assert min(Server.asked.values()) >= most - 2
    rows = OutboxMessage.objects.filter(kind=like.kind)
    assert (rows.count(), rows.filter(dead_at=None, sent_at=None).count()) == (WAITING, WAITING)

    Server.answer = staticmethod(lambda address: None)
    back = live(ended, ended + timedelta(days=3))

    assert waiting() is None
    assert (len(Server.taken), set(Server.taken.values())) == (OutboxMessage.objects.count(), {1})
    assert back - ended <= max(outbox.BACK_OFF) + WAITING / 500 * TICK + timedelta(minutes=15)
    assert rows.aggregate(tries=Max("tries"))["tries"] <= len(outbox.BACK_OFF)


def test_whoever_can_be_reached_is_reached_though_all_others_wait(school: School, server: type[Server]) -> None:
    away = OutboxMessage(school=school, kind="accounts/role_given", path="/", address="reader@away.example")
    well = OutboxMessage(school=school, kind="incidents/question_answered", path="/", address=f"reader{HEALTHY}")
    backlog(away, WAITING, at=NOW)
    backlog(well, 20, at=NOW + timedelta(seconds=1))
    Server.answer = staticmethod(fails)

    live(NOW, NOW + WAITING / 500 * TICK + 2 * TICK)

    assert OutboxMessage.objects.filter(kind=well.kind, sent_at__isnull=False, tries=1).count() == 20
    assert set(Server.taken.values()) == {1}
    assert OutboxMessage.objects.filter(kind=away.kind, sent_at__isnull=False).count() == 0


def test_a_call_for_help_is_the_first_to_be_tried_while_mail_is_away_and_when_it_is_back(
    school: School, server: type[Server]
) -> None:
    away = OutboxMessage(school=school, kind="accounts/role_given", path="/", address="reader@away.example")
    backlog(away, WAITING, at=NOW)
    tried: list[str] = []

    def refuse(address: str) -> Exception:
        tried.append(address)
        return ConnectionRefusedError()

    Server.answer = staticmethod(refuse)
    owe(school, kind="incidents/danger_raised", at=NOW)
    outbox.deliver_due(NOW, limit=5)
    outbox.deliver_due(NOW + outbox.BACK_OFF[0], limit=5)

    assert tried[0] == tried[5] == "reader0@school.example"
    Server.answer = staticmethod(lambda address: None)
    outbox.deliver_due(NOW + timedelta(minutes=3), limit=1)
    assert OutboxMessage.objects.get(kind="incidents/danger_raised").sent_at == NOW + timedelta(minutes=3)


def peak_of_a_sweep(at: datetime) -> int:
    """Return how much memory a hundred messages took that could not be sent, and passing on what fails."""
    tracemalloc.start()
    try:
        outbox.deliver_due(at, limit=100)
        handovers.pass_on_failing(now=at)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_sweep_holds_no_more_in_memory_however_many_wait(school: School, server: type[Server]) -> None:
    like = OutboxMessage(school=school, kind="accounts/role_given", path="/", address="reader@away.example")
    Server.answer = staticmethod(fails)
    backlog(like, 300, at=NOW)
    peak_of_a_sweep(NOW)
    few = peak_of_a_sweep(NOW + TICK)

    like.kind = "incidents/question_asked"
    backlog(like, 3_000, at=NOW)
    many = peak_of_a_sweep(NOW + 2 * TICK)

    # As objects these rows take three millions more.
    assert many < few + 500_000
