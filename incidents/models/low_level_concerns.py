"""Concerns about the conduct of adults that are below the harm threshold: kept, so that a pattern is seen."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.allegations import LowLevelDecision, LowLevelKind
from incidents.models.incidents import Incident


class LowLevelConcern(SchoolOwned):
    """One thing that an adult did which does not fit the code of conduct, no matter how small, and what was decided."""

    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="low_level_concerns"
    )
    # Who it is, where nobody could be chosen from the list: somebody of an agency, a contractor.
    description = SealedTextField(null=True)
    # Which office keeps it, as with a case: whoever it is about never does.
    handled_by = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    what = SealedTextField()
    context = SealedTextField(null=True)
    shared_by = SealedTextField()
    is_self_referral = models.BooleanField(default=False)
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=12, blank=True)
    decision_reason = SealedTextField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # The case that it came from, below the threshold; the case that it became.
    came_from = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="low_level_concerns")
    became = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="low_level_concern_is_about_somebody",
                condition=Q(person__isnull=False) | Q(description__isnull=False),
            ),
            models.CheckConstraint(
                name="low_level_concern_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="low_level_concern_became_a_case_by_decision",
                condition=Q(became__isnull=True) | Q(decision=LowLevelDecision.ALLEGATION.value),
            ),
        ]
        indexes: ClassVar = [
            models.Index("school", "handled_by", models.F("recorded_at").desc(), name="low_level_register")
        ]

    class Privacy:
        public = ("id", "school", "handled_by", "recorded_at", "decided_at")
        personal = ("recorded_by", "decided_by")
        special = (
            "person",
            "description",
            "kind",
            "what",
            "context",
            "shared_by",
            "is_self_referral",
            "happened_on",
            "decision",
            "decision_reason",
            "came_from",
            "became",
        )
        retention = Retention.ADULT_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """The name, or the words in which somebody was described."""
        return self.person.name if self.person else (self.description or "Somebody unknown")

    @property
    def kind_label(self) -> str:
        """What kind of conduct, in words."""
        return LowLevelKind(self.kind).label

    @property
    def decision_label(self) -> str:
        """What was decided, in words; nothing while it is not."""
        return LowLevelDecision(self.decision).label if self.decision else ""

    @property
    def audit_chain(self) -> str:
        """The chain of its own that it has in the audit, as a case has of which few may know."""
        return f"case:{self.pk}"
