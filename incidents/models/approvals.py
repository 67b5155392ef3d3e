"""What somebody asked for on a case that a second person who works on it has to agree to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned, SchoolQuerySet
from accounts.privacy import Retention
from incidents.models.incidents import Incident


class CaseApprovalQuerySet(SchoolQuerySet):
    """Filters over what was asked for."""

    def waiting(self) -> "CaseApprovalQuerySet":
        """Return what nobody has answered yet."""
        return self.filter(answered_at__isnull=True)


class CaseApproval(SchoolOwned):
    """One thing asked for on one case. It happens when another person who works on the case agrees, never by one."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=12)
    # The row that it is about, by its id: who is to be let back, whose part is to change, or the case itself.
    target = models.UUIDField()
    # The part that somebody is to have, where that is asked for.
    part = models.CharField(max_length=10, blank=True)
    reason = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    is_agreed = models.BooleanField(null=True)
    answer = SealedTextField(null=True)

    objects = CaseApprovalQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_approval_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_agreed__isnull=False),
            ),
            # Who asked may take it back, and never agree to it: the database says so too.
            models.CheckConstraint(
                name="case_approval_agreed_by_another",
                condition=Q(is_agreed__isnull=True) | Q(is_agreed=False) | ~Q(answered_by=F("asked_by")),
            ),
            models.UniqueConstraint(
                fields=["incident", "kind", "target"],
                name="case_approval_asked_once",
                condition=Q(answered_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["school", "asked_at"], name="case_approval_waiting", condition=Q(answered_at__isnull=True)
            )
        ]

    class Privacy:
        public = ("id", "school", "asked_at", "answered_at")
        personal = ("asked_by", "answered_by")
        special = ("incident", "kind", "target", "part", "reason", "is_agreed", "answer")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
