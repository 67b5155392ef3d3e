"""What a school learnt from a case: how it looked back, and what it changes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.care import LessonKind, LookingBack
from incidents.models.incidents import Incident


class LookBack(AppendOnly):
    """A review of how a case was handled, or a debrief of those who were part of it."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="looks_back")
    kind = models.CharField(max_length=16)
    held_on = models.DateField()
    took_part = SealedTextField()
    went_well = SealedTextField(null=True)
    was_late = SealedTextField(null=True)
    came_of_it = SealedTextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="look_back_answers_its_questions",
                condition=Q(kind=LookingBack.DEBRIEF, went_well__isnull=True, was_late__isnull=True)
                | Q(kind=LookingBack.REVIEW, went_well__isnull=False, was_late__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "kind", "held_on", "recorded_at")
        personal = ("recorded_by",)
        special = ("took_part", "went_well", "was_late", "came_of_it")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What it was, in words."""
        return LookingBack(self.kind).label


class Lesson(AppendOnly):
    """One thing that a school does otherwise from now on. Its follow-up is owed like any duty, after the case too."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="lessons")
    kind = models.CharField(max_length=16)
    # Written without names: it stands in the school's list of lessons, beside those of other cases.
    words = SealedTextField()
    learnt_at = models.DateTimeField()
    learnt_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "incident", "kind", "learnt_at")
        personal = ("learnt_by",)
        special = ("words",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What it changes, in words."""
        return LessonKind(self.kind).label
