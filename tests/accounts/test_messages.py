"""What a message says: that something needs its reader, at which school, and where."""

import re
from email.message import Message

import pytest
from django.conf import LazySettings, settings
from django.core.mail import EmailMessage

from accounts import outbox
from accounts.models import OutboxMessage
from accounts.roles import Role
from tests.accounts.owing import owe
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member, make_school

EMAILS = settings.BASE_DIR / "templates" / "emails"
KINDS = sorted(str(path.relative_to(EMAILS)).removesuffix(".subject.txt") for path in EMAILS.rglob("*.subject.txt"))


def _sent(mail: EmailMessage) -> Message:
    return mail.message()


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_nothing_but_the_school_and_a_link(
    cast: Cast, kind: str, mailoutbox: list[EmailMessage]
) -> None:
    link = f"{settings.SITE_URL}/s/{cast.school.slug}/"
    owe(cast.school, kind=kind)
    owe(cast.next_door, kind=kind)

    outbox.deliver_due(NOW)

    ours, theirs = sorted(mailoutbox, key=lambda mail: cast.school.name not in mail.body)
    same = [
        (mail.subject, mail.body.replace(name, "SCHOOL").replace(url, "LINK"))
        for mail, name, url in (
            (ours, cast.school.name, link),
            (theirs, cast.next_door.name, link.replace("oakfield", "birchwood")),
        )
    ]
    assert same[0] == same[1]
    assert cast.school.name not in ours.subject, "a subject is read over a shoulder"
    assert ours.subject
    assert "\n" not in ours.subject


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_asks_its_context_for_nothing_else(kind: str) -> None:
    source = "".join((EMAILS / f"{kind}{ending}").read_text() for ending in (".subject.txt", ".txt"))

    used = set(re.findall(r"{{\s*([\w.]+)", source)) | set(re.findall(r"{%\s*(\w+)", source))

    assert used <= {"school.name", "link"} | {outbox.DIGEST: {"things"}, outbox.END: {"end"}}.get(kind, set())


TELLING = (
    "concern",
    "safeguard",
    "allegation",
    "incident",
    "case",
    "child",
    "pupil",
    "danger",
    "content",
    "contact",
    "conduct",
    "commerce",
    "abuse",
    "harm",
    "police",
    "staff",
)


@pytest.mark.parametrize("kind", KINDS)
def test_no_subject_tells_what_it_is_about(kind: str) -> None:
    subject = (EMAILS / f"{kind}.subject.txt").read_text().lower()

    assert [word for word in TELLING if word in subject] == []
    assert "!" not in subject


def test_every_message_that_can_be_owed_is_written() -> None:
    code = "\n".join(
        path.read_text()
        for app in ("accounts", "incidents", "policies")
        for path in (settings.BASE_DIR / app).rglob("*.py")
    )
    owed = set(re.findall(r"\"((?:accounts|incidents|policies)/\w+)\"", code))

    assert owed
    assert owed <= set(KINDS)


def test_a_schools_name_arrives_as_it_is_written(db: None, mailoutbox: list[EmailMessage]) -> None:
    school = make_school(name="St Mary's & All Saints <C of E> School", slug="st-marys", reference_prefix="STM")
    owe(school)

    outbox.deliver_due(NOW)

    assert school.name in mailoutbox[0].body


def test_a_message_says_that_a_machine_wrote_it(
    cast: Cast, mailoutbox: list[EmailMessage], settings: LazySettings
) -> None:
    settings.SITE_URL = "https://safeguarding.example"
    owe(cast.school)

    outbox.deliver_due(NOW)

    headers = _sent(mailoutbox[0])
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == f"<{OutboxMessage.objects.get().pk}@safeguarding.example>"


def test_no_message_about_a_concern_holds_a_word_of_it(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    make_member(school=cast.school, role=Role.DSL)
    make_incident(school=cast.school, by=cast.teacher, narrative="CNRY-narrative", online_service="CNRY-service")

    outbox.deliver_due(NOW)

    everything = "\n".join(_sent(mail).as_string() for mail in mailoutbox)
    assert len(mailoutbox) == 4
    assert "CNRY" not in everything
    assert "Tessa" not in everything
