"""Killed at every boundary of every statement of claiming, holding back, sending and marking: nothing is ever lost."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, connections, transaction

from accounts import outbox
from accounts.models import Mail, OutboxMessage, School, User
from tests.accounts.operations.test_preferences import NIGHT, choose
from tests.factories import NOW, make_member, make_school

EVENING = NOW.replace(hour=20, minute=0)
NEXT_DIGEST = NOW.replace(hour=7, minute=30) + timedelta(days=1)
URGENT, WAITING = "incidents/new_concern", "incidents/question_asked"
KINDS_OWED = (URGENT, WAITING, WAITING)

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """As if the process had been killed."""


@dataclass
class Failpoints:
    """Counts the boundaries that are passed, and kills at one of them."""

    kill_at: int | None = None
    passed: int = 0
    ids: list[str] = field(default_factory=list)
    # How many of the next sendings the mail server refuses.
    refusals: int = 0

    def boundary(self) -> None:
        """Pass one boundary."""
        number, self.passed = self.passed, self.passed + 1
        if number == self.kill_at:
            raise Killed

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Pass the boundaries before and after a statement."""
        self.boundary()
        result = execute(sql, params, many, context)
        self.boundary()
        return result

    def send(self, mail: EmailMessage, *args: Any, **kwargs: Any) -> int:
        """Send, between two boundaries."""
        self.boundary()
        if self.refusals:
            self.refusals -= 1
            raise ConnectionRefusedError
        self.ids.append(str(mail.message()["Message-ID"]))
        self.boundary()
        return 1

    @contextmanager
    def around(self) -> Iterator[None]:
        """Sweep with these failpoints; what a killed process held open is rolled back with its connection."""
        try:
            with connection.execute_wrapper(self.statement):
                yield
        except Killed:
            connection.close()


@dataclass(frozen=True)
class Scene:
    """What the reader has chosen, when the last sweep before the kill was, when the killed one is, and what fails."""

    name: str
    choice: dict[str, Any] | None
    at: datetime
    before: datetime | None = None
    refusals: int = 0


SCENES = (
    Scene("sent", None, NOW),
    Scene("put off", None, NOW, refusals=2),
    Scene("quiet hours begin", NIGHT, EVENING),
    Scene("quiet hours end", NIGHT, EVENING + timedelta(hours=11), before=EVENING),
    Scene("only on my day", {"mail": Mail.IN_APP}, NOW),
    Scene("held back for the day", {"mail": Mail.DIGEST}, NOW),
    Scene("message of the day", {"mail": Mail.DIGEST}, NEXT_DIGEST, before=NOW),
    Scene("message of the day refused", {"mail": Mail.DIGEST}, NEXT_DIGEST, before=NOW, refusals=1),
)


def begin(scene: Scene, school: School, user: User) -> None:
    """Owe three messages, and do what was done before the sweep that is killed."""
    OutboxMessage.objects.update(digest=None)
    OutboxMessage.objects.all().delete()
    at = scene.before or scene.at
    for number, kind in enumerate(KINDS_OWED):
        outbox.queue(school=school, kind=kind, path="/", dedupe_key=f"{number}", at=at, recipients=[user])
    if scene.before:
        outbox.deliver_due(scene.before)


def sweep_on(at: datetime) -> None:
    """Sweep on for two days, as the timer does; the mail server works."""
    steps = (outbox.LEASE, *outbox.BACK_OFF[:4], timedelta(hours=12), timedelta(hours=12), timedelta(days=1))
    for moment in itertools.accumulate(steps, initial=at):
        outbox.deliver_due(moment)


def lost_or_wrong(scene: Scene, points: Failpoints) -> list[str]:
    """Say what is not as it has to be, once everything was swept."""
    rows = list(OutboxMessage.objects.all())
    mailed = [row for row in rows if row.way == "email"]
    counted = Counter(row.digest_id for row in rows if row.way == "digest")
    wrong = [f"{row.kind} was not settled" for row in rows if row.sent_at is None or row.dead_at is not None]
    wrong += [f"{row.kind} was never sent" for row in mailed if not any(str(row.pk) in sent for sent in points.ids)]
    wrong += [f"{sent} is nobody's" for sent in points.ids if not any(str(row.pk) in sent for row in rows)]
    wrong += ["a message was counted in none"] if None in counted else []
    digests = [row for row in rows if row.kind == outbox.DIGEST]
    wrong += ["more than one message of the day"] if len(digests) > 1 else []
    wrong += [] if len(rows) - len(digests) == len(KINDS_OWED) else ["a row is gone"]
    is_digest = (scene.choice or {}).get("mail") == Mail.DIGEST
    wrong += [] if sum(counted.values()) == (2 if is_digest else 0) else [f"counted {counted}"]
    return wrong


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Failpoints]:
    """Return a function that makes failpoints and puts them in the way of the mail."""

    def make(kill_at: int | None, refusals: int = 0) -> Failpoints:
        made = Failpoints(kill_at=kill_at, refusals=refusals)
        monkeypatch.setattr(EmailMessage, "send", lambda mail, *args, **kwargs: made.send(mail, *args, **kwargs))
        return made

    return make


def test_killed_anywhere_everything_is_delivered_at_least_once(points: Callable[..., Failpoints]) -> None:
    school = make_school()
    user = make_member(school=school)
    tried: Counter[str] = Counter()
    for scene in SCENES:
        if scene.choice:
            choose(user, **scene.choice)
        for number in itertools.count():
            made = points(None)
            begin(scene, school, user)
            made.kill_at, made.passed, made.refusals = number, 0, scene.refusals
            with made.around():
                outbox.deliver_due(scene.at)
            reached = made.passed > number
            made.kill_at, made.refusals = None, 0
            sweep_on(scene.at)
            assert lost_or_wrong(scene, made) == [], f"{scene.name}, killed at {number}"
            if not reached:
                break
            tried[scene.name] += 1

    assert min(tried.values()) >= 8, tried
    assert sum(tried.values()) >= 25, tried


def test_what_is_sent_twice_is_sent_as_the_same_message(points: Callable[..., Failpoints]) -> None:
    school = make_school()
    user = make_member(school=school)
    doubled = 0
    for number in range(12):
        made = points(None)
        begin(SCENES[0], school, user)
        made.kill_at, made.passed = number, 0
        with made.around():
            outbox.deliver_due(NOW)
        made.kill_at = None
        sweep_on(NOW)
        doubled += len(made.ids) > len(KINDS_OWED)
        assert len(set(made.ids)) == len(KINDS_OWED)

    assert doubled


def test_a_reader_who_changes_their_mind_half_way_loses_nothing(points: Callable[..., Failpoints]) -> None:
    school = make_school()
    user = make_member(school=school)
    for number in range(12):
        made = points(None)
        choose(user, mail=Mail.DIGEST)
        begin(SCENES[6], school, user)
        made.kill_at, made.passed = number, 0
        with made.around():
            outbox.deliver_due(NEXT_DIGEST)
        made.kill_at = None
        choose(user)
        sweep_on(NEXT_DIGEST)
        rows = OutboxMessage.objects.exclude(kind=outbox.DIGEST)
        assert rows.filter(sent_at__isnull=False).count() == len(KINDS_OWED)
        assert len(set(made.ids)) >= 2


def test_nothing_is_skipped_however_late_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 transactions that overlap and end in no order, while the sweep goes on."""
    school, sent = make_school(), list[str]()
    monkeypatch.setattr(outbox, "_send", lambda message: sent.append(message.address))
    writers, each = 8, 250
    done = threading.Event()

    def write(writer: int) -> None:
        order = random.Random(writer)
        try:
            for number in range(each):
                at = NOW - timedelta(milliseconds=order.randrange(60_000))
                name = f"reader{writer}.{number}@school.example"
                with transaction.atomic():
                    outbox.queue(school=school, kind=URGENT, path="/", dedupe_key="late", at=at, address=name)
                    time.sleep(order.random() * 0.01)
        finally:
            connections.close_all()

    def sweep() -> None:
        try:
            while not done.is_set():
                outbox.deliver_due(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers + 1) as pool:
        sweeping = pool.submit(sweep)
        for writing in [pool.submit(write, number) for number in range(writers)]:
            writing.result()
        done.set()
        sweeping.result()
    outbox.deliver_due(NOW, limit=writers * each)

    assert len(sent) == len(set(sent)) == writers * each
    assert not OutboxMessage.objects.filter(sent_at__isnull=True).exists()
