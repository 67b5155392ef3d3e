"""The ledger as proof: its signed ends, its export, and what checks both without the system (AU-6)."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from accounts import audit, ends, outbox, standalone_verifier
from accounts.models import AuditChain, AuditEvent, OutboxMessage, SignedEnd
from accounts.operations import absences, audits
from accounts.operations.audits import Purpose
from accounts.queries.audits import AuditFilter, events_of
from accounts.roles import Role
from accounts.standalone_verifier import problems_of
from tests.accounts.tampering import taken_back, tamper, write_rows
from tests.conftest import Cast
from tests.factories import NOW, make_incident, make_member

TOMORROW = NOW + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def proof(cast: Cast, tmp_path: Path) -> Path:
    """Return an export of a school with a case, two signed ends and rows after them."""
    make_incident(school=cast.school, by=cast.teacher)
    audits.sign_ends(now=NOW)
    write_rows(cast.school, 5)
    audits.sign_ends(now=TOMORROW)
    return exported(cast, tmp_path / "proof.zip")


def exported(cast: Cast, path: Path) -> Path:
    with audits.export_proof(school=cast.school, purpose=Purpose.CHECK, by=cast.dsl, at=TOMORROW) as file:
        path.write_bytes(file.read())
    return path


def key() -> str:
    return ends.public_keys()[0]


def altered(path: Path, name: str, change: object) -> Path:
    """Write an export again with one of its files changed."""
    found = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(found, "w") as new:
        for one in old.namelist():
            text = old.read(one).decode()
            new.writestr(one, change(text) if one == name else text)  # type: ignore[operator]
    return found


def test_the_end_is_signed_once_a_day_and_sent_to_who_keeps_it(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    dpo = make_member(school=cast.school, role=Role.DPO, name="Dana Protection")
    assert audits.sign_ends(now=NOW) == 2, "both schools"
    assert audits.sign_ends(now=NOW + timedelta(hours=1)) == 0

    outbox.deliver_due(NOW)

    ours = [mail for mail in mailoutbox if mail.to in ([cast.chair.email], [dpo.email])]
    assert len(ours) == 2
    row = SignedEnd.objects.for_school(cast.school).get()
    assert all(row.text in mail.body for mail in ours)
    assert ends.verify_end(cast.school, ours[0].body) == []
    assert audits.sign_ends(now=TOMORROW) == 2


def test_where_the_keepers_are_away_they_are_told_all_the_same(cast: Cast) -> None:
    absences.add_absence(school=cast.school, user=cast.chair, starts_on=NOW.date(), ends_on=None, by=cast.chair, at=NOW)
    audits.sign_ends(now=NOW)

    sent = OutboxMessage.objects.for_school(cast.school).filter(kind=outbox.END)
    assert [row.recipient for row in sent] == [cast.chair]


def test_an_end_tells_of_no_case(cast: Cast) -> None:
    audit.record(
        school=cast.school, actor=None, event="test.x", target="incident:1", summary="x", at=NOW, chain="case:secret"
    )
    audits.sign_ends(now=NOW)

    row = SignedEnd.objects.for_school(cast.school).get()
    assert "case" not in row.text
    assert len(row.text.splitlines()) == 8
    assert "secret" not in json.dumps(row.ends)


def test_a_forged_end_one_of_another_school_and_a_replayed_one_are_found(cast: Cast) -> None:
    audits.sign_ends(now=NOW)
    ours, theirs = (SignedEnd.objects.for_school(school).get().text for school in (cast.school, cast.next_door))
    for forged in ("", "Signed end of the ledger", ours.replace("ledger: ", "ledger: 1"), ours[:-5], theirs[:-5] + "a"):
        assert ends.verify_end(cast.school, forged)
    assert "another school" in ends.verify_end(cast.school, theirs)[0]
    # Yesterday's end, sent again as today's: its day is signed too.
    replayed = ours.replace("2026-11-17", "2026-11-18")
    assert ends.verify_end(cast.school, replayed) == ["This end was not signed by this system, or was altered since."]


def test_newest_rows_deleted_an_older_copy_and_a_whole_new_ledger_are_found(cast: Cast) -> None:
    write_rows(cast.school, 3)
    write_rows(cast.school, 3, chain="case:1")
    audits.sign_ends(now=NOW)
    text = SignedEnd.objects.for_school(cast.school).get().text
    write_rows(cast.school, 2)
    assert ends.verify_end(cast.school, text) == []
    last = AuditChain.objects.get(school=cast.school, name="case:1").pk
    gone = "DELETE FROM accounts_signedend"
    with taken_back():
        tamper("DELETE FROM accounts_auditevent WHERE chain_id = %(chain)s AND seq = 3", chain=last)
        assert ends.verify_end(cast.school, text) == ["Row 3 of the chain 'case:1' is gone, or is another one now."]
    with taken_back():
        tamper("UPDATE accounts_auditevent SET hash = '\\x00' WHERE chain_id = %(chain)s AND seq = 3", chain=last)
        assert "another one now" in ends.verify_end(cast.school, text)[0]
    with taken_back():
        tamper("ALTER TABLE accounts_signedend DISABLE TRIGGER USER", gone)
        assert "older than the end" in ends.verify_end(cast.school, text)[0]
    with taken_back():
        tamper(
            "ALTER TABLE accounts_signedend DISABLE TRIGGER USER",
            "UPDATE accounts_signedend SET ends = '{}'::jsonb",
        )
        assert ends.verify_end(cast.school, text) == ["What was signed with this end was altered since."]


def test_a_key_that_was_changed_still_proves_what_it_signed(cast: Cast, settings: LazySettings) -> None:
    audits.sign_ends(now=NOW)
    text = SignedEnd.objects.for_school(cast.school).get().text
    former = settings.AUDIT_KEYS
    settings.AUDIT_KEYS = {"new": b"n" * 32, **former}
    assert ends.verify_end(cast.school, text) == []
    settings.AUDIT_KEYS = {"new": b"n" * 32}
    assert ends.verify_end(cast.school, text)


def test_an_export_holds_with_and_without_the_secret_key(proof: Path, settings: LazySettings) -> None:
    assert problems_of(proof, key()) == []
    assert problems_of(proof, key(), keys=settings.AUDIT_KEYS) == []
    assert problems_of(proof, "00" * 32) == [standalone_verifier.NOT_SIGNED]
    with zipfile.ZipFile(proof) as archive:
        rows = [json.loads(line) for line in archive.read("rows.jsonl").splitlines()]
        assert set(archive.namelist()) == {
            *("rows.jsonl", "manifest.json", "manifest.sig", "ends.txt", "verify.py", "README.txt")
        }
    assert any("withheld" in row for row in rows)
    assert "incident:" not in json.dumps(rows)
    assert AuditEvent.objects.filter(event="audit.exported", data__purpose="check").count() == 1


def test_the_verifier_runs_alone_on_the_standard_library(proof: Path, tmp_path: Path) -> None:
    program, message = tmp_path / "verify.py", tmp_path / "message.txt"
    with zipfile.ZipFile(proof) as archive:
        program.write_bytes(archive.read("verify.py"))

    def run(*arguments: str) -> tuple[int, str]:
        # Isolated: no package, no path of ours.
        command = [sys.executable, "-I", "-S", str(program), str(proof), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout

    school_end = SignedEnd.objects.get(school__slug="oakfield", day=NOW.date()).text
    message.write_text(f"Please keep this message.\n\n{school_end}\nNothing is to be done.")
    assert run("--public-key", key(), "--end", str(message)) == (0, "All holds.\n")
    assert run("--public-key", "ab" * 32)[0] == 1
    message.write_text(school_end.replace("ledger: ", "ledger: 1"))
    assert run("--public-key", key(), "--end", str(message))[0] == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rows.jsonl", lambda text: "\n".join(text.splitlines()[:-1]) + "\n"),
        ("rows.jsonl", lambda text: text.replace("Something happened: 3.", "Something happened: 9.")),
        ("rows.jsonl", lambda text: "\n".join([*text.splitlines()[1::-1], *text.splitlines()[2:]]) + "\n"),
        ("rows.jsonl", lambda text: "\n".join(text.splitlines()[3:]) + "\n"),
        ("rows.jsonl", lambda text: text + text.splitlines()[-1] + "\n"),
        ("manifest.json", lambda text: text.replace('"purpose": "check"', '"purpose": "police"')),
        ("manifest.sig", lambda text: "00" * 64),
        ("manifest.sig", lambda text: "not hexadecimal"),
        ("ends.txt", lambda text: text.replace("day: 2026-11-17", "day: 2026-11-16")),
    ],
)
def test_whatever_is_changed_in_an_export_is_found(proof: Path, name: str, change: object) -> None:
    assert problems_of(altered(proof, name, change), key())


def test_an_export_of_an_older_copy_misses_an_end_that_was_sent(cast: Cast, tmp_path: Path) -> None:
    older = exported(cast, tmp_path / "older.zip")
    write_rows(cast.school, 2)
    audits.sign_ends(now=NOW)
    sent = SignedEnd.objects.for_school(cast.school).get().text

    assert problems_of(older, key()) == []
    assert "not there as they were then" in problems_of(older, key(), [sent])[0]


def test_the_signature_of_the_verifier_is_that_of_the_standard() -> None:
    """The first three vectors of RFC 8032, section 7.1."""
    vectors = (
        ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),  # noqa: E501
        ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),  # noqa: E501
        ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),  # noqa: E501
    )  # fmt: skip
    for public, message, signature in vectors:
        one, two, three = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
        assert standalone_verifier.is_signed(one, two, three)
        assert not standalone_verifier.is_signed(one, two + b"x", three)
        assert not standalone_verifier.is_signed(one, two, three[:-1] + bytes([three[-1] ^ 1]))
    assert not standalone_verifier.is_signed(b"short", b"", b"short")
    assert not standalone_verifier.is_signed(b"\xff" * 32, b"", b"\x00" * 64)


WIDE = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
STARTS = ("=", "+", "-", "@", "|", "%", *WIDE)


@pytest.mark.parametrize("lead", [*STARTS, "\t=", "\r", "\n=", " =", '"='])
def test_no_cell_of_a_list_is_a_formula(cast: Cast, lead: str) -> None:
    cast.dsl.full_name = f'{lead}HYPERLINK("http://x")'
    audit.record(school=cast.school, actor=cast.dsl, event="test.x", target="x:1", summary="=1+1", at=NOW)
    text = audits.export_list(
        school=cast.school, chosen=AuditFilter(), without=(), purpose=Purpose.CHECK, by=cast.head, at=NOW
    )

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["'=1+1"] in [row[2:3] for row in rows]
    cells = [cell for row in rows[1:] for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(STARTS)] == []
    assert [cell for cell in cells if set(cell) & {"\0", "\r", "\n"}] == []


def test_the_command_checks_a_signed_end_and_an_export(cast: Cast, proof: Path, tmp_path: Path) -> None:
    message = tmp_path / "message.txt"
    message.write_text(SignedEnd.objects.get(school=cast.school, day=NOW.date()).text)
    said = StringIO()
    call_command("verify_audit", school="oakfield", end=str(message), stdout=said)
    call_command("verify_audit", export=str(proof), end=str(message), stdout=said)
    assert "the signed end holds" in said.getvalue()
    assert "proof.zip: OK" in said.getvalue()

    message.write_text("Nothing.")
    for given in ({"school": "oakfield", "end": str(message)}, {"export": str(proof), "end": str(message)}):
        with pytest.raises(SystemExit):
            call_command("verify_audit", stdout=said, **given)
    for wrong in ({"end": str(message)}, {"export": str(message)}, {"school": "oakfield", "end": "nowhere"}):
        with pytest.raises(CommandError):
            call_command("verify_audit", stdout=said, **wrong)


def test_one_school_that_fails_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    true = ends.ends_of

    def failing(school: object) -> object:
        if school == cast.school:
            raise RuntimeError
        return true(school)

    monkeypatch.setattr(ends, "ends_of", failing)
    assert audits.sign_ends(now=NOW) == 1


def test_events_of_one_target_come_from_the_chain_that_is_asked(cast: Cast) -> None:
    write_rows(cast.school, 3)
    write_rows(cast.school, 2, chain="case:1")

    assert [row.target for row in events_of(cast.school, target="thing:2")] == ["thing:2"]
    assert [row.seq for row in events_of(cast.school, "case:1")] == [2, 1]
    assert not events_of(cast.next_door, "case:1").exists()
