"""The register of checks: on which day who tested what, on which device, where, for whom, and with what result."""

from typing import ClassVar

from django.db import models

from accounts.encryption import SealedTextField
from accounts.models import AppendOnly, AppendOnlyQuerySet, never_changed
from accounts.privacy import Retention
from policies.statuses import CheckResult


class FilteringCheck(AppendOnly):
    """One check of filtering, monitoring or security. It is never changed: another check is another row."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    checked_on = models.DateField()
    device = models.CharField(max_length=120)
    location = models.CharField(max_length=120)
    user_group = models.CharField(max_length=16)
    # What was tried, and what came of it.
    tested = SealedTextField()
    noticed = SealedTextField(null=True)
    result = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers: ClassVar = never_changed()
        indexes: ClassVar = [models.Index(fields=["school", "checked_on"], name="filtering_check_by_day")]

    class Privacy:
        public = ("id", "school", "kind", "checked_on", "device", "location", "user_group", "result", "recorded_at")
        personal = ("recorded_by",)
        special = ("tested", "noticed")
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def has_failed(self) -> bool:
        """Say whether something did not work as it should."""
        return self.result == CheckResult.FAILED
