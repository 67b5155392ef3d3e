"""What is wrong with the filtering: the address, the device, the group and the time. Nothing here names a child.

A sighting may come from a case. That tie is hidden: whoever fixes the filtering sees neither the case nor that there is
one.
"""

from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention
from incidents.models.incidents import Incident
from incidents.statuses import TicketKind, TicketState

LONGEST_ADDRESS = 2000


def normal_address(text: str) -> str:
    """Return a web address in the form by which the same one is found again; nothing for what is none."""
    typed = "".join(text.split())
    try:
        parts = urlsplit(typed if "://" in typed else f"http://{typed}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if "." not in host and ":" not in host:
        return ""
    named = host.removeprefix("www.")
    place = named if port in (None, 80, 443) else f"{named}:{port}"
    return f"{place}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


class FilteringTicket(SchoolOwned):
    """One thing to put right. The same address reported again is the same ticket, which opens again."""

    kind = models.CharField(max_length=16)
    url = SealedTextField(null=True)
    # Finds the same address again without opening any.
    fingerprint = models.BinaryField(max_length=32, null=True)
    is_illegal = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=TicketState.OPEN)
    # The check that failed, where it came from one.
    check_failed = models.ForeignKey(
        "policies.FilteringCheck", null=True, on_delete=models.PROTECT, related_name="tickets"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # When it was last reported, by which those to fix are put in order.
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "kind", "fingerprint"], name="filtering_ticket_once"),
            models.CheckConstraint(
                name="filtering_ticket_fixed_by_somebody",
                condition=Q(fixed_at__isnull=True, fixed_by__isnull=True)
                | Q(fixed_at__isnull=False, fixed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="filtering_ticket_verified_by_somebody",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="filtering_ticket_stands",
                condition=Q(state=TicketState.OPEN, fixed_at__isnull=True, verified_at__isnull=True)
                | Q(state=TicketState.FIXED, fixed_at__isnull=False, verified_at__isnull=True)
                | Q(state=TicketState.VERIFIED, fixed_at__isnull=False, verified_at__isnull=False),
            ),
            # A second look is somebody else's.
            models.CheckConstraint(
                name="filtering_ticket_two_people",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("fixed_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "state", "reported_at"], name="filtering_ticket_by_state"),
        ]

    class Privacy:
        public = ("id", "school", "kind", "state", "check_failed", "opened_at", "reported_at", "fixed_at")
        personal = ("opened_by", "reported_by", "fixed_by", "verified_by", "verified_at")
        special = ("url", "fingerprint", "is_illegal")
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What is wrong, in words."""
        return TicketKind(self.kind).label

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return TicketState(self.state).label


class FilteringSighting(AppendOnly):
    """One time that it was met: on which device, by which group, when. The case it comes from stays hidden."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(FilteringTicket, on_delete=models.PROTECT, related_name="sightings")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="filtering_sightings")
    device = SealedTextField(null=True)
    user_group = models.CharField(max_length=16)
    # What the filter said or which category it named.
    said = SealedTextField(null=True)
    seen_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # What is shown of whoever reported it. From a case it is always the same role.
    reporter_role = models.CharField(max_length=32)

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "ticket", "user_group", "reported_at", "reporter_role")
        personal = ("reported_by", "seen_at")
        special = ("incident", "device", "said")
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)


class FilteringStep(AppendOnly):
    """One thing that became of a ticket, in the words of whoever did it."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(FilteringTicket, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=40)
    words = SealedTextField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "ticket", "event", "at")
        personal = ("by",)
        special = ("words",)
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)
