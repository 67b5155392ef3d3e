"""The pages of past incidents from a spreadsheet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEvent
from incidents.models import Import, Incident
from incidents.operations import imports
from tests.conftest import Cast
from tests.factories import NOW
from tests.incidents.operations.test_imports import LOG, sheet
from tests.incidents.pages import address, browser, words

GOOD = ("12/11/2024", "Hall", "=HYPERLINK(1) happened.", "Done.", "R Teach")
BAD = ("=cmd|' /C calc'!A0", "Hall", "It happened.", "Done.", "R Teach")


def send(cast: Cast, content: bytes, **more: str) -> Import:
    file = SimpleUploadedFile("log.csv", content, content_type="text/csv")
    answer = browser(cast.dsl).post(address("import-list", cast.school), {"file": file, "category": "conduct", **more})
    assert answer.status_code == 302, words(answer)
    found: Import = Import.objects.latest("read_at")
    return found


def test_a_file_is_looked_at_taken_over_in_the_background_and_accounted_for(cast: Cast) -> None:
    found = send(cast, sheet(LOG, GOOD, BAD))
    client, page = browser(cast.dsl), address("import-detail", cast.school, import_id=found.pk)

    assert "Take over 1 incident" in words(client.get(page))
    assert "is no date that can be read" in words(client.get(page))
    assert not Incident.objects.exists()
    began = words(client.post(address("import-take", cast.school, import_id=found.pk), follow=True))
    assert "It has begun." in began
    assert "0 taken over, 1 to go." in began

    imports.take_waiting(now=NOW, goes_on=lambda: True)

    assert "Done with" in words(client.get(page))
    account = client.get(address("import-account", cast.school, import_id=found.pk))
    assert account["Content-Disposition"] == 'attachment; filename="account.csv"'
    lines = account.content.decode().splitlines()
    assert lines[1] == f"2,Taken over,,{Incident.objects.get().reference}"
    assert lines[2].startswith("3,Cannot be read,")
    assert "HYPERLINK" not in account.content.decode()
    assert "It has begun" not in words(client.get(page))
    assert "cannot be left" not in words(client.get(page))


def test_what_was_only_looked_at_is_left(cast: Cast) -> None:
    found = send(cast, sheet(LOG, GOOD))
    client = browser(cast.deputy)

    left = client.post(address("import-drop", cast.school, import_id=found.pk), follow=True)

    assert "Nothing was taken over." in words(left)
    again = client.post(address("import-take", cast.school, import_id=found.pk), follow=True)
    assert "being taken over already" in words(again)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("log.csv", b"Name,Colour\nMia,Red\n", "No line of headings is found."),
        ("log.xlsx", b"PK\x03\x04", "save it as CSV"),
        ("log.csv", b"", "There is nothing in this file."),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(cast: Cast, name: str, content: bytes, said: str) -> None:
    sent = {"file": SimpleUploadedFile(name, content), "category": "conduct"}

    assert said in words(browser(cast.dsl).post(address("import-list", cast.school), sent))
    assert "Choose a file." in words(browser(cast.dsl).post(address("import-list", cast.school), {"category": "x"}))


def test_only_the_safeguarding_team_brings_past_incidents_in(cast: Cast) -> None:
    found = send(cast, sheet(LOG, GOOD))

    for user in (cast.teacher, cast.head, cast.ict, cast.governor, cast.administrator):
        client = browser(user)
        assert client.get(address("import-list", cast.school)).status_code == 403
        assert client.post(address("import-take", cast.school, import_id=found.pk)).status_code == 403
    away = browser(cast.next_door_dsl)
    assert away.get(address("import-detail", cast.next_door, import_id=found.pk)).status_code == 404
    assert AuditEvent.objects.filter(event="import.read").count() == 1
