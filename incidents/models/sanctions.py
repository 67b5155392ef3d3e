"""Sanctions: what was decided about a pupil, by whom, and why; or that there is none, and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident, InvolvedPerson


class Sanction(AppendOnly):
    """One decision about one pupil. A later one stands beside it; nothing is struck out."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="sanctions")
    pupil = models.ForeignKey(InvolvedPerson, on_delete=models.PROTECT, related_name="sanctions")
    # Nothing: it was decided that there is none.
    what = SealedTextField(null=True)
    is_none = models.BooleanField()
    decided_on = models.DateField()
    decided_by_whom = SealedTextField()
    reason = SealedTextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sanction_or_none",
                condition=Q(is_none=True, what__isnull=True) | Q(is_none=False, what__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "recorded_at")
        personal = ("recorded_by",)
        special = ("pupil", "what", "is_none", "decided_on", "decided_by_whom", "reason")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
