"""The pages of a case's files: who attaches, who is handed what, and in what wrapping (FU-1, FU-3)."""

import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership
from accounts.operations import members
from incidents.events import Event
from incidents.models import Attachment, Incident
from incidents.operations import attachments as operations
from incidents.routes import About
from incidents.uploads.scanning import Scan
from policies.engine.taxonomy import Category
from tests.accounts.test_proofs import stale
from tests.conftest import Cast
from tests.factories import NOW, alleged, make_incident, person_of
from tests.incidents.operations.test_attachments import WORDS, attached, case
from tests.incidents.pages import browser, case_address, title, words
from tests.incidents.uploads import making

CONTROL = 'type="file"'


def send(client: Client, incident: Incident, content: bytes = WORDS, name: str = "chat.txt", **more: Any) -> Any:
    """Send a file to a case, as the page does."""
    file = SimpleUploadedFile(name, content, content_type=more.pop("content_type", "text/plain"))
    return client.post(case_address(more.pop("to", "attachment-add"), incident), {"file": file}, **more)


def file_address(row: Attachment, name: str = "attachment-file") -> str:
    return case_address(name, row.incident, attachment_id=row.pk)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Let a scanner find nothing in anything."""
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    monkeypatch.setattr(operations, "scan", lambda content, **place: Scan.CLEAN)


def test_a_file_is_attached_listed_and_handed_out_as_it_came(cast: Cast, clean: None) -> None:
    incident, client, content = case(cast), browser(cast.dsl), making.with_place()
    empty = words(client.get(case_address("attachment-list", incident)))
    assert "No file is attached to this case." in empty
    assert CONTROL in empty

    # What a browser says of its type is not believed.
    answer = send(client, incident, content, "Photo.jpg", content_type="text/html")

    assert answer["Location"] == case_address("attachment-list", incident)
    row = Attachment.objects.get()
    page = words(client.get(answer["Location"]))
    assert "1. Photo.jpg" in page
    assert row.sha256 in page
    given = client.get(file_address(row))
    assert given.content == content
    assert given["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_is_wrapped_so_that_no_browser_opens_it(cast: Cast, clean: None, method: str) -> None:
    row = attached(cast, case(cast), name="Amira's photos <b>.txt")

    given = getattr(browser(cast.dsl), method)(file_address(row))

    assert given.status_code == 200
    assert given["Content-Disposition"] == f'attachment; filename="{row.incident.reference}-file-1.txt"'
    assert given["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Cache-Control"] == "no-store"
    assert given["Accept-Ranges"] == "none"
    assert given["Cross-Origin-Resource-Policy"] == "same-origin"
    assert given["X-Frame-Options"] == "DENY"
    assert not {"ETag", "Last-Modified"} & set(given.headers)
    assert given.content == (WORDS if method == "get" else b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_RANGE": "bytes=0-3"},
        {"HTTP_RANGE": "bytes=-1"},
        {"HTTP_RANGE": "bytes=0-0,5-9"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_NONE_MATCH": '"anything"'},
        {"HTTP_IF_MATCH": '"anything"'},
        {"HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2031 00:00:00 GMT"},
        {"HTTP_IF_UNMODIFIED_SINCE": "Wed, 01 Jan 2020 00:00:00 GMT"},
        {"HTTP_IF_RANGE": '"anything"', "HTTP_RANGE": "bytes=0-3"},
    ],
)
def test_whatever_a_request_asks_it_is_whole_and_recorded(cast: Cast, clean: None, headers: dict[str, str]) -> None:
    row = attached(cast, case(cast))

    given = browser(cast.dsl).get(file_address(row), **headers)

    assert (given.status_code, given.content) == (200, WORDS)
    assert AuditEvent.objects.filter(event=Event.FILE_READ, actor=str(cast.dsl.pk)).count() == 1


def test_nobody_else_is_handed_a_file_by_its_address(cast: Cast, clean: None) -> None:
    row = attached(cast, case(cast))
    others = {
        name: browser(cast[name]).get(file_address(row)).status_code
        for name in ("teacher", "colleague", "head", "chair", "governor", "ict", "administrator", "next_door_dsl")
    }

    # Who may read no case at all is told so; everybody else, that there is nothing.
    assert others == dict.fromkeys(others, 403) | {"head": 404, "chair": 404, "next_door_dsl": 404}
    assert Client().get(file_address(row)).status_code == 302
    assert not AuditEvent.objects.filter(event=Event.FILE_READ).exists()


def test_a_case_managers_file_is_theirs_alone_and_never_the_accuseds(cast: Cast, clean: None) -> None:
    people = [alleged(person_of(cast.deputy, cast.school))]
    incident = make_incident(school=cast.school, by=cast.teacher, people=people, about=About.ADULT)
    row = attached(cast, incident, by="head")

    codes = {
        name: browser(cast[name]).get(file_address(row)).status_code for name in ("head", "dsl", "deputy", "chair")
    }

    assert codes == {"head": 200, "dsl": 404, "deputy": 404, "chair": 404}


def test_an_address_opens_nothing_once_access_ends(cast: Cast, clean: None) -> None:
    row, client = attached(cast, case(cast)), browser(cast.deputy)
    assert client.get(file_address(row)).status_code == 200

    held = Membership.objects.get(user=cast.deputy)
    members.end_membership(membership=held, at=NOW, by=cast.administrator, second=cast.head)

    assert client.get(file_address(row)).status_code == 404


def test_a_file_of_another_case_is_not_there(cast: Cast, clean: None) -> None:
    row, other = attached(cast, case(cast)), case(cast)
    client = browser(cast.dsl)

    for name in ("attachment-file", "attachment-release", "attachment-withdraw", "attachment-scan"):
        address = case_address(name, other, attachment_id=row.pk)
        missing = case_address(name, other, attachment_id=uuid.uuid4())
        ask = client.get if name == "attachment-file" else client.post
        assert {ask(address).status_code, ask(missing).status_code} == {404}


def test_where_imagery_may_be_indecent_there_is_no_control_and_nothing_is_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, client = case(cast, narrative="They pass on nudes of her."), browser(cast.dsl)
    page = words(client.get(case_address("attachment-list", incident)))
    assert CONTROL not in page
    assert "multipart" not in page
    for said in ("No file can be attached", "Keep the device safe", "Report Remove", "Do not view, copy"):
        assert said in page
    # The page was open before somebody knew. Parsing it would raise.
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.__init__", lambda *args: pytest.fail("was read"))

    answer = send(client, incident, making.png(), "a.png")

    assert "an indecent image of a child may be involved" in words(answer)
    assert title(answer).startswith("Error:")
    assert not Attachment.objects.exists()


def test_a_refused_file_leaves_its_sentence_on_the_page(cast: Cast) -> None:
    incident, client = case(cast, Category.CONDUCT), browser(cast.dsl)

    page = send(client, incident, making.png(), "a.png")

    assert "There is a picture in this file" in words(page)
    assert "No pictures yet." in words(page)
    assert title(page).startswith("Error: Files")


@pytest.mark.parametrize(("over", "is_taken"), [(-1, True), (0, True), (1, False), (200_000, False)])
def test_the_limit_is_exact_and_what_is_larger_is_not_even_kept_in_memory(
    cast: Cast, settings: LazySettings, over: int, is_taken: bool
) -> None:
    settings.FILE_MOST_BYTES = 1024 * 1024
    incident = case(cast)

    page = send(browser(cast.dsl), incident, b"a" * (settings.FILE_MOST_BYTES + over))

    assert Attachment.objects.exists() is is_taken
    if not is_taken:
        assert "A file may have 1 MB" in words(page)


def test_without_a_token_nothing_is_taken(cast: Cast) -> None:
    incident = case(cast)

    assert send(browser(cast.dsl, strict=True), incident).status_code == 403
    assert send(browser(cast.dsl), incident, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert send(browser(cast.dsl), incident, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert not Attachment.objects.exists()
    assert not AuditEvent.objects.filter(event=Event.FILE_REFUSED).exists()


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nhalf",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: " + b"a" * 100_000),
        ("multipart/form-data; boundary=x", b""),
        ("text/plain", b"file=a"),
    ],
)
def test_a_form_that_is_broken_or_ends_half_way_is_an_error_of_its_sender(
    cast: Cast, content_type: str, content: bytes
) -> None:
    client = browser(cast.dsl)
    client.raise_request_exception = False

    answer = client.generic("POST", case_address("attachment-add", case(cast)), content, content_type)

    assert answer.status_code in (200, 302, 400)
    # What came half-way may be a whole text of four letters; nothing else is ever kept.
    assert [row.size for row in Attachment.objects.all()] in ([], [4])


def test_a_page_that_takes_no_file_reads_past_one(cast: Cast) -> None:
    incident, file = case(cast), SimpleUploadedFile("a.txt", WORDS)

    answer = browser(cast.dsl).post(case_address("note-add", incident), {"note-text": "Hello", "file": file})

    assert answer.status_code == 302
    assert not answer.wsgi_request.FILES


def test_a_file_is_let_through_with_a_reason_and_withdrawn_with_another(cast: Cast) -> None:
    row, client = attached(cast, case(cast)), browser(cast.dsl)
    listing = case_address("attachment-list", row.incident)
    assert client.get(file_address(row))["Location"] == listing
    assert "No scanner has looked at this file yet" in words(client.get(listing))

    refused = client.post(file_address(row, "attachment-release"))
    assert "Write down why this file is let through" in words(refused)
    client.post(file_address(row, "attachment-release"), {f"release-{row.pk}-reason": "From our own office."})
    assert client.get(file_address(row)).content == WORDS

    client.post(file_address(row, "attachment-withdraw"), {f"withdraw-{row.pk}-reason": "The wrong case."})
    page = words(client.get(listing))
    assert "The wrong case." in page
    assert "From our own office." in page
    assert client.get(file_address(row))["Location"] == listing


def test_where_every_file_is_scanned_nobody_lets_one_through(cast: Cast, settings: LazySettings) -> None:
    row, client = attached(cast, case(cast)), browser(cast.dsl)
    settings.UNSCANNED_FILES, settings.CLAMD_URL = False, "unix:///nowhere/clamd"
    page = words(client.get(case_address("attachment-list", row.incident)))
    assert "Let it through" not in page
    assert "Scan it now" in page

    answer = client.post(file_address(row, "attachment-scan"), follow=True)

    assert "The scanner does not answer" in words(answer)


def test_without_a_scanner_the_page_says_so(cast: Cast, settings: LazySettings) -> None:
    settings.UNSCANNED_FILES = False
    incident, client = case(cast), browser(cast.dsl)

    page = words(client.get(case_address("attachment-list", incident)))

    assert CONTROL not in page
    assert "No virus scanner is set up here" in page
    assert "no virus scanner is set up here" in words(send(client, incident))


def test_a_reporter_adds_a_file_to_their_own_concern_and_sees_no_other(cast: Cast) -> None:
    incident, client = case(cast), browser(cast.teacher)
    attached(cast, incident, b"of the team", "team.txt")
    own = case_address("my-attachments", incident)
    assert "You have not added a file." in words(client.get(own))

    assert send(client, incident, to="my-attachment-add")["Location"] == own

    page = words(client.get(own))
    assert "chat.txt" in page
    assert "team.txt" not in page
    assert words(browser(cast.dsl).get(case_address("attachment-list", incident))).count("who logged it") == 1
    for other in (cast.colleague, cast.dsl, cast.ict):
        assert browser(other).get(own).status_code == 404
        assert send(browser(other), incident, to="my-attachment-add").status_code == 404


def test_a_reporter_is_told_what_to_do_instead(cast: Cast) -> None:
    incident, client = case(cast, narrative="They pass on nudes of her."), browser(cast.teacher)

    page = words(client.get(case_address("my-attachments", incident)))

    assert CONTROL not in page
    assert "Keep the device safe" in page
    assert "indecent image" in words(send(client, incident, to="my-attachment-add"))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("files", [0, 6])
def test_the_list_asks_for_as_much_however_many_files_there_are(
    cast: Cast, django_assert_max_num_queries: Any, files: int
) -> None:
    incident, client = case(cast), browser(cast.dsl)
    for number in range(files):
        attached(cast, incident, f"{number}".encode())
    client.get(case_address("attachment-list", incident))

    with django_assert_max_num_queries(22):
        client.get(case_address("attachment-list", incident))


def test_a_name_as_attackers_write_it_harms_no_page(cast: Cast) -> None:
    incident, client = case(cast), browser(cast.dsl)
    names = ("<script>alert(1)</script>.txt", "../../x.txt", "a\u202etxt.txt", "con.txt", f"{'a' * 240}.txt")
    for number, name in enumerate(names):
        send(client, incident, f"File {number}.".encode(), name)

    page = client.get(case_address("attachment-list", incident)).content.decode()

    assert Attachment.objects.count() == 5
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_nothing_a_file_holds_reaches_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    incident = case(cast)
    send(browser(cast.dsl), incident, b"heliotrope", "heliotrope.txt")
    send(browser(cast.dsl), incident, making.zipped(("heliotrope", b"heliotrope")), "heliotrope.zip")

    assert "heliotrope" not in caplog.text


def test_nothing_is_read_of_who_is_not_signed_in_or_has_to_show_who_they_are(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = [alleged(person_of(cast.colleague, cast.school))]
    adult = make_incident(school=cast.school, by=cast.teacher, about=About.ADULT, people=about)
    waiting = stale(cast, "head")
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.__init__", lambda *args: pytest.fail("was read"))

    left, asked = send(Client(), adult, making.png(), "a.png"), send(waiting, adult, making.png(), "a.png")

    assert (left.status_code, left["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert asked.status_code == 403
    assert "choose it again" in words(asked)
