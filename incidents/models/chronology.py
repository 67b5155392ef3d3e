"""The story of a case, entry by entry. Entries are added, never changed."""

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.events import Event
from incidents.models.incidents import Incident


class ChronologyEntry(AppendOnly):
    """One thing that was done, said or decided. An answer stands beside the question it answers."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="chronology")
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    # Nobody: the system did it, or a command did.
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    answers = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="answer")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers = never_changed()
        indexes = [
            models.Index(fields=["incident", "at"], name="chronology_of_case"),
            models.Index(
                fields=["incident"], name="chronology_questions", condition=models.Q(event=Event.QUESTION_ASKED)
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "event", "at", "answers")
        personal = ("by",)
        special = ("text",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    @property
    def label(self) -> str:
        """The entry's heading."""
        return Event(self.event).label
