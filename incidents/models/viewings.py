"""Why an image that nobody should look at was looked at all the same."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident


class ViewingRecord(AppendOnly):
    """One viewing: why it was unavoidable, who decided, who viewed, and who was there."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="viewings")
    why = SealedTextField()
    # What was tried before.
    tried = SealedTextField()
    decider = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    viewed_at = models.DateTimeField()
    viewed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # The second person, of the school or in words.
    present = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    present_words = SealedTextField(null=True)
    place = SealedTextField()
    # What it showed, in words alone.
    seen = SealedTextField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="viewing_by_two",
                condition=Q(present__isnull=False, present_words__isnull=True)
                | Q(present__isnull=True, present_words__isnull=False),
            ),
            models.CheckConstraint(
                name="viewing_by_two_people", condition=Q(present__isnull=True) | ~Q(present=F("viewed_by"))
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "recorded_at")
        personal = ("decider", "viewed_at", "viewed_by", "present", "recorded_by")
        special = ("why", "tried", "present_words", "place", "seen")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def beside(self) -> str:
        """Who was there."""
        return self.present.full_name if self.present else self.present_words or ""
