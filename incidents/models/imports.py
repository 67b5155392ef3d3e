"""Spreadsheets of past incidents that were taken over, and what became of every line."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.models.incidents import Incident
from incidents.statuses import LineState


class Import(SchoolOwned):
    """One file: looked at first, taken over when somebody says so, in portions. Its text is forgotten at the end."""

    file_name = SealedTextField()
    content = SealedTextField(null=True)
    category = models.CharField(max_length=16)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    wanted_at = models.DateTimeField(null=True)
    wanted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="import_wanted_by_somebody",
                condition=Q(wanted_at__isnull=True, wanted_by__isnull=True)
                | Q(wanted_at__isnull=False, wanted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="import_keeps_its_text_until_its_end", condition=Q(ended_at__isnull=True) | Q(content__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "-read_at"], name="import_of_school"),
            models.Index(
                fields=["wanted_at"],
                name="import_waiting",
                condition=Q(wanted_at__isnull=False, ended_at__isnull=True),
            ),
        ]

    class Privacy:
        public = ("id", "school", "category", "read_at", "wanted_at", "ended_at")
        personal = ("read_by", "wanted_by")
        special = ("file_name", "content")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)


class ImportLine(SchoolOwned):
    """What became of one line of a file; the account of it is kept when the file is forgotten."""

    taken_from = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    # Tells whether the same line was taken over before, without keeping its words.
    fingerprint = models.BinaryField(max_length=32)
    why = models.CharField(max_length=300, blank=True)
    incident = models.OneToOneField(Incident, null=True, on_delete=models.PROTECT, related_name="import_line")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taken_from", "number"], name="import_line_once"),
            models.UniqueConstraint(
                fields=["school", "fingerprint"],
                name="import_line_taken_over_once",
                condition=Q(state=LineState.TAKEN.value),
            ),
            models.CheckConstraint(
                name="import_line_is_a_case_or_not",
                condition=Q(state=LineState.TAKEN.value, incident__isnull=False)
                | (~Q(state=LineState.TAKEN.value) & Q(incident__isnull=True)),
            ),
        ]

    class Privacy:
        public = ("id", "school", "taken_from", "number", "state")
        personal = ()
        special = ("fingerprint", "why", "incident")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return f"{self.number} {self.pk}"

    @property
    def state_label(self) -> str:
        """What became of it, in words."""
        return LineState(self.state).label
