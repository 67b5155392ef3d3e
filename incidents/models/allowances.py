"""Who may have a phone at school, take images off the site, or agreed to be photographed. No case is involved."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.devices import AllowanceGround, AllowanceKind, Giver


class Allowance(SchoolOwned):
    """One thing that one person is allowed or agreed to, from a day on, until a day or until it is taken back."""

    kind = models.CharField(max_length=20)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    # Why, where the kind asks for it.
    ground = models.CharField(max_length=16, blank=True)
    note = SealedTextField(null=True)
    given_on = models.DateField()
    giver = models.CharField(max_length=12)
    giver_name = models.CharField(max_length=160, blank=True)
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # From which day on, and who took it back.
    withdrawn_on = models.DateField(null=True)
    withdrawn_giver = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="allowance_withdrawn_by_somebody",
                condition=Q(
                    withdrawn_at__isnull=True,
                    withdrawn_by__isnull=True,
                    withdrawn_on__isnull=True,
                    withdrawn_giver="",
                )
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_on__isnull=False)
                    & ~Q(withdrawn_giver="")
                ),
            ),
            models.CheckConstraint(
                name="allowance_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=models.F("given_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school", "kind", "given_on"], name="allowance_by_kind")]

    class Privacy:
        public = ("id", "school", "kind", "recorded_at", "withdrawn_at")
        personal = (
            *("person", "ground", "given_on", "giver", "giver_name", "until", "recorded_by", "withdrawn_by"),
            *("withdrawn_on", "withdrawn_giver"),
        )
        special = ("note",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What is allowed, in words."""
        return AllowanceKind(self.kind).label

    @property
    def ground_label(self) -> str:
        """Why, in words; nothing where none is asked for."""
        return AllowanceGround(self.ground).label if self.ground else ""

    @property
    def giver_label(self) -> str:
        """Who gave it, in words."""
        return self.giver_name or Giver(self.giver).label

    @property
    def withdrawn_giver_label(self) -> str:
        """Who took it back, in words."""
        return Giver(self.withdrawn_giver).label if self.withdrawn_giver else ""

    def holds(self, today: date) -> bool:
        """Say whether it holds on a day."""
        return self.withdrawn_at is None and self.given_on <= today and (self.until is None or self.until >= today)
