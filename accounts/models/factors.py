"""What proves at sign-in that it is really them, besides the password: when each came, and from when on it counts."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from accounts.models.base import Identified
from accounts.models.users import User
from accounts.privacy import Retention

# A new one opens cases after this, unless a second person confirmed it before.
FACTOR_WAIT = timedelta(hours=24)


class FactorQuerySet(models.QuerySet["NewFactor"]):
    """Filters over what was added."""

    def waiting(self, at: datetime) -> "FactorQuerySet":
        """Return what opens no case yet, and was not answered."""
        return self.filter(counts_from__gt=at, answered_at__isnull=True)


class NewFactor(Identified):
    """One app, passkey or set of recovery codes that was added to an account. The first ever counts at once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The library's row; it goes when the factor is removed, and this stays.
    authenticator_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    added_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    is_agreed = models.BooleanField(null=True)

    objects = FactorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="factor_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_agreed__isnull=False),
            ),
            # Nobody confirms their own.
            models.CheckConstraint(
                name="factor_two_people", condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("user"))
            ),
        ]

    class Privacy:
        public = ("id", "authenticator_id", "kind", "added_at", "counts_from", "answered_at", "is_agreed")
        personal = ("user", "answered_by")
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def words(self) -> str:
        """What it is, for the people who confirm it."""
        return {"totp": "an authenticator app", "webauthn": "a passkey"}.get(self.kind, "recovery codes")
