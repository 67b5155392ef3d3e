"""How one case is tied to another, and what several cases have in common besides people."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.models.incidents import Incident
from incidents.statuses import Link


class CaseLink(SchoolOwned):
    """One case is tied to another, with the reason. A tie is undone with a reason too, never deleted.

    `incident` is the one it was set on: the duplicate, or the part that was taken out of `other`.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links_from")
    kind = models.CharField(max_length=12)
    reason = SealedTextField()
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_reason = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "other"], name="case_link_once", condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="case_link_to_another", condition=~Q(incident=models.F("other"))),
            models.CheckConstraint(
                name="case_link_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False, undone_reason__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "linked_at", "undone_at")
        personal = ("linked_by", "undone_by")
        # That two cases belong together tells what they are about.
        special = ("incident", "other", "kind", "reason", "undone_reason")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What ties them, as the case that it was set on says it."""
        return Link(self.kind).label


class Identifier(SchoolOwned):
    """Something by which cases are found to belong together: an account, an address, an app, a device, a place.

    The value is sealed; its fingerprint finds the same again without opening any.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=12)
    value = SealedTextField()
    fingerprint = models.BinaryField(max_length=32)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "kind", "fingerprint"],
                name="identifier_once_on_a_case",
                condition=Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="identifier_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["school", "kind", "fingerprint"], name="identifier_again", condition=Q(removed_at__isnull=True)
            )
        ]

    class Privacy:
        public = ("id", "school", "incident", "added_at", "removed_at")
        personal = ("added_by", "removed_by")
        special = ("kind", "value", "fingerprint")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
