"""What is asked before anything is deleted, and that it was."""

from typing import ClassVar

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident


class DeletionCheck(AppendOnly):
    """The three questions before anything is deleted, answered once; the latest answers count."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="deletion_checks")
    # Whether an agency needs it, and who said so.
    is_needed = models.BooleanField()
    needed_words = SealedTextField()
    # Who holds it, and which copies there are.
    held_words = SealedTextField()
    is_child_safe = models.BooleanField()
    safe_words = SealedTextField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "incident", "is_needed", "is_child_safe", "checked_at")
        personal = ("checked_by",)
        special = ("needed_words", "held_words", "safe_words")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_allowed(self) -> bool:
        """Say whether the answers leave nothing against deleting."""
        return self.is_child_safe and not self.is_needed


class Deletion(AppendOnly):
    """That copies were deleted: which, where, by whom, and who saw it done."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="deletions")
    what = SealedTextField()
    where = SealedTextField()
    # Often the pupil, or a parent: who it was stands in words.
    doer = SealedTextField()
    witness = SealedTextField(null=True)
    deleted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "incident", "recorded_at")
        personal = ("deleted_at", "recorded_by")
        special = ("what", "where", "doer", "witness")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
