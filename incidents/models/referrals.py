"""What was asked of, or handed over to, somebody outside the school; and what they answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention
from incidents.agencies import name_of
from incidents.models.incidents import Incident
from incidents.statuses import Answered, Method
from policies.engine.vocabulary import Kind


class Referral(SchoolOwned):
    """One time that an agency was told of a case: advice asked (`consult`) or the case handed over (`refer`).

    What was said is written once. Until it is closed somebody has to ask what became of it, by a day.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="referrals")
    agency = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    method = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    spoken_to = SealedTextField(null=True)
    said = SealedTextField()
    # What the agency calls it.
    agency_reference = SealedTextField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, blank=True)
    outcome_words = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="referral_closed_by_somebody_with_an_outcome",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "recorded_at", "closed_at")
        personal = ("made_by", "recorded_by", "closed_by")
        # To whom a case went tells what it is about.
        special = (
            "agency",
            "kind",
            "method",
            "made_at",
            "spoken_to",
            "said",
            "agency_reference",
            "outcome",
            "outcome_words",
        )
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def agency_name(self) -> str:
        """What the agency is called."""
        return name_of(self.agency)

    @property
    def is_advice(self) -> bool:
        """Say whether advice was asked, and nothing handed over."""
        return self.kind == Kind.CONSULT

    @property
    def kind_label(self) -> str:
        """What was done, in words."""
        return "Advice asked" if self.is_advice else "Referral"

    @property
    def method_label(self) -> str:
        """How they were told, in words."""
        return Method(self.method).label

    @property
    def outcome_label(self) -> str:
        """How it ended, in words; nothing while it has not."""
        return Answered(self.outcome).label if self.outcome else ""

    @property
    def is_closed(self) -> bool:
        """Say whether nothing more is expected."""
        return self.closed_at is not None


class ReferralAnswer(AppendOnly):
    """One thing that an agency said to the school about a referral. A later answer stands beside the earlier one."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    given_at = models.DateTimeField()
    # Who at the agency said it.
    given_by = SealedTextField(null=True)
    text = SealedTextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "referral", "recorded_at")
        personal = ("recorded_by",)
        special = ("given_at", "given_by", "text")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
