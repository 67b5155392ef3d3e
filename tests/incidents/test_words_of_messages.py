"""Every message, in 200 contexts: it names nobody, tells of nothing, and reads the same whatever it is about (LK-2)."""

import random
import re
import uuid
from email.message import Message

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from accounts import outbox
from accounts.models import OutboxMessage, School, User
from policies.engine.taxonomy import Category
from tests.accounts.test_messages import KINDS
from tests.factories import NOW, make_school

CONTEXTS = 200
# What a subject never says: what kind of thing it is, whom it is about, or how much it presses.
CATEGORIES = {word for one in Category for word in re.findall(r"[a-z]{4,}", str(one.value).lower())}
ABOUT = {
    *("concern", "safeguard", "allegation", "incident", "case", "child", "pupil", "parent", "family", "police"),
    *("abuse", "harm", "bully", "sexual", "nude", "image", "drug", "weapon", "suicide", "radical", "extremis", "gang"),
    *("disclosure", "accus", "misconduct", "teacher", "staff", "head", "governor", "lado", "social care"),
}
PRESSING = {
    *("urgent", "emergency", "immediate", "danger", "risk", "critical", "alert", "alarm", "asap", "at once"),
    *("now", "overdue", "priority", "serious", "warning", "hurry"),
}
# A name, a place, a service, a reference: none of it may stand in anything that leaves the school.
CANARY = "Cnry"
HEADERS = {
    *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID"),
    "Auto-Submitted",
}


@pytest.fixture(scope="module")
def subjects() -> dict[str, str]:
    """What stands above every kind of message."""
    return {kind: outbox.subject_of(kind) for kind in KINDS}


def words_in(text: str, words: set[str]) -> set[str]:
    """Return which words, or beginnings of words, stand in a text."""
    return {word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}", text.lower())}


@pytest.mark.parametrize("kind", KINDS)
def test_no_subject_holds_a_word_of_the_lists(subjects: dict[str, str], kind: str) -> None:
    assert words_in(subjects[kind], CATEGORIES | ABOUT | PRESSING) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_short_and_one_line(subjects: dict[str, str], kind: str) -> None:
    assert 0 < len(subjects[kind]) <= 50
    assert subjects[kind].isprintable()
    assert "!" not in subjects[kind]


def test_the_lists_find_what_they_are_for() -> None:
    for subject in ("URGENT: a pupil", "Overdue", "Bullying in year 5", "Look at it now", "Sexual abuse", "Hurry!"):
        assert words_in(subject, ABOUT | PRESSING), subject
    assert CATEGORIES


def contexts(school: School) -> list[OutboxMessage]:
    """Make messages about 200 matters: other readers, other cases, other ids, other moments."""
    dice = random.Random(2)
    made = []
    for number in range(CONTEXTS):
        reference = f"OAK-{dice.randrange(36**4):04X}"
        path = dice.choice([f"/s/oakfield/incidents/{reference}/", "/s/oakfield/", f"/s/oakfield/{uuid.uuid4()}/"])
        reader = User(email=f"reader{number}@school.example", full_name=f"{CANARY}{number} Reader")
        case = f"{dice.choice(list(Category)).value}:{CANARY}{number}"
        made.append(
            OutboxMessage(
                school=school,
                recipient=reader,
                address=reader.email,
                path=path,
                dedupe_key=f"{case}:{uuid.uuid4()}",
                queued_at=NOW,
                next_try_at=NOW,
                about=[uuid.uuid4() for _ in range(dice.randrange(3))],
            )
        )
    return made


def written(mail: EmailMessage) -> Message:
    return mail.message()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_two_hundred_matters_stands_in_a_message(
    db: None, kind: str, mailoutbox: list[EmailMessage]
) -> None:
    for message in contexts(make_school()):
        message.kind = kind
        outbox._send(message)

    assert len(mailoutbox) == CONTEXTS
    same = set()
    for mail in mailoutbox:
        sent = written(mail)
        assert CANARY not in sent.as_string()
        assert set(sent.keys()) <= HEADERS, "no priority, no thread, no name of a list"
        assert sent["To"] == mail.to[0], "the address alone, without a name"
        assert mail.attachments == []
        assert not mail.cc
        assert not mail.bcc
        body = re.sub(re.escape(settings.SITE_URL) + r"\S*", "LINK", str(mail.body))
        same.add((mail.subject, body))
    assert len(same) == 1, "it reads the same whatever it is about"
