"""A document fetches, reads and hangs nothing, whatever was typed into it; and a screen reader can read it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from accounts import documents
from accounts.errors import Refused
from accounts.models import School
from tests.accounts.documents_payloads import FATAL, payloads
from tests.architecture.source import modules
from tests.architecture.test_imports import imports
from tests.factories import NOW
from tests.paper import attached, needs_pdf, told_by, unpacked, words

pytestmark = needs_pdf

CHILDREN = Path(f"/proc/self/task/{os.getpid()}/children")
CANARY = "CNRY-file-on-this-machine"
PROCESS = Path(documents.__file__).with_name("documents_process.py")
BOMB = "<svg><defs><g id=a0><rect width=1 height=1 /></g>{}</defs><use href='#a11'/></svg>".format(
    "".join(f"<g id=a{n}>{f'<use href=#a{n - 1} />' * 10}</g>" for n in range(1, 12))
)


def page(body: str, title: str = "Case OAK-7K3F") -> str:
    return f"<!DOCTYPE html><html lang=en-GB><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """Listen on every address of this machine and keep a list of who came."""
    came: list[object] = []
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def wait() -> None:
            while not over.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                came.append(address)
                connection.close()

        thread = threading.Thread(target=wait)
        thread.start()
        yield server.getsockname()[1], came
        over.set()
        thread.join()


@pytest.fixture
def canary(tmp_path: Path) -> str:
    """Lay a file out that every user of this machine may read."""
    path = tmp_path / "canary.txt"
    path.write_text(CANARY)
    return str(path)


def test_nothing_typed_makes_it_fetch_or_read_anything(
    listener: tuple[int, list[object]], canary: str, tmp_path: Path
) -> None:
    port, came = listener
    hostile = payloads(port, canary)
    with socket.create_connection(("127.0.0.1", port)):
        pass

    pdf = documents.draw(page("".join(f"<section><p>Part {n}</p>{text}</section>" for n, text in enumerate(hostile))))

    assert len(hostile) >= 200
    assert len(came) == 1, "only the test itself knocked"
    assert CANARY not in words(pdf)
    assert CANARY.encode() not in pdf
    assert attached(pdf, tmp_path) == []
    assert "Part 0" in words(pdf)


def test_what_is_asked_for_and_cannot_be_done_without_ends_with_a_sentence(
    listener: tuple[int, list[object]],
) -> None:
    port, came = listener

    with pytest.raises(Refused) as refused:
        documents.draw(page(FATAL.replace("{port}", str(port))))

    assert refused.value.code == "document_not_made"
    assert came == []


def test_the_bait_is_taken_by_a_process_that_is_not_held_back(listener: tuple[int, list[object]], canary: str) -> None:
    port, came = listener
    code = "import sys, weasyprint; sys.stdout.buffer.write(weasyprint.HTML(string=sys.stdin.read()).write_pdf())"
    bait = f'<img src="http://127.0.0.1:{port}/a"><a rel=attachment href="file://{canary}">x</a>'

    pdf = subprocess.run([sys.executable, "-c", code], input=page(bait).encode(), capture_output=True, check=True)

    assert len(came) >= 1
    assert b"/EmbeddedFile" in pdf.stdout


def test_the_process_can_neither_connect_nor_start_another() -> None:
    code = (
        f"import runpy, socket, subprocess; runpy.run_path({str(PROCESS)!r})['refuse_to_reach_out']()\n"
        "for act in (lambda: socket.getaddrinfo('localhost', 1), lambda: socket.socket(),\n"
        "            lambda: subprocess.run(['true']), lambda: __import__('os').system('true')):\n"
        "    try:\n        act()\n    except PermissionError:\n        print('refused')\n"
    )

    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.split() == ["refused"] * 4


def test_the_process_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_KEYS", "secret")

    given = documents._environment("/scratch")

    assert set(given) <= {*documents._NEEDED, "TMPDIR", "HOME"}


def test_our_own_styles_are_read(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "own.css").write_text("p::after { content: ' and styled' }")
    settings.STATICFILES_DIRS = [str(tmp_path)]
    link = '<link rel=stylesheet href="/static/css/own.css">'

    assert "Plain and styled" in words(documents.draw(page(f"{link}<p>Plain</p>")))


def test_a_link_out_of_the_folder_of_static_files_leads_nowhere(tmp_path: Path, settings: LazySettings) -> None:
    (tmp_path / "secret.css").write_text("p::after { content: 'leaked' }")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "own.css").symlink_to(tmp_path / "secret.css")
    settings.STATICFILES_DIRS = [str(tmp_path / "static")]

    assert "leaked" not in words(documents.draw(page('<link rel=stylesheet href="/static/own.css"><p>Plain</p>')))


def test_a_page_that_never_ends_is_stopped_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "SECONDS", 2)

    with pytest.raises(Refused) as refused:
        documents.draw(page(BOMB))

    assert refused.value.code == "document_too_slow"
    assert "took too long" in refused.value.sentence


def test_a_page_that_takes_too_much_memory_is_stopped_and_said_so() -> None:
    with pytest.raises(Refused) as refused:
        documents.draw(page("x" * 300_000_000))

    assert refused.value.code == "document_not_made"


def test_the_limits_are_those_that_are_promised() -> None:
    code = (
        f"import runpy, resource; given = runpy.run_path({str(PROCESS)!r}); given['keep_within_limits']()\n"
        "print(*(resource.getrlimit(kind)[1] for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CPU,"
        " resource.RLIMIT_CORE)))"
    )

    said = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.split() == [str(512 * 1024 * 1024), "20", "0"]
    assert documents.SECONDS == 20


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(documents, "SECONDS", 1)

    with pytest.raises(Refused):
        documents.draw(page(BOMB))

    assert list(tmp_path.iterdir()) == []


def test_without_the_libraries_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "documents_process.py"
    broken.write_text(PROCESS.read_text().replace("from weasyprint import", "from weasyprint_missing import"))
    monkeypatch.setattr(documents, "_PROCESS", broken)

    with pytest.raises(Refused) as refused:
        documents.draw(page("x"))

    assert refused.value.code == "document_not_installed"


def test_when_others_are_being_made_it_waits_and_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_room", threading.BoundedSemaphore(1))
    monkeypatch.setattr(documents, "SECONDS", 0.05)

    with documents._room, pytest.raises(Refused) as refused:
        documents.draw(page("x"))

    assert refused.value.code == "document_busy"


def test_a_document_is_tagged_and_says_what_it_is_and_in_which_language() -> None:
    school = School(name="Oakfield <b>Primary</b> School")

    pdf = documents.write_pdf("base_print.html", {"school": school, "at": NOW, "made_by": "Dora Safe"})

    told = told_by("pdfinfo", "-", given=pdf)
    assert "Tagged:          yes" in told
    assert "PDF version:     1.7" in told
    assert "Title:           Safeguarding" in told
    assert "JavaScript:      no" in told
    assert b"/Lang (en-GB)" in unpacked(pdf)
    assert "pdfuaid" in told_by("pdfinfo", "-meta", "-", given=pdf)
    text = words(pdf)
    assert "Oakfield <b>Primary</b> School" in text
    assert "Page 1 of 1" in text
    assert "by Dora Safe" in text


def test_every_alphabet_reads_right() -> None:
    names = "Łukasz Żółć, Жук, Ørsted, Nguyễn"

    assert names in words(documents.draw(page(f"<p>{names}</p>")))


def test_it_is_given_to_keep_not_to_show() -> None:
    answer = documents.download(b"%PDF-1.7", "OAK-7K3F.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="OAK-7K3F.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_nothing_imports_what_draws() -> None:
    named = [module.path for module in modules() for line in imports(module) if "documents_process" in line.target]

    assert named == []


@pytest.mark.skipif(not CHILDREN.exists(), reason="Only Linux lists the children of a process.")
def test_no_process_outlives_its_document() -> None:
    # Others may be ours too: the database and the browser of the tests.
    before = set(CHILDREN.read_text().split())

    documents.draw(page("x"))

    # Nor its remains, which have no command any more and stand in this list all the same.
    assert set(CHILDREN.read_text().split()) <= before
