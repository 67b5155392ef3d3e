"""Searches of pupils and of their things. Every one is recorded, whether anything was found or not."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from incidents.devices import Authority
from incidents.models.incidents import Incident


class SearchRecord(AppendOnly):
    """One search: who authorised it and why, who searched and who was there, what was sought and found."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="searches")
    pupil = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    pupil_words = SealedTextField(null=True)
    authority = models.CharField(max_length=12)
    authoriser = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    searched_at = models.DateTimeField()
    searched_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # Somebody of the school; or who else it was, or why nobody was there.
    witness = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    witness_words = SealedTextField(null=True)
    place = SealedTextField()
    grounds = SealedTextField()
    # Why it could not wait; nothing where it was not urgent.
    urgency = SealedTextField(null=True)
    is_explained = models.BooleanField()
    is_agreed = models.BooleanField()
    agreed_words = SealedTextField(null=True)
    sought = SealedTextField()
    has_found = models.BooleanField()
    found = SealedTextField(null=True)
    is_parent_told = models.BooleanField()
    parent_words = SealedTextField(null=True)
    follow_up = SealedTextField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="search_witnessed_or_why_not",
                condition=Q(witness__isnull=False) | Q(witness_words__isnull=False),
            ),
            models.CheckConstraint(
                name="search_witnessed_by_another",
                condition=Q(witness__isnull=True) | ~Q(witness=F("searched_by")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school", "searched_at"], name="search_by_time")]

    class Privacy:
        public = ("id", "school", "incident", "authority", "has_found", "recorded_at")
        personal = (
            *("pupil", "authoriser", "searched_at", "searched_by", "witness", "is_explained", "is_agreed"),
            *("is_parent_told", "recorded_by"),
        )
        special = (
            *("pupil_words", "witness_words", "place", "grounds", "urgency", "agreed_words", "sought", "found"),
            *("parent_words", "follow_up"),
        )
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def authority_label(self) -> str:
        """By what right it was authorised."""
        return Authority(self.authority).label

    @property
    def whom(self) -> str:
        """Who was searched."""
        return self.pupil.name if self.pupil else self.pupil_words or ""

    @property
    def beside(self) -> str:
        """Who was there; or why nobody was."""
        return self.witness.full_name if self.witness else self.witness_words or ""
