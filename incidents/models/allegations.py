"""What the case manager of an allegation decided, step by step."""

from typing import ClassVar

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident


class Allegation(SchoolOwned):
    """An allegation against an adult who works or helps here: how it stands. One to a case; its steps tell the rest."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="allegation")
    # By the latest answers to the four tests.
    threshold = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    # Below the threshold, it was entered in the register of low-level concerns.
    is_low_level = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        public = ("id", "school", "begun_at")
        personal = ("begun_by",)
        special = ("incident", "threshold", "outcome", "is_low_level")
        retention = Retention.ADULT_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ended(self) -> bool:
        """Say whether it is known how it ended: one of the five outcomes, or below the threshold."""
        return bool(self.outcome) or self.is_low_level


class AllegationStep(AppendOnly):
    """One step of an allegation as it was written down. A later one stands beside it; the latest counts."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    # The answers by the names of the questions, as JSON.
    said = SealedTextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "step", "recorded_at")
        personal = ("recorded_by",)
        special = ("allegation", "said")
        retention = Retention.ADULT_FILE

    def __str__(self) -> str:
        return str(self.pk)
