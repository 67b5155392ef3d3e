"""Files on a case: looked at in memory, refused with a sentence or kept sealed, handed out through the access check.

Nothing of a file that is refused is kept: not its name, not its fingerprint. What is kept is never changed or removed
here; what should not be there is withdrawn, with a reason, and stays listed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents import notifications
from incidents.access import may_own, possible_owners
from incidents.events import Event
from incidents.imagery import Holding, holding_of
from incidents.models import Attachment, AttachmentContent, Incident
from incidents.operations import chronology
from incidents.queries.attachments import takes_files, too_large_sentence, why_not_handed_out
from incidents.uploads.examining import Examined, examine
from incidents.uploads.names import clean_name
from incidents.uploads.scanning import Scan, scan
from incidents.uploads.verdicts import Reason, Rejected

MOST_FILES = 200
NO_IMAGERY = (
    "Files cannot be attached to this case, because an indecent image of a child may be involved. Nothing of the file "
    "was kept. Do not copy, save, print or send it. Keep the device safe, and ask the Designated Safeguarding Lead or "
    "the police what to do."
)
NO_SCANNER = "Files cannot be attached, because no virus scanner is set up here."
# Worth reading in the story of the case; a wrong kind of file is only counted.
_TOLD = {Reason.IMAGE.value, Reason.MALWARE.value, "imagery"}


@dataclass(frozen=True)
class Sent:
    """A file as it came: the name its sender gave it, the bytes, and how many they were."""

    name: str
    content: bytes
    size: int


def refuse_unread(*, incident: Incident, by: User, at: datetime) -> None:
    """Raise Refused, with a trace, where a case may hold no file at all; asked before a byte is read."""
    _refuse_closed(incident)
    if not takes_files():
        raise Refused("no_scanner", NO_SCANNER)
    if holding_of(incident) is Holding.NOTHING:
        _note_refusal(incident, "imagery", by, at)
        raise Refused("imagery", NO_IMAGERY)


def attach(*, incident: Incident, sent: Sent, by: User, at: datetime) -> Attachment:
    """Look at a file, have it scanned, and keep it sealed. Raise Refused with a sentence where it is not taken.

    Where the scanner does not answer, it is kept apart: listed, and handed out to nobody.
    """
    refuse_unread(incident=incident, by=by, at=at)
    holding = holding_of(incident)
    try:
        found = _examined(sent, holding)
        verdict = scan(sent.content, address=settings.CLAMD_URL, timeout=settings.CLAMD_SECONDS)
        if verdict is Scan.INFECTED:
            raise Rejected(Reason.MALWARE)
    except Rejected as rejected:
        _note_refusal(incident, rejected.reason.value, by, at)
        raise Refused(rejected.reason.value, _sentence(rejected.reason)) from rejected
    return _keep(incident, sent, found, verdict, by, at)


def read_file(*, attachment: Attachment, by: User, at: datetime) -> bytes:
    """Return the very bytes that came, and record that they were handed out. Raise Refused where they may not be."""
    sentence = why_not_handed_out(attachment, holding_of(attachment.incident))
    if sentence:
        raise Refused("not_handed_out", sentence)
    content: bytes = AttachmentContent.objects.get(attachment=attachment).sealed
    chronology.witness(
        incident=attachment.incident, event=Event.FILE_READ, by=by, at=at, data={"file": str(attachment.pk)}
    )
    return content


@transaction.atomic
def release(*, attachment: Attachment, reason: str, by: User, at: datetime) -> None:
    """Let a file through that no scanner has seen: somebody answers for it, in writing."""
    row = _locked(attachment)
    if not row.is_waiting or row.is_withdrawn:
        raise Refused("not_waiting", "This file does not wait for a scanner any more.")
    if not settings.UNSCANNED_FILES:
        raise Refused("scan_first", "Here every file is scanned before it is handed out. Have it scanned first.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why this file is let through. It is kept with the case.")
    row.released_at, row.released_by, row.released_reason = at, by, reason
    row.save(update_fields=["released_at", "released_by", "released_reason"])
    _tell(row, Event.FILE_RELEASED, by, at, reason)


@transaction.atomic
def withdraw(*, attachment: Attachment, reason: str, by: User, at: datetime) -> None:
    """Take a file off the case that should not be there. It stays listed; its bytes are kept for retention alone."""
    row = _locked(attachment)
    if row.is_withdrawn:
        raise Refused("withdrawn_already", "This file was withdrawn already.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why this file is withdrawn. It is kept with the case.")
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _tell(row, Event.FILE_WITHDRAWN, by, at, reason)


def scan_again(*, attachment: Attachment, by: User | None, at: datetime) -> Scan:
    """Have a file scanned that waits for it, and return what was found; raise Refused where no scanner answers."""
    if attachment.scan != Scan.WAITING or attachment.is_withdrawn:
        raise Refused("not_waiting", "This file does not wait for a scanner any more.")
    content: bytes = AttachmentContent.objects.get(attachment=attachment).sealed
    verdict = scan(content, address=settings.CLAMD_URL, timeout=settings.CLAMD_SECONDS)
    if verdict is Scan.WAITING:
        raise Refused("no_scanner", "The scanner does not answer. Try again later.")
    with transaction.atomic():
        row = _locked(attachment)
        if row.scan == Scan.WAITING:
            row.scan, row.scanned_at = verdict.value, at
            row.save(update_fields=["scan", "scanned_at"])
            _tell(row, Event.FILE_SCANNED, by, at, verdict.label)
    return verdict


def _examined(sent: Sent, holding: Holding) -> Examined:
    if sent.size > settings.FILE_MOST_BYTES:
        raise Rejected(Reason.TOO_LARGE)
    return examine(
        sent.content,
        name=sent.name,
        may_hold_images=holding is Holding.FILES,
        most_bytes=settings.FILE_MOST_BYTES,
    )


@transaction.atomic
def _keep(incident: Incident, sent: Sent, found: Examined, verdict: Scan, by: User, at: datetime) -> Attachment:
    case = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=incident.pk)
    # Somebody may have said meanwhile that an image is involved.
    holding = holding_of(case)
    if case.is_closed or holding is Holding.NOTHING or (found.holds_images and holding is not Holding.FILES):
        raise Refused("case_changed", "The case has changed meanwhile. Open its page again. Nothing was kept.")
    files = list(Attachment.objects.filter(incident=case))
    if any(file.sha256 == found.sha256 and not file.is_withdrawn for file in files):
        raise Refused("there_already", "This very file is on the case already.")
    if len(files) >= MOST_FILES:
        raise Refused("too_many", f"A case holds {MOST_FILES} files, and this one has as many.")
    is_clean = verdict is Scan.CLEAN
    row = Attachment(
        school=case.school,
        incident=case,
        number=max((file.number for file in files), default=0) + 1,
        name=clean_name(sent.name),
        kind=found.kind.value,
        size=found.size,
        sha256=found.sha256,
        holds_images=found.holds_images,
        is_from_reporter=not may_own(by, case, at=at),
        added_at=at,
        added_by=by,
        scan=verdict.value,
        scanned_at=at if is_clean else None,
    )
    row.save(force_insert=True)
    AttachmentContent(school=case.school, attachment=row, sealed=sent.content).save(force_insert=True)
    _tell(row, Event.FILE_ADDED, by, at, f"SHA-256 {found.sha256}. {verdict.label}.")
    if row.is_from_reporter:
        handlers = [case.owner] if case.owner and may_own(case.owner, case, at=at) else []
        recipients = handlers or possible_owners(case, list(case.people.all()), at=at)
        notifications.file_added(incident=case, number=row.number, recipients=recipients, at=at)
    return row


def _refuse_closed(incident: Incident) -> None:
    if incident.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again before you attach a file.")


def _sentence(reason: Reason) -> str:
    return too_large_sentence() if reason is Reason.TOO_LARGE else reason.sentence


@transaction.atomic
def _note_refusal(incident: Incident, code: str, by: User, at: datetime) -> None:
    """Leave a trace that a file was refused and why; of the file itself nothing is kept, not even its name."""
    if code in _TOLD:
        why = NO_IMAGERY if code == "imagery" else Reason(code).sentence
        chronology.append(incident=incident, event=Event.FILE_REFUSED, by=by, at=at, text=why, data={"code": code})
    else:
        chronology.witness(incident=incident, event=Event.FILE_REFUSED, by=by, at=at, data={"code": code})


def _tell(row: Attachment, event: Event, by: User | None, at: datetime, words: str) -> None:
    text = f"File {row.number}, “{row.name}”. {words}"
    chronology.append(incident=row.incident, event=event, by=by, at=at, text=text, data={"file": str(row.pk)})


def _locked(attachment: Attachment) -> Attachment:
    rows = Attachment.objects.select_for_update(of=("self",), no_key=True).select_related("incident__school")
    row: Attachment = rows.get(pk=attachment.pk)
    return row
