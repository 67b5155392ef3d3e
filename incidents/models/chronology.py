"""The story of a case, entry by entry. Entries are added, never changed: a correction is an entry of its own."""

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.events import Event
from incidents.models.incidents import Incident


class ChronologyEntry(AppendOnly):
    """One thing that was done, said or decided. An answer stands beside the question it answers, a correction beside
    what it puts right; what happened earlier than it was written down says when.
    """

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="chronology")
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    # Nobody: the system did it, or a command did.
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    answers = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="answer")
    # The version before this one. Whatever was corrected can be corrected again, each version once.
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="correction")
    reason = SealedTextField(null=True)
    happened_at = models.DateTimeField(null=True)
    happened_precision = models.CharField(max_length=8, blank=True, default="", db_default="")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers = never_changed()
        indexes = [
            models.Index(fields=["incident", "at"], name="chronology_of_case"),
            models.Index(
                fields=["incident"], name="chronology_questions", condition=models.Q(event=Event.QUESTION_ASKED)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="chronology_correction_has_its_reason",
                condition=Q(corrects__isnull=True, reason__isnull=True)
                | Q(corrects__isnull=False, reason__isnull=False),
            ),
            models.CheckConstraint(
                name="chronology_moment_has_its_precision",
                condition=Q(happened_at__isnull=True, happened_precision="")
                | (Q(happened_at__isnull=False) & ~Q(happened_precision="")),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "event", "at", "answers", "corrects")
        personal = ("by",)
        special = ("text", "reason", "happened_at", "happened_precision")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    @property
    def label(self) -> str:
        """The entry's heading."""
        return Event(self.event).label
