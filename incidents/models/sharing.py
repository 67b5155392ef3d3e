"""Who may open a case besides those who handle it, and who may not although they would."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned, SchoolQuerySet
from accounts.privacy import Retention
from incidents.models.incidents import Incident


class CaseGrantQuerySet(SchoolQuerySet):
    """Filters over grants."""

    def running(self, day: date) -> "CaseGrantQuerySet":
        """Return those in force on a day; the last day counts."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class CaseGrant(SchoolOwned, UserObjectPermissionBase):
    """One person may open one case: the object permission `view_incident`, in a table of its own.

    Until a day, where it is shared; on a sealed case without an end. Taking it back removes the row; the chronology
    keeps that it was there.
    """

    content_object = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    purpose = SealedTextField()
    ends_on = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = CaseGrantQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content_object", "user", "permission"], name="case_grant_once")
        ]

    class Privacy:
        public = ("id", "school", "permission", "given_at", "ends_on")
        personal = ("user", "given_by")
        special = ("content_object", "purpose")
        retention = Retention.CHILD_FILE
        # Taken back, it is gone; the chronology keeps it.
        is_removable = True

    def __str__(self) -> str:
        return str(self.pk)


class Interest(SchoolOwned):
    """One person may not open one case, whatever else they hold: they said that they are too close to it, or were taken
    off it. It is ended with a reason, never deleted.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="interests")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    reason = SealedTextField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "user"], name="interest_once", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="interest_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_reason__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user"], name="interest_of", condition=Q(ended_at__isnull=True))]

    class Privacy:
        public = ("id", "school", "declared_at", "ended_at")
        personal = ("user", "declared_by", "ended_by")
        special = ("incident", "kind", "reason", "ended_reason")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
