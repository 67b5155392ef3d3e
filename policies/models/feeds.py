"""The address by which somebody's own calendar fetches when duties are due."""

from typing import ClassVar

from django.db import models

from accounts.models import SchoolOwned
from accounts.privacy import Retention


class CalendarFeed(SchoolOwned):
    """One user's calendar feed at one school. The address itself is not kept: only what it is recognised by."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    # SHA-256 of the secret part of the address; whoever reads this column can fetch nothing with it.
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["school", "user"], name="feed_once_for_each_user")]

    class Privacy:
        public = ("id", "school", "token_hash", "made_at")
        personal = ("user",)
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return str(self.pk)
