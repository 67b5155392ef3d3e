"""What the parents of a pupil were told, or why they were not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.care import Way, WhyNot
from incidents.models.incidents import Incident, InvolvedPerson


class ParentContact(AppendOnly):
    """One parent or carer of one pupil: told, by whom and what was said; or not told, and why not.

    The latest entry holds. Parents who are not told for good are a decision; otherwise it is looked at again.
    """

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="parent_contacts")
    pupil = models.ForeignKey(InvolvedPerson, on_delete=models.PROTECT, related_name="parent_contacts")
    # Who it is: somebody the school knows as a parent, or whoever was described.
    parent = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    described = SealedTextField(null=True)
    is_told = models.BooleanField()
    told_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=16, blank=True)
    teller = SealedTextField(null=True)
    said = SealedTextField(null=True)
    heard = SealedTextField(null=True)
    why_not = models.CharField(max_length=16, blank=True)
    reason = SealedTextField(null=True)
    is_final = models.BooleanField(default=False)
    # What was sent together, so that sending it twice stores it once.
    sent_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="parent_contact_is_known_or_described",
                condition=Q(parent__isnull=False) | Q(described__isnull=False),
            ),
            models.CheckConstraint(
                name="parent_contact_told_or_why_not",
                condition=(
                    Q(is_told=True, is_final=False, why_not="", reason__isnull=True)
                    & Q(told_at__isnull=False, said__isnull=False, teller__isnull=False)
                    & ~Q(way="")
                )
                | (
                    Q(is_told=False, told_at__isnull=True, way="", said__isnull=True, reason__isnull=False)
                    & ~Q(why_not="")
                ),
            ),
        ]

    class Privacy:
        public = ("id", "school", "incident", "sent_id", "recorded_at")
        personal = ("recorded_by",)
        special = (
            "pupil",
            "parent",
            "described",
            "is_told",
            "told_at",
            "way",
            "teller",
            "said",
            "heard",
            "why_not",
            "reason",
            "is_final",
        )
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """Who it is."""
        return self.parent.name if self.parent else (self.described or "")

    @property
    def way_label(self) -> str:
        """How they were told, in words; nothing where they were not."""
        return Way(self.way).label if self.way else ""

    @property
    def why_not_label(self) -> str:
        """Why they were not told, in words; nothing where they were."""
        return WhyNot(self.why_not).label if self.why_not else ""
