"""What is owed: by which role, by when, on which clause, and what became of it. Two tables are built on it.

A clock is nothing but an obligation's `due_at`. The sweep acts when `alert_at` has come: a reminder, or the next rung
of the ladder once something was missed. `step` counts the rungs, so that none is climbed twice.
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned, SchoolQuerySet
from policies.engine.durations import Within, parse_within
from policies.engine.vocabulary import Strength
from policies.statuses import OUTSTANDING, State

# How every table built on this says what it holds: what the policy asks, how it stands, and who did something.
ASKED = (
    "key",
    "kind",
    "target",
    "any_of",
    "clause",
    "text",
    "after_key",
    "until",
    "unless",
    "exception",
    "evidence",
)
STANDING = (
    "id",
    "school",
    "owner_role",
    "strength",
    "severity",
    "within",
    "other_times",
    "pack_id",
    "is_silent",
    "starts_at",
    "due_at",
    "alert_at",
    "step",
    "state",
    "settled_at",
    "paused_at",
    "paused_seconds",
    "failures",
)
DOERS = ("settled_by", "paused_by")
# After so many failures in a row it is shown to whoever runs the school.
STUCK = 3


class OwedQuerySet(SchoolQuerySet):
    """Filters over what is owed."""

    def outstanding(self) -> "OwedQuerySet":
        """Return what is still to be done, or rests."""
        return self.filter(state__in=OUTSTANDING)

    def to_do(self) -> "OwedQuerySet":
        """Leave out what is forbidden: it is kept by not doing it."""
        return self.exclude(strength=Strength.MUST_NOT)

    def by_due(self) -> "OwedQuerySet":
        """What is due first comes first; what has no time comes last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "-strength", "key")


class Owed(SchoolOwned):
    """One thing that a policy asks of a school."""

    # Kind and target, and whether it is forbidden: what makes two lines the same obligation.
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=16)
    target = models.CharField(max_length=80)
    any_of = ArrayField(models.CharField(max_length=40), default=list)
    owner_role = models.CharField(max_length=32)
    strength = models.PositiveSmallIntegerField()
    # The smaller, the sooner the sweep takes it up; danger is 0.
    severity = models.PositiveSmallIntegerField(default=2)
    within = models.CharField(max_length=24, blank=True)
    # Times of other layers that may end before it, counted otherwise: which is the earlier depends on the day.
    other_times = ArrayField(models.CharField(max_length=24), default=list)
    clause = models.CharField(max_length=120)
    pack_id = models.CharField(max_length=80)
    text = models.CharField(max_length=400)
    after_key = models.CharField(max_length=80, blank=True)
    until = models.CharField(max_length=24, blank=True)
    unless = models.CharField(max_length=24, blank=True)
    exception = models.CharField(max_length=300, blank=True)
    # What has to be shown before it counts as done.
    evidence = models.CharField(max_length=200, blank=True)
    is_silent = models.BooleanField(default=False)

    starts_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # When the sweep has to look next; nothing once there is nothing left to do about it.
    alert_at = models.DateTimeField(null=True)
    step = models.PositiveSmallIntegerField(default=0)

    state = models.CharField(max_length=12, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    # Nobody: the system did it, or the facts no longer ask for it.
    settled_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # How long it rested before; a clock that goes on is later by so much.
    paused_seconds = models.PositiveIntegerField(default=0)
    # What was done, why it is not needed, or why it is no longer asked for.
    reason = SealedTextField(null=True)
    # Times the sweep could not act on it; it is pushed forward meanwhile and shown.
    failures = models.PositiveSmallIntegerField(default=0)

    objects = OwedQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True

    @classmethod
    def constraints_named(cls, prefix: str) -> list[Any]:
        """Return the constraints that every table of what is owed has."""
        return [
            models.CheckConstraint(
                name=f"{prefix}_settled_or_not",
                condition=(Q(state__in=OUTSTANDING) & Q(settled_at__isnull=True))
                | (~Q(state__in=OUTSTANDING) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name=f"{prefix}_paused_by_somebody",
                condition=Q(paused_at__isnull=True, paused_by__isnull=True)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
            ),
            models.CheckConstraint(
                name=f"{prefix}_rests_or_runs",
                condition=Q(state=State.PAUSED, paused_at__isnull=False, alert_at__isnull=True)
                | (~Q(state=State.PAUSED) & Q(paused_at__isnull=True)),
            ),
            models.CheckConstraint(
                name=f"{prefix}_open_or_quiet", condition=Q(state=State.OPEN) | Q(alert_at__isnull=True)
            ),
        ]

    @property
    def times(self) -> list[Within]:
        """The durations it is to be done within; the earliest of their ends counts. None: it has no clock."""
        return [parse_within(time) for time in (self.within, *self.other_times) if time]

    @property
    def is_outstanding(self) -> bool:
        """Say whether it is still to be done, or rests."""
        return self.state in OUTSTANDING

    def is_late(self, at: datetime) -> bool:
        """Say whether it should have been done by now."""
        return self.state == State.OPEN and self.due_at is not None and self.due_at < at
