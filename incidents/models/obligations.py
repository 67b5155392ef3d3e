"""What the school's policy asks of a case and those who handle it set themselves; and every rung that was climbed when
something was missed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident
from policies.models import ASKED, DOERS, STANDING, STUCK, Owed
from policies.statuses import State


class Obligation(Owed):
    """One thing that the policy asks of one case, or that those who handle it set themselves: an undertaking, which
    cites no pack. Withdrawn or waived with a reason, never deleted.
    """

    # Read by way of its keys, which begin with the case.
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="obligations", db_index=False)
    # The condition that was met, in words; it tells of the case.
    why = models.CharField(max_length=600)
    # Of an undertaking: what is to be done, in the words of whoever set it, and who promised to do it, if one person.
    words = SealedTextField(null=True)
    assignee = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "key"], name="obligation_once"),
            *Owed.constraints_named("obligation"),
        ]
        indexes: ClassVar = [
            # By the moment alone: what is due is few, however much is owed, and is put in order when it was found.
            models.Index(fields=["alert_at", "severity"], name="obligation_alert", condition=Q(alert_at__isnull=False)),
            models.Index(fields=["school"], name="obligation_stuck", condition=Q(failures__gte=STUCK)),
            models.Index(
                fields=["school", "owner_role", "due_at"], name="obligation_of_role", condition=Q(state=State.OPEN)
            ),
        ]

    class Privacy:
        public = (*STANDING, "incident")
        personal = (*DOERS, "assignee")
        # What is asked tells what the case is about.
        special = (*ASKED, "reason", "why", "words")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return f"{self.key} {self.pk}"

    @property
    def is_undertaking(self) -> bool:
        """Say whether people set it themselves; no policy asks for it and none withdraws it."""
        return not self.pack_id

    @property
    def asks(self) -> str:
        """What is to be done, in the policy's words or in those of whoever set it."""
        return self.words or self.text


class Escalation(AppendOnly):
    """One rung: somebody was told that something is due or was missed. Once for each step, whoever sweeps."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    # Read by way of its steps, which begin with what is owed.
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.PositiveSmallIntegerField()
    # The role that was told, or `external_contact`; and whether it was a reminder before the time had come.
    told_role = models.CharField(max_length=32)
    is_reminder = models.BooleanField()
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [models.UniqueConstraint(fields=["obligation", "step"], name="escalation_once")]

    class Privacy:
        public = ("id", "school", "obligation", "step", "told_role", "is_reminder", "at")
        personal = ()
        special = ()
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
