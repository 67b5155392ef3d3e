"""What somebody was told and nobody has written down yet: who has to, since when, and by when. It names no child."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from policies.models import ASKED, DOERS, STANDING, Owed
from policies.statuses import State


class ToldConcern(Owed):
    """One verbal report that has to be written up as a concern. Its clock is that of the policy's record of it."""

    # Who has to write it up.
    writer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    became_aware_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # A line for the memory of whoever opened it, and for nobody else's eyes.
    memory = SealedTextField(null=True)
    # The draft in which it is written up, and so the concern that is sent from it.
    draft_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "draft_id"], name="told_draft_once"),
            *Owed.constraints_named("told"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["alert_at", "severity"], name="told_alert", condition=Q(alert_at__isnull=False)),
            models.Index(fields=["school", "due_at"], name="told_open", condition=Q(state=State.OPEN)),
        ]

    class Privacy:
        public = (*STANDING, *ASKED, "opened_at", "draft_id")
        personal = (*DOERS, "writer", "opened_by", "became_aware_at")
        special = ("reason", "memory")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    def reminder_at(self, share: int) -> datetime:
        """Return when so many hundredths of the time have passed; only where there is a time."""
        if self.due_at is None:
            raise LookupError("The policy sets no time for this.")
        return self.starts_at + (self.due_at - self.starts_at) * share / 100


class ToldConcernEscalation(AppendOnly):
    """One rung: somebody was reminded, or told that it was not written up in time. Once for each step."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    # Read by way of its steps, which begin with what is owed.
    obligation = models.ForeignKey(ToldConcern, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.PositiveSmallIntegerField()
    told_role = models.CharField(max_length=32)
    is_reminder = models.BooleanField()
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [models.UniqueConstraint(fields=["obligation", "step"], name="told_escalation_once")]

    class Privacy:
        public = ("id", "school", "obligation", "step", "told_role", "is_reminder", "at")
        personal = ()
        special = ()
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
