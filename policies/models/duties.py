"""The school's recurring duties: the yearly review, the monthly check, the termly meeting; each round is a row."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from policies.models.obligations import ASKED, DOERS, STANDING, STUCK, Owed
from policies.statuses import State


class SchoolDuty(Owed):
    """One round of one duty that a policy asks of the school. The next round begins when this one is settled."""

    # The duty's key within its pack, and which round of it this is: the day on which it began.
    duty_key = models.CharField(max_length=80)
    round_on = models.DateField()
    every = models.CharField(max_length=20)
    # The day on which it was really done, which may lie before the day on which somebody wrote it down.
    done_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duty_done_on_a_day",
                condition=Q(state=State.DONE, done_on__isnull=False) | (~Q(state=State.DONE) & Q(done_on__isnull=True)),
            ),
            models.UniqueConstraint(fields=["school", "duty_key", "round_on"], name="duty_round_once"),
            models.UniqueConstraint(
                fields=["school", "duty_key"], name="duty_one_round_open", condition=Q(state__in=["open", "paused"])
            ),
            *Owed.constraints_named("duty"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["alert_at", "severity"], name="duty_alert", condition=Q(alert_at__isnull=False)),
            models.Index(fields=["school"], name="duty_stuck", condition=Q(failures__gte=STUCK)),
            models.Index(fields=["school", "owner_role", "due_at"], name="duty_of_role", condition=Q(state=State.OPEN)),
        ]

    class Privacy:
        public = (*STANDING, *ASKED, "duty_key", "round_on", "every", "done_on")
        personal = DOERS
        special = ("reason",)
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return f"{self.duty_key} {self.round_on}"


class SchoolDutyEscalation(AppendOnly):
    """One rung: somebody was told that a duty of the school is due or was missed. Once for each step."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    # Read by way of its steps, which begin with what is owed.
    obligation = models.ForeignKey(SchoolDuty, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    step = models.PositiveSmallIntegerField()
    told_role = models.CharField(max_length=32)
    is_reminder = models.BooleanField()
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [models.UniqueConstraint(fields=["obligation", "step"], name="duty_escalation_once")]

    class Privacy:
        public = ("id", "school", "obligation", "step", "told_role", "is_reminder", "at")
        personal = ()
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)
