"""Cases of the safeguarding team that somebody asked to read in an emergency, for a few hours."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.models.users import User
from accounts.privacy import Retention


class EmergencyAccessQuerySet(SchoolQuerySet):
    """Filters over what was asked for."""

    def running(self, at: datetime) -> "EmergencyAccessQuerySet":
        """Return those by which cases are open at a moment."""
        return self.filter(opened_at__lte=at, ends_at__gt=at, ended_at__isnull=True)

    def standing(self) -> "EmergencyAccessQuerySet":
        """Return those that wait for an answer or by which cases are open."""
        return self.filter(declined_at__isnull=True, ended_at__isnull=True)


class EmergencyAccess(SchoolOwned):
    """One person asked to read the safeguarding team's cases, what for, and who agreed. It closes by itself.

    Restricted and sealed cases, and those about the person or a relative, never open by it.
    """

    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = SealedTextField()
    is_danger = models.BooleanField()
    hours = models.PositiveSmallIntegerField()
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    declined_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # Ended, taken back or never answered.
    ended_at = models.DateTimeField(null=True)
    # Between which rows of the school's chain it ran: what was read by it is counted from there.
    first_seq = models.PositiveBigIntegerField(null=True)
    last_seq = models.PositiveBigIntegerField(null=True)

    objects = EmergencyAccessQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "asked_by"],
                name="emergency_once_at_a_time",
                condition=Q(declined_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="emergency_agreed_by_somebody",
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="emergency_declined_by_somebody",
                condition=Q(declined_at__isnull=True, declined_by__isnull=True)
                | Q(declined_at__isnull=False, declined_by__isnull=False),
            ),
            models.CheckConstraint(
                name="emergency_has_an_end",
                condition=Q(opened_at__isnull=True, ends_at__isnull=True) | Q(ends_at__gt=F("opened_at")),
            ),
            # Nobody agrees to what they asked for themselves.
            models.CheckConstraint(
                name="emergency_two_people", condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by"))
            ),
        ]

    class Privacy:
        public = (
            *("id", "school", "is_danger", "hours", "asked_at", "agreed_at", "declined_at", "opened_at", "ends_at"),
            *("ended_at", "first_seq", "last_seq"),
        )
        personal = ("asked_by", "agreed_by", "declined_by")
        special = ("reason",)
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_waiting(self) -> bool:
        """Say whether it waits for an answer."""
        return self.opened_at is None and self.declined_at is None and self.ended_at is None

    def is_running(self, at: datetime) -> bool:
        """Say whether cases are open by it at a moment."""
        return self.opened_at is not None and self.ended_at is None and self.ends_at is not None and self.ends_at > at
