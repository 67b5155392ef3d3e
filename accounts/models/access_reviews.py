"""That somebody looked at who may read cases here, and when they will look again."""

from typing import ClassVar

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models.base import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention


class AccessReview(AppendOnly, SchoolOwned):
    """One look at who may read cases: by whom, what they found, when the next one is due. Never changed."""

    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    next_on = models.DateField()
    # How many people could read cases, and about how many of them there was something to ask.
    readers = models.PositiveIntegerField()
    in_question = models.PositiveIntegerField()
    note = SealedTextField(null=True)

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers = never_changed()
        indexes: ClassVar = [models.Index(fields=["school", "-reviewed_at"], name="access_review_latest")]

    class Privacy:
        public = ("id", "school", "reviewed_at", "next_on", "readers", "in_question")
        personal = ("reviewed_by",)
        special = ("note",)
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return str(self.pk)
