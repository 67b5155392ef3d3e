"""What somebody has begun to write and not yet sent."""

import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention


class ConcernDraft(SchoolOwned):
    """A concern as far as it was typed, sealed, for the eyes of its author only. Its id becomes the incident's
    `draft_id`.
    """

    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    content = SealedTextField()
    # Set when the author asked for help at once, before the write-up: when, and which role was called.
    alerted_at = models.DateTimeField(null=True)
    alert_role = models.CharField(max_length=32, blank=True)
    # Whom the call went to: nobody else learns of it, whatever office they share with them.
    alerted_users = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["author", "school", "-saved_at"], name="draft_of_author"),
            models.Index(fields=["school", "alert_role"], name="draft_alerts", condition=Q(alerted_at__isnull=False)),
        ]

    class Privacy:
        public = ("id", "school", "started_at", "saved_at", "alerted_at", "alert_role", "alerted_users")
        personal = ("author",)
        special = ("content",)
        retention = Retention.SHORT

    def __str__(self) -> str:
        return str(self.pk)

    def typed(self) -> dict[str, Any]:
        """Return what was typed, as `incidents/forms/reporting.py` wrote it."""
        typed: dict[str, Any] = json.loads(self.content)
        return typed
