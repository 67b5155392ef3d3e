"""The key with which one school's sensitive text is sealed."""

from django.db import models

from accounts.models.base import SchoolOwned
from accounts.privacy import Retention


class DataKey(SchoolOwned):
    """A school's data key, itself sealed by a master key that is never in the database.

    Deleting the wrapped bytes (`wrapped=None`) makes everything sealed with the key unreadable for ever, in every copy.
    """

    wrapped = models.BinaryField(null=True)
    master_key_id = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["school", "-created_at"], name="data_key_newest")]

    class Privacy:
        public = ("id", "school", "wrapped", "master_key_id", "created_at")
        personal = ()
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return str(self.pk)
