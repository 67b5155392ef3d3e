"""The ledger itself: that it was looked at, taken away as proof, and its end signed once a day."""

import csv
import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts import audit, ends, outbox, standalone_verifier
from accounts.errors import Refused
from accounts.events import AccountEvent
from accounts.models import AuditChain, AuditEvent, School, SignedEnd, User
from accounts.queries.audits import AuditFilter, events_of, plain_cell, rows_for_export
from accounts.queries.members import holders
from accounts.roles import Role

log = logging.getLogger(__name__)

# A longer list is narrowed by its days.
CSV_ROWS = 50_000
_IN_MEMORY = 8_000_000
_AT_ONCE = 50
# A row about these tells of a case or of a person, or that somebody wants to end their role: an export holds its seal
# and nothing else of it, whoever makes one.
_WITHHELD = ("incident:", "person:", "draft:", "told:", "device:", "approval:")
_README = Path(__file__).parent.parent / "standalone_verifier.md"


class Purpose(StrEnum):
    """What an export is for. Chosen, not written: the ledger holds no free words."""

    CHECK = "check"
    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    POLICE = "police"
    SUBJECT_ACCESS = "subject_access"

    @property
    def label(self) -> str:
        """The purpose as a person says it."""
        return _PURPOSES[self]


_PURPOSES = {
    Purpose.CHECK: "A check of our own",
    Purpose.INSPECTION: "An inspection or an audit from outside",
    Purpose.COMPLAINT: "A complaint",
    Purpose.POLICE: "The police or a court",
    Purpose.SUBJECT_ACCESS: "Somebody asked for their own data",
}


@transaction.atomic
def note_read(*, school: School, by: User, at: datetime) -> None:
    """Record that somebody looked at the ledger; never what they looked for."""
    _record(school, AccountEvent.LEDGER_READ, "Looked at the record of who did what.", by, at)


@transaction.atomic
def export_proof(*, school: School, purpose: Purpose, by: User, at: datetime) -> IO[bytes]:
    """Return a file with every row of the school's chain, signed, with all signed ends and what checks it.

    Rows about cases and people hold their seal alone, so that whoever makes or receives it learns of none.
    """
    last = AuditChain.objects.for_school(school).get(name=audit.SCHOOL_CHAIN).last_seq
    file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        digest, last_hash = _write_rows(archive, school, last)
        manifest = {
            "format": 1,
            "school": school.slug,
            "chain": audit.SCHOOL_CHAIN,
            "last": last,
            "last_hash": last_hash,
            "rows_sha256": digest,
            "made_at": at.isoformat(timespec="seconds"),
            "purpose": purpose.value,
            "public_key": ends.public_keys()[0],
        }
        signed = json.dumps(manifest, indent=2, sort_keys=True).encode()
        archive.writestr("manifest.json", signed)
        archive.writestr("manifest.sig", ends.signed(signed).hex())
        texts = SignedEnd.objects.for_school(school).order_by("day").values_list("text", flat=True)
        archive.writestr("ends.txt", "\n".join(texts))
        archive.writestr("verify.py", Path(standalone_verifier.__file__).read_text())
        archive.writestr("README.txt", _README.read_text())
    file.seek(0)
    data = {"purpose": purpose.value, "rows": last}
    _record(school, AccountEvent.LEDGER_EXPORTED, "Took the record away as proof.", by, at, data)
    return file


@transaction.atomic
def export_list(
    *, school: School, chosen: AuditFilter, without: Collection[str], purpose: Purpose, by: User, at: datetime
) -> str:
    """Return what the page shows, as a list for spreadsheets in which nothing is a formula; the newest rows first.

    Refused where it would be longer than anybody reads: its days are to be narrowed.
    """
    rows = list(events_of(school, chosen=chosen, without=without)[: CSV_ROWS + 1])
    if len(rows) > CSV_ROWS:
        raise Refused("too_many", f"There are more than {CSV_ROWS:,} rows. Choose fewer days.")
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["When", "Who", "What", "In a word"])
    for row in rows:
        moment = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S")
        writer.writerow([plain_cell(cell) for cell in (moment, row.actor_name, row.summary, row.event)])
    data = {"purpose": purpose.value, "rows": len(rows)}
    _record(school, AccountEvent.LEDGER_EXPORTED, "Took a list of the record away.", by, at, data)
    # The mark by which spreadsheets know the letters.
    return f"\ufeff{text.getvalue()}"


def sign_ends(*, now: datetime) -> int:
    """Sign where the chains of each school end, once a day, and send it to people outside the system; return how many.

    One statement where today's are signed. One school that fails holds up no other.
    """
    today = timezone.localtime(now).date()
    signed = SignedEnd.objects.filter(school=OuterRef("pk"), day=today)
    return sum(_signed(school, now) for school in School.objects.filter(~Exists(signed)).order_by("pk")[:_AT_ONCE])


def _signed(school: School, now: datetime) -> int:
    day = timezone.localtime(now).date()
    try:
        with transaction.atomic():
            _record(school, AccountEvent.LEDGER_SIGNED, f"Signed the end of the record on {day:%-d %B %Y}.", None, now)
            found, ledger = ends.ends_of(school)
            text = ends.statement(school=school, day=day, ends=found, ledger=ledger, at=now)
            row = SignedEnd(school=school, day=day, ends=found, text=text)
            row.save(force_insert=True)
            outbox.queue(
                school=school,
                kind=outbox.END,
                path=reverse("school-home", kwargs={"school": school.slug}),
                dedupe_key=f"{outbox.END}:{row.pk}",
                at=now,
                recipients=_keepers(school, now),
            )
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with one school, the others must not wait for it
        log.error("ends.failed school=%s problem=%s", school.pk, type(problem).__name__)  # noqa: TRY400
        return 0
    return 1


def _keepers(school: School, at: datetime) -> list[User]:
    """Return who keeps the signed ends: chair of governors and data protection officer, else the headteacher."""
    for roles in (frozenset({Role.CHAIR_OF_GOVERNORS, Role.DPO}), frozenset({Role.HEADTEACHER})):
        for even_absent in (False, True):
            held = holders(school, roles, at=at, even_absent=even_absent)
            if held:
                return list({one.user.pk: one.user for one in held}.values())
    return []


def _write_rows(archive: zipfile.ZipFile, school: School, last: int) -> tuple[str, str]:
    """Write the rows, one line each; return the digest of all, and the seal of the last."""
    digest, last_hash = hashlib.sha256(), standalone_verifier.START
    with archive.open("rows.jsonl", "w") as file:
        for row in rows_for_export(school, last):
            line = f"{json.dumps(_as_exported(row), ensure_ascii=True)}\n".encode()
            digest.update(line)
            file.write(line)
            last_hash = bytes(row.hash).hex()
    return digest.hexdigest(), last_hash


def _as_exported(row: AuditEvent) -> dict[str, Any]:
    seals = {"seq": row.seq, "prev_hash": bytes(row.prev_hash).hex(), "hash": bytes(row.hash).hex()}
    if row.target.startswith(_WITHHELD):
        return {**seals, "withheld": True}
    said = audit.said_by(row, audit.SCHOOL_CHAIN)
    return {**said, **seals}


def _record(
    school: School, event: AccountEvent, summary: str, by: User | None, at: datetime, data: dict[str, Any] | None = None
) -> None:
    audit.record(school=school, actor=by, event=event, target=f"school:{school.pk}", summary=summary, at=at, data=data)
