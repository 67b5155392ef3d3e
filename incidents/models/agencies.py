"""The school's own entries in the directory of agencies: whom to call, and when somebody last made sure of it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import SchoolOwned
from accounts.privacy import Retention


class AgencyEntry(SchoolOwned):
    """How one school reaches one agency."""

    agency = models.CharField(max_length=40)
    # The office or the person there.
    contact = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    notes = models.CharField(max_length=600, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    verified_on = models.DateField(null=True)
    verified_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "agency"], name="agency_entry_once"),
            models.CheckConstraint(
                name="agency_entry_verified_by_somebody",
                condition=Q(verified_on__isnull=True, verified_by__isnull=True)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "agency", "website", "hours", "changed_at", "verified_on")
        # Agencies are often reached through one person.
        personal = ("contact", "phone", "email", "notes", "changed_by", "verified_by")
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return self.agency

    def is_verified(self, today: date) -> bool:
        """Say whether somebody made sure of it within a year."""
        return self.verified_on is not None and (today - self.verified_on).days <= 365
