"""Filters of the queue that somebody keeps under a name of their own."""

from typing import ClassVar

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention


class SavedView(SchoolOwned):
    """One person's filter. Its name and what it looks for are sealed: both may name a child."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = SealedTextField()
    # The fields of the filter, as JSON.
    chosen = SealedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "school"], name="saved_view_of")]

    class Privacy:
        public = ("id", "school", "saved_at")
        personal = ("user",)
        special = ("name", "chosen")
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return str(self.pk)
