"""Files: kept sealed as they came, refused without a trace of themselves, released and withdrawn with a reason."""

import hashlib
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction

from accounts.encryption import Unreadable
from accounts.errors import Refused
from accounts.models import AuditEvent, OutboxMessage
from incidents.events import Event
from incidents.models import Attachment, AttachmentContent, ChronologyEntry, Incident
from incidents.operations import attachments as operations
from incidents.operations.attachments import Sent
from incidents.uploads.scanning import Scan
from incidents.uploads.traces import EICAR
from policies.engine.taxonomy import Category
from tests.conftest import Cast
from tests.factories import NOW, make_incident
from tests.incidents.uploads import making

WORDS = b"He wrote: meet me at the heliotrope gate."


def case(cast: Cast, category: Category = Category.COMMERCE, **details: Any) -> Incident:
    return make_incident(school=cast.school, by=cast.teacher, category=category, **details)


def attached(
    cast: Cast, incident: Incident, content: bytes = WORDS, name: str = "chat.txt", by: str = "dsl"
) -> Attachment:
    """Attach a file as somebody of the cast."""
    sent = Sent(name=name, content=content, size=len(content))
    return operations.attach(incident=incident, sent=sent, by=cast[by], at=NOW)


def refusal(cast: Cast, incident: Incident, content: bytes = WORDS, name: str = "chat.txt") -> str:
    with pytest.raises(Refused) as refused:
        attached(cast, incident, content, name)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def told(incident: Incident, event: Event) -> list[str]:
    return [entry.text for entry in ChronologyEntry.objects.filter(incident=incident, event=event).order_by("at")]


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> dict[str, Scan]:
    """A scanner that says what the test tells it to."""
    says = {"found": Scan.CLEAN}
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    monkeypatch.setattr(operations, "scan", lambda content, **place: says["found"])
    return says


def test_a_file_is_kept_exactly_as_it_came_and_sealed(cast: Cast, scanner: dict[str, Scan]) -> None:
    incident, content = case(cast), making.with_place()

    row = attached(cast, incident, content, "Photo of the gate.jpg")

    kept = Attachment.objects.get()
    assert (kept.number, kept.name, kept.kind, kept.size) == (1, "Photo of the gate.jpg", "jpeg", len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.scan, kept.scanned_at, kept.holds_images, kept.is_from_reporter) == ("clean", NOW, True, False)
    assert operations.read_file(attachment=row, by=cast.dsl, at=NOW) == content
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM incidents_attachmentcontent")
        assert b"JFIF" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT name, sha256 FROM incidents_attachment")
        assert not any(b"gate" in bytes(value) or kept.sha256.encode() in bytes(value) for value in cursor.fetchone())


def test_each_step_stands_in_the_chronology_and_no_name_in_the_audit(cast: Cast) -> None:
    incident = case(cast)
    row = attached(cast, incident)
    operations.release(attachment=row, reason="From our own office.", by=cast.dsl, at=NOW)
    row.refresh_from_db()
    operations.read_file(attachment=row, by=cast.dsl, at=NOW)
    operations.withdraw(attachment=row, reason="The wrong case.", by=cast.deputy, at=NOW)

    sha256 = hashlib.sha256(WORDS).hexdigest()
    assert told(incident, Event.FILE_ADDED) == [f"File 1, “chat.txt”. SHA-256 {sha256}. Not scanned yet."]
    assert told(incident, Event.FILE_RELEASED) == ["File 1, “chat.txt”. From our own office."]
    assert told(incident, Event.FILE_WITHDRAWN) == ["File 1, “chat.txt”. The wrong case."]
    events = AuditEvent.objects.filter(event__startswith="incident.file_")
    assert sorted(events.values_list("event", flat=True)) == [
        *("incident.file_added", "incident.file_read", "incident.file_released", "incident.file_withdrawn")
    ]
    assert not any("chat" in f"{row.summary}{row.data}" or sha256 in str(row.data) for row in events)


def test_of_a_refused_file_nothing_is_kept_but_why(cast: Cast) -> None:
    incident = case(cast)
    before = ChronologyEntry.objects.count()

    assert refusal(cast, incident, making.zipped(("a", b"b")), "secret name.zip") == "archive"
    assert refusal(cast, incident, EICAR, "secret name.txt") == "malware"

    assert not Attachment.objects.exists()
    assert not AttachmentContent.objects.exists()
    assert ChronologyEntry.objects.count() == before + 1
    assert "malware" in told(incident, Event.FILE_REFUSED)[0]
    rows = AuditEvent.objects.filter(event=Event.FILE_REFUSED)
    assert sorted(row.data["code"] for row in rows) == ["archive", "malware"]
    assert not any("secret" in f"{row.summary}{row.data}" for row in rows)


def test_where_imagery_may_be_indecent_no_byte_is_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = case(cast, narrative="He has nudes of her.")
    looked: list[bytes] = []
    monkeypatch.setattr(operations, "examine", lambda content, **rest: looked.append(content))
    monkeypatch.setattr(operations, "scan", lambda content, **rest: looked.append(content))

    assert refusal(cast, incident) == "imagery"
    assert refusal(cast, incident, making.png(), "a.png") == "imagery"

    assert looked == []
    assert not Attachment.objects.exists()
    assert "Do not copy, save, print or send it." in told(incident, Event.FILE_REFUSED)[0]


def test_a_picture_waits_until_somebody_has_said_that_no_image_is_involved(cast: Cast) -> None:
    incident = case(cast, Category.CONDUCT)

    assert refusal(cast, incident, making.png(), "a.png") == "image"
    assert refusal(cast, incident, making.docx(("word/media/a.png", making.png())), "a.docx") == "image"
    assert attached(cast, incident).number == 1
    Incident.objects.filter(pk=incident.pk).update(known={"imagery": "none"})
    incident.refresh_from_db()
    assert attached(cast, incident, making.png(), "a.png").number == 2


def test_a_picture_is_locked_once_imagery_may_be_indecent_after_all(cast: Cast, scanner: dict[str, Scan]) -> None:
    incident = case(cast)
    picture, words = attached(cast, incident, making.png(), "a.png"), attached(cast, incident)
    Incident.objects.filter(pk=incident.pk).update(known={"imagery": "possible"})
    for row in (picture, words):
        row.incident.refresh_from_db()

    with pytest.raises(Refused, match="It is locked"):
        operations.read_file(attachment=picture, by=cast.dsl, at=NOW)
    assert operations.read_file(attachment=words, by=cast.dsl, at=NOW) == WORDS


def test_what_became_known_while_a_file_was_scanned_counts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = case(cast)

    def slow(content: bytes, **rest: object) -> Scan:
        Incident.objects.filter(pk=incident.pk).update(known={"imagery": "possible"})
        return Scan.CLEAN

    monkeypatch.setattr(operations, "scan", slow)

    assert refusal(cast, incident) == "case_changed"
    assert not AttachmentContent.objects.exists()


def test_what_the_scanner_finds_is_refused(cast: Cast, scanner: dict[str, Scan]) -> None:
    scanner["found"] = Scan.INFECTED

    assert refusal(cast, case(cast)) == "malware"
    assert not Attachment.objects.exists()


def test_without_a_scanner_no_file_is_taken_in_production(cast: Cast, settings: LazySettings) -> None:
    settings.UNSCANNED_FILES = False

    assert refusal(cast, case(cast)) == "no_scanner"


def test_a_scanner_that_is_down_leaves_the_file_apart_until_it_is_back(
    cast: Cast, scanner: dict[str, Scan], settings: LazySettings
) -> None:
    settings.UNSCANNED_FILES, scanner["found"] = False, Scan.WAITING
    incident = case(cast)
    row = attached(cast, incident)
    assert row.is_waiting

    with pytest.raises(Refused, match="No scanner has looked at this file yet"):
        operations.read_file(attachment=row, by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="Have it scanned first"):
        operations.release(attachment=row, reason="I know it.", by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="does not answer"):
        operations.scan_again(attachment=row, by=cast.dsl, at=NOW)
    scanner["found"] = Scan.CLEAN
    assert operations.scan_again(attachment=row, by=cast.dsl, at=NOW) is Scan.CLEAN
    row.refresh_from_db()
    assert operations.read_file(attachment=row, by=cast.dsl, at=NOW) == WORDS
    assert told(incident, Event.FILE_SCANNED) == ["File 1, “chat.txt”. Scanned: nothing found"]


def test_malware_found_later_is_never_handed_out(cast: Cast, scanner: dict[str, Scan]) -> None:
    scanner["found"] = Scan.WAITING
    row = attached(cast, case(cast))
    operations.release(attachment=row, reason="I know it.", by=cast.dsl, at=NOW)
    scanner["found"] = Scan.INFECTED
    operations.scan_again(attachment=row, by=cast.dsl, at=NOW)
    row.refresh_from_db()

    with pytest.raises(Refused, match="Malware was found"):
        operations.read_file(attachment=row, by=cast.dsl, at=NOW)


def test_a_file_is_handed_out_without_a_scan_only_after_somebody_answers_for_it(cast: Cast) -> None:
    row = attached(cast, case(cast))
    with pytest.raises(Refused, match="Until then it is handed out to nobody"):
        operations.read_file(attachment=row, by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="Write down why"):
        operations.release(attachment=row, reason=" ", by=cast.dsl, at=NOW)

    operations.release(attachment=row, reason="From our own office.", by=cast.dsl, at=NOW)

    row.refresh_from_db()
    assert (row.released_by, row.released_reason) == (cast.dsl, "From our own office.")
    assert operations.read_file(attachment=row, by=cast.deputy, at=NOW) == WORDS
    with pytest.raises(Refused, match="does not wait"):
        operations.release(attachment=row, reason="Again.", by=cast.dsl, at=NOW)


def test_a_withdrawn_file_stays_and_is_handed_out_to_nobody(cast: Cast, scanner: dict[str, Scan]) -> None:
    row = attached(cast, case(cast))
    with pytest.raises(Refused, match="Write down why"):
        operations.withdraw(attachment=row, reason="", by=cast.dsl, at=NOW)

    operations.withdraw(attachment=row, reason="The wrong case.", by=cast.dsl, at=NOW)

    row.refresh_from_db()
    with pytest.raises(Refused, match="This file was withdrawn"):
        operations.read_file(attachment=row, by=cast.dsl, at=NOW)
    with pytest.raises(Refused, match="withdrawn already"):
        operations.withdraw(attachment=row, reason="Again.", by=cast.dsl, at=NOW)
    assert AttachmentContent.objects.count() == 1
    # The same file may be needed on the case after all.
    assert attached(cast, row.incident).number == 2


def test_the_same_file_twice_and_one_too_many_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = case(cast)
    attached(cast, incident)
    assert refusal(cast, incident) == "there_already"

    monkeypatch.setattr(operations, "MOST_FILES", 1)
    assert refusal(cast, incident, b"other") == "too_many"


def test_a_closed_case_takes_no_file(cast: Cast) -> None:
    incident = case(cast)
    incident.status = "closed"

    assert refusal(cast, incident) == "case_closed"


def test_whoever_handles_it_is_told_what_the_reporter_adds_and_not_what_they_add_themselves(cast: Cast) -> None:
    incident = case(cast)
    attached(cast, incident)
    assert not OutboxMessage.objects.filter(kind="incidents/file_added").exists()

    row = attached(cast, incident, b"more", by="teacher")

    assert row.is_from_reporter
    sent = OutboxMessage.objects.filter(kind="incidents/file_added")
    assert {message.recipient for message in sent} == {cast.dsl, cast.deputy, cast.online_safety_lead}


def test_content_is_never_changed_and_opens_in_its_place_alone(cast: Cast) -> None:
    incident = case(cast)
    first, second = attached(cast, incident), attached(cast, incident, b"other")
    content = AttachmentContent.objects.get(attachment=first)
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        AttachmentContent.objects.filter(pk=content.pk).update(attachment=second)

    moved = AttachmentContent(school=cast.school, attachment=second, sealed=content.__dict__["sealed"])
    with pytest.raises(Unreadable):
        _ = moved.sealed
