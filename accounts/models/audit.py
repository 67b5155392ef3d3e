"""The ledger of who did what: chains of rows that are only ever added to."""

from django.db import models

from accounts.models.base import AppendOnly, AppendOnlyQuerySet, SchoolOwned, never_changed
from accounts.privacy import Retention


class AuditChain(SchoolOwned):
    """One chain and where it ends. Locked while a row is added, so that numbers have no gap and no double.

    A school has the chain `school`, the chain `register` that lists all its others, and a chain `case:<id>` for each
    case that only some may know of, so that a sequence shows no gap to anyone shut out.
    """

    name = models.CharField(max_length=60)
    last_seq = models.PositiveBigIntegerField(default=0)
    last_hash = models.BinaryField()
    # Proves that the end was written by us: without it, cutting rows off the end would leave a chain that fits.
    end_seal = models.BinaryField()
    key_id = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="audit_chain_once")]

    class Privacy:
        public = ("id", "school", "name", "last_seq", "last_hash", "end_seal", "key_id")
        personal = ()
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return self.name


class AuditEvent(AppendOnly):
    """Something that was done or seen. Targets are text, so that no row of a case can hold it back or drag it along."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    # Read by way of its numbers, which begin with the chain.
    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=160)
    event = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    data = models.JSONField(default=dict)
    key_id = models.CharField(max_length=40)
    prev_hash = models.BinaryField()
    hash = models.BinaryField()

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers = never_changed()
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_event_numbered_once")]
        # Who has seen this: asked of one case at a time.
        indexes = [models.Index(fields=["target"], name="audit_event_target")]

    class Privacy:
        public = ("id", "school", "chain", "seq", "at", "event", "target", "data", "key_id", "prev_hash", "hash")
        personal = ("actor", "actor_name", "summary")
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return f"{self.event} {self.seq}"


class SignedEnd(AppendOnly):
    """Where every chain of a school ended on a day, signed. Its words are sent out of the system, so that an older copy
    of the whole database, or one with its newest rows gone, is told from the true one.
    """

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    # By chain: the number of its last row and that row's seal. Chains stand here by ids that tell of no case.
    ends = models.JSONField()
    text = models.CharField(max_length=700)

    objects = AppendOnlyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        triggers = never_changed()
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="signed_end_once_a_day")]

    class Privacy:
        public = ("id", "school", "day", "ends", "text")
        personal = ()
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return str(self.pk)
