"""Files on a case: what each is, who added it, and, in a table of its own, its sealed content."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.encryption import SealedBytesField, SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.models.incidents import Incident
from incidents.uploads.scanning import Scan
from incidents.uploads.verdicts import FileKind


class Attachment(SchoolOwned):
    """One file on one case. It is never changed; one that should not be there is withdrawn with a reason, and stays
    listed.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="attachments")
    # The first, second, third file of its case: what it is called when it is handed out.
    number = models.PositiveSmallIntegerField()
    name = SealedTextField()
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    # Of the very bytes that came. Sealed, since it tells whoever has the same file that it is here.
    sha256 = SealedTextField()
    holds_images = models.BooleanField()
    is_from_reporter = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    scan = models.CharField(max_length=10)
    scanned_at = models.DateTimeField(null=True)
    # Somebody took it upon themselves to hand it out though no scanner has seen it.
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    released_reason = SealedTextField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "number"], name="attachment_number_once"),
            models.CheckConstraint(
                name="attachment_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_reason__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, released_reason__isnull=False),
            ),
            models.CheckConstraint(
                name="attachment_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_reason__isnull=False),
            ),
        ]

    class Privacy:
        public = (
            *("id", "school", "incident", "number", "kind", "size", "is_from_reporter", "added_at", "scan"),
            *("scanned_at", "released_at", "withdrawn_at"),
        )
        personal = ("added_by", "released_by", "withdrawn_by")
        special = ("name", "sha256", "holds_images", "released_reason", "withdrawn_reason")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def file_kind(self) -> FileKind:
        """What kind of file it is."""
        return FileKind(self.kind)

    @property
    def scan_label(self) -> str:
        """What the scanner said, in words."""
        return Scan(self.scan).label

    @property
    def is_withdrawn(self) -> bool:
        """Say whether somebody took it off the case."""
        return self.withdrawn_at is not None

    @property
    def is_waiting(self) -> bool:
        """Say whether it is kept apart until a scanner has seen it or somebody takes it upon themselves."""
        return self.scan == Scan.WAITING and self.released_at is None

    @property
    def given_name(self) -> str:
        """The name under which it is handed out: it says nothing of the case to whoever sees a list of downloads."""
        return f"{self.incident.reference}-file-{self.number}.{self.file_kind.endings[0]}"


class AttachmentContent(SchoolOwned):
    """The very bytes of a file, sealed. A table of its own, so that no list ever loads them; never changed."""

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="content")
    sealed = SealedBytesField()

    class Meta:
        # Taking it away is for retention alone, which leaves the row that lists it.
        triggers: ClassVar = [pgtrigger.Protect(name="content_never_changed", operation=pgtrigger.Update)]

    class Privacy:
        public = ("id", "school", "attachment")
        personal = ()
        special = ("sealed",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
