"""The log of changes to the filtering: what, why, at what risk, and whether leadership consented."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.models.filtering_tickets import FilteringTicket


class FilteringChange(SchoolOwned):
    """One change. It waits for the consent of leadership until somebody of it has answered."""

    ticket = models.ForeignKey(FilteringTicket, null=True, on_delete=models.PROTECT, related_name="changes")
    what = SealedTextField()
    why = SealedTextField()
    risk = SealedTextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    is_agreed = models.BooleanField(null=True)
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # In which role they answered.
    answered_role = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="filtering_change_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_agreed__isnull=False),
            ),
            models.CheckConstraint(
                name="filtering_change_two_people",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("changed_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "changed_at"], name="filtering_change_by_time"),
            models.Index(fields=["school"], name="filtering_change_waiting", condition=Q(answered_at__isnull=True)),
        ]

    class Privacy:
        public = ("id", "school", "ticket", "changed_at", "is_agreed", "answered_at", "answered_role")
        personal = ("changed_by", "answered_by")
        special = ("what", "why", "risk", "answer")
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)
