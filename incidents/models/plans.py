"""Support plans, safety plans and risk assessments: each version as it was written."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention
from incidents.care import Likelihood, PlanKind
from incidents.models.incidents import Incident, InvolvedPerson


class Plan(SchoolOwned):
    """One plan, for a pupil or for everybody in the case, from its first version until it ends with a reason."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=16)
    # Nobody: it is for everybody in the case.
    pupil = models.ForeignKey(InvolvedPerson, null=True, on_delete=models.PROTECT, related_name="plans")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_ended_by_somebody_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, end_reason__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "begun_at", "ended_at")
        personal = ("begun_by", "ended_by")
        special = ("kind", "pupil", "end_reason")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What it is, in words."""
        return PlanKind(self.kind).label

    @property
    def is_risk(self) -> bool:
        """Say whether it weighs a risk."""
        return self.kind == PlanKind.RISK

    @property
    def is_ended(self) -> bool:
        """Say whether nobody follows it any more."""
        return self.ended_at is not None


class PlanVersion(AppendOnly):
    """What a plan said from one moment to the next. A review writes the next one; the earlier ones stay to be read."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    # Its own constraint begins with it.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    # What worries us, or the risk; what is done about it and who does it; what the child wants.
    worries = SealedTextField()
    likelihood = models.CharField(max_length=16, blank=True)
    measures = SealedTextField()
    wishes = SealedTextField(null=True)
    # What the review found, from the second version on.
    found = SealedTextField(null=True)
    review_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(
                name="plan_version_says_what_a_review_found",
                condition=Q(number=1, found__isnull=True) | Q(number__gt=1, found__isnull=False),
            ),
        ]

    class Privacy:
        public = ("id", "school", "plan", "number", "review_on", "written_at")
        personal = ("written_by",)
        special = ("worries", "likelihood", "measures", "wishes", "found")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def likelihood_label(self) -> str:
        """How likely it is, in words; nothing where no risk is weighed."""
        return Likelihood(self.likelihood).label if self.likelihood else ""
