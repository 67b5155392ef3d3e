"""The files of a case as its page lists them, and why one is not handed out. The bytes are never loaded here."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from incidents.imagery import Holding
from incidents.models import Attachment, Incident
from incidents.uploads.scanning import Scan


@dataclass(frozen=True)
class ListedFile:
    """One file of the list. `locked` says why it is not handed out, and is empty where it is."""

    file: Attachment
    locked: str


def files_of(incident: Incident, holding: Holding) -> list[ListedFile]:
    """Return every file of a case, the newest first, also those that were withdrawn; one query."""
    files = Attachment.objects.filter(incident=incident)
    rows = files.select_related("added_by", "released_by", "withdrawn_by").order_by("-number")
    return [ListedFile(row, why_not_handed_out(row, holding)) for row in rows]


def files_by(incident: Incident, user: User) -> list[Attachment]:
    """Return what somebody attached to the concern they logged, the newest first; one query."""
    return list(Attachment.objects.filter(incident=incident, added_by=user).order_by("-number"))


def why_not_handed_out(attachment: Attachment, holding: Holding) -> str:
    """Return why a file is not handed out, and what to do; nothing where it is."""
    if attachment.is_withdrawn:
        return "This file was withdrawn. It is kept, and handed out to nobody."
    if attachment.holds_images and holding is Holding.NOTHING:
        return (
            "This file holds a picture, and an indecent image of a child may be involved in this case. It is locked. "
            "Ask the police what to do with it; do not try to get it in another way."
        )
    if attachment.scan == Scan.INFECTED:
        return "Malware was found in this file. It is handed out to nobody."
    if attachment.is_waiting:
        return "No scanner has looked at this file yet. Until then it is handed out to nobody."
    return ""


def takes_files() -> bool:
    """Say whether this installation takes files at all."""
    return bool(settings.CLAMD_URL) or settings.UNSCANNED_FILES


def too_large_sentence() -> str:
    """Return what is said of a file that is too large."""
    most = settings.FILE_MOST_BYTES // (1024 * 1024)
    return f"This file is too large. A file may have {most} MB: make it smaller, or split it."
