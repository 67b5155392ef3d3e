"""What one person asked for and a second person has to agree to: who gets, and who loses, a role that reads cases."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.privacy import Retention


class ApprovalKind(StrEnum):
    """What is asked for."""

    GIVE_ROLE = "give_role"
    END_ROLE = "end_role"


class ApprovalQuerySet(SchoolQuerySet):
    """Filters over what was asked for."""

    def waiting(self) -> "ApprovalQuerySet":
        """Return what nobody has answered yet."""
        return self.filter(answered_at__isnull=True)


class Approval(SchoolOwned):
    """One thing that one person asked for. It happens when another agrees, and never by the word of one alone."""

    kind = models.CharField(max_length=16)
    # The membership that is to end, or the user who is to get a role; nobody, where they have no account yet.
    target = models.UUIDField(null=True)
    # What is to happen, in the words of the operation: role, first day, and who it is.
    data = models.JSONField()
    reason = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    is_agreed = models.BooleanField(null=True)
    answer = SealedTextField(null=True)

    objects = ApprovalQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="approval_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_agreed__isnull=False),
            ),
            # Who asked may take it back, and never agree to it: the database says so too.
            models.CheckConstraint(
                name="approval_agreed_by_another",
                condition=Q(is_agreed__isnull=True) | Q(is_agreed=False) | ~Q(answered_by=F("asked_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "asked_at"], name="approval_waiting", condition=Q(answered_at__isnull=True))
        ]

    class Privacy:
        public = ("id", "school", "kind", "asked_at", "answered_at", "is_agreed")
        personal = ("target", "data", "asked_by", "answered_by")
        special = ("reason", "answer")
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return str(self.pk)
