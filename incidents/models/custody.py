"""Devices that the school holds, and the chain of hands they went through. A photo of one is never kept."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention
from incidents.devices import DeviceKind, Ending
from incidents.models.incidents import Incident


class HeldDevice(SchoolOwned):
    """One device that was taken, and where it is now. What became of it stands in its chain of hands."""

    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=12)
    # Make, colour, what tells it from another.
    description = SealedTextField()
    # Whose it is: somebody of the school, or in words as far as it is known.
    owner = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    owner_words = SealedTextField(null=True)
    why = SealedTextField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # In whose hands it is: somebody's of the school, or in words of somebody's outside it.
    holder = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    holder_words = SealedTextField(null=True)
    place = SealedTextField(null=True)
    # The number on the seal of the bag it lies in; nothing where there is none.
    seal = models.CharField(max_length=40, blank=True)
    police_reference = SealedTextField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    quarantined_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    # By when somebody decides whether it stays.
    review_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=16, blank=True)
    ended_words = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="device_quarantined_by_somebody",
                condition=Q(quarantined_at__isnull=True, quarantined_by__isnull=True)
                | Q(quarantined_at__isnull=False, quarantined_by__isnull=False),
            ),
            models.CheckConstraint(
                name="device_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ending="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending="")),
            ),
            # It is in one hand, here or outside.
            models.CheckConstraint(
                name="device_in_one_hand",
                condition=Q(holder__isnull=False, holder_words__isnull=True)
                | Q(holder__isnull=True, holder_words__isnull=False),
            ),
            models.CheckConstraint(
                name="device_not_given_back_from_quarantine",
                condition=~Q(ending=Ending.RETURNED.value) | Q(quarantined_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "review_on"], name="device_held", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["school", "ended_at"], name="device_ended", condition=Q(ended_at__isnull=False)),
        ]

    class Privacy:
        public = (
            *("id", "school", "incident", "kind", "recorded_at", "seal", "quarantined_at", "review_on", "ended_at"),
            "ending",
        )
        personal = (*("owner", "taken_at", "taken_by", "recorded_by", "holder", "quarantined_by", "ended_by"),)
        special = (*("description", "owner_words", "why", "holder_words", "place", "police_reference", "ended_words"),)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def kind_label(self) -> str:
        """What it is, in a word."""
        return DeviceKind(self.kind).label

    @property
    def name(self) -> str:
        """What it is, as a line."""
        return f"{self.kind_label}: {self.description}"

    @property
    def is_held(self) -> bool:
        """Say whether the school still answers for it."""
        return self.ended_at is None

    @property
    def is_quarantined(self) -> bool:
        """Say whether nobody may touch it but to hand it to the police."""
        return self.quarantined_at is not None

    @property
    def is_outside(self) -> bool:
        """Say whether it is in the hands of somebody outside the school."""
        return self.holder_id is None

    @property
    def hand(self) -> str:
        """In whose hands it is."""
        return self.holder.full_name if self.holder else self.holder_words or ""

    @property
    def ending_label(self) -> str:
        """How it ended, in words; nothing while it has not."""
        return Ending(self.ending).label if self.ending else ""


class CustodyTransfer(AppendOnly):
    """One time that a device went from one hand to another, as the giver signs it.

    To somebody of the school it counts once they have signed too (`CustodyAnswer`); somebody outside gives a
    reference instead. Whoever takes it over from a hand that cannot sign says why.
    """

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(HeldDevice, on_delete=models.PROTECT, related_name="transfers", db_index=False)
    number = models.PositiveSmallIntegerField()
    from_user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    from_words = SealedTextField(null=True)
    to_user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    to_words = SealedTextField(null=True)
    # What somebody outside gave as proof that they took it: the number of a receipt, a collar number.
    outside_reference = SealedTextField(null=True)
    place = SealedTextField(null=True)
    # Nothing where there was no seal.
    seal_intact = models.BooleanField(null=True)
    seal = models.CharField(max_length=40, blank=True)
    words = SealedTextField(null=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "number"], name="custody_transfer_once"),
            models.CheckConstraint(
                name="custody_transfer_to_one_hand",
                condition=Q(to_user__isnull=False, to_words__isnull=True)
                | Q(to_user__isnull=True, to_words__isnull=False, outside_reference__isnull=False),
            ),
            models.CheckConstraint(
                name="custody_transfer_between_two",
                condition=Q(to_user__isnull=True) | Q(from_user__isnull=True) | ~Q(to_user=F("from_user")),
            ),
        ]

    class Privacy:
        public = ("id", "school", "device", "number", "seal_intact", "seal", "given_at")
        personal = ("from_user", "to_user", "given_by")
        special = ("from_words", "to_words", "outside_reference", "place", "words")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def giver(self) -> str:
        """From whose hands it went."""
        return self.from_user.full_name if self.from_user else self.from_words or ""

    @property
    def receiver(self) -> str:
        """Into whose hands it went."""
        return self.to_user.full_name if self.to_user else self.to_words or ""


class CustodyAnswer(AppendOnly):
    """What became of a transfer to somebody of the school: signed for, not taken, or taken back."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    transfer = models.OneToOneField(CustodyTransfer, on_delete=models.PROTECT, related_name="answer")
    is_accepted = models.BooleanField()
    # As the receiver found it.
    seal_intact = models.BooleanField(null=True)
    place = SealedTextField(null=True)
    words = SealedTextField(null=True)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "transfer", "is_accepted", "seal_intact", "answered_at")
        personal = ("answered_by",)
        special = ("place", "words")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)


class CustodyStep(AppendOnly):
    """One thing that was decided about a device while it was held, in the words of whoever decided it."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(HeldDevice, on_delete=models.PROTECT, related_name="steps")
    event = models.CharField(max_length=40)
    words = SealedTextField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()

    class Privacy:
        public = ("id", "school", "device", "event", "at")
        personal = ("by",)
        special = ("words",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)
