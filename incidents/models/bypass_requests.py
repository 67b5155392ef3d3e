"""Requests to let a website through for a while: who asked, what was decided, and that it was taken off again."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import SchoolOwned
from accounts.privacy import Retention
from incidents.statuses import BypassState
from policies.statuses import UserGroup

# Those that end by themselves when their time is over.
RUNNING = (BypassState.ASKED, BypassState.AGREED, BypassState.ON)
_ACTS = ("decided", "switched_on", "taken_off")


def _pairs() -> list[Any]:
    return [
        models.CheckConstraint(
            name=f"bypass_{act}_by_somebody",
            condition=Q(**{f"{act}_at__isnull": True, f"{act}_by__isnull": True})
            | Q(**{f"{act}_at__isnull": False, f"{act}_by__isnull": False}),
        )
        for act in _ACTS
    ]


class BypassRequest(SchoolOwned):
    """One request. It ends by itself when its time is over, whatever state it is in by then."""

    url = SealedTextField()
    purpose = SealedTextField()
    user_group = models.CharField(max_length=16)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=BypassState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField(null=True)
    switched_on_at = models.DateTimeField(null=True)
    switched_on_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # The sweep did it.
    expired_at = models.DateTimeField(null=True)
    taken_off_at = models.DateTimeField(null=True)
    taken_off_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            *_pairs(),
            models.CheckConstraint(name="bypass_has_a_time", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="bypass_decided_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="bypass_on_when_agreed", condition=Q(switched_on_at__isnull=True) | Q(decided_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], name="bypass_to_expire", condition=Q(state__in=["asked", "agreed", "on"])),
            models.Index(fields=["school", "asked_at"], name="bypass_by_time"),
        ]

    class Privacy:
        public = ("id", "school", "user_group", "state", "starts_at", "ends_at", "expired_at")
        personal = (
            *("asked_at", "asked_by", "decided_at", "decided_by"),
            *("switched_on_at", "switched_on_by", "taken_off_at", "taken_off_by"),
        )
        special = ("url", "purpose", "reason")
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return BypassState(self.state).label

    @property
    def group_label(self) -> str:
        """For whom, in words."""
        return UserGroup(self.user_group).label
