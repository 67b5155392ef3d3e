"""Messages that are owed, written with the change that owes them."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Q, Value, When

from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.privacy import Retention

# What is sent before everything else, the smallest first; all the rest is 2. A migration belongs to every change here.
DANGER = ("incidents/danger_raised",)
NEW_CONCERN = ("incidents/new_concern", "incidents/team_away", "incidents/nobody_free")


class OutboxQuerySet(SchoolQuerySet):
    """Filters over messages."""

    def due(self, now: datetime) -> "OutboxQuerySet":
        """Return what is to be sent now, the most urgent first, then the oldest."""
        due = self.filter(sent_at__isnull=True, dead_at__isnull=True, next_try_at__lte=now)
        return due.order_by("urgency", "next_try_at", "queued_at")

    def unread_by(self, user: models.Model) -> "OutboxQuerySet":
        """Return what was sent to a user that they have not opened yet."""
        return self.filter(recipient=user, read_at__isnull=True)

    def dead(self) -> "OutboxQuerySet":
        """Return what could not be delivered after every try."""
        return self.filter(dead_at__isnull=False)


class Way(models.TextChoices):
    """How a message reached its reader, or is to reach them."""

    EMAIL = "email", "By e-mail"
    DIGEST = "digest", "In the message of the day"
    IN_APP = "in_app", "On my day"


class OutboxMessage(SchoolOwned):
    """One message to one address. It says only that something needs them: no name, no category, no text."""

    kind = models.CharField(max_length=60)
    # Read by way of the index on what they have not read yet.
    recipient = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = models.EmailField()
    path = models.CharField(max_length=200)
    dedupe_key = models.CharField(max_length=160)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    # The database says it by the kind, so nobody who queues a message can forget it.
    urgency = models.GeneratedField(
        expression=Case(
            When(kind__in=DANGER, then=Value(0)), When(kind__in=NEW_CONCERN, then=Value(1)), default=Value(2)
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    tries = models.PositiveSmallIntegerField(default=0)
    last_problem = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=8, blank=True, db_default="")
    # The one message a day in which this one was counted.
    digest = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="counted", db_index=False)
    # When it bounced or failed a second time, and when somebody else was told instead, or nobody had to be.
    failing_at = models.DateTimeField(null=True)
    passed_on_at = models.DateTimeField(null=True)
    # When its recipient opened it on their first page.
    read_at = models.DateTimeField(null=True)

    # Ids of what is settled once it got through, and whether it still waits for that.
    about = ArrayField(models.UUIDField(), default=list)
    is_awaited = models.BooleanField(default=False)

    objects = OutboxQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = [
            models.Index(
                fields=["urgency", "next_try_at", "queued_at"],
                name="outbox_due",
                condition=Q(sent_at__isnull=True, dead_at__isnull=True),
            ),
            models.Index(
                fields=["sent_at"], name="outbox_awaited", condition=Q(is_awaited=True, sent_at__isnull=False)
            ),
            models.Index(fields=["school"], name="outbox_dead", condition=Q(dead_at__isnull=False)),
            models.Index(
                fields=["recipient", "school", "queued_at"],
                name="outbox_unread",
                condition=Q(recipient__isnull=False, read_at__isnull=True),
            ),
            models.Index(fields=["digest"], name="outbox_counted", condition=Q(digest__isnull=False)),
            models.Index(
                fields=["failing_at"],
                name="outbox_failing",
                condition=Q(failing_at__isnull=False, passed_on_at__isnull=True),
            ),
        ]
        constraints = [
            # Not on the column, where Django adds a second index for LIKE.
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(
                name="message_is_not_both_sent_and_dead", condition=Q(sent_at__isnull=True) | Q(dead_at__isnull=True)
            ),
        ]

    class Privacy:
        public = (
            "id",
            "school",
            "kind",
            "path",
            "dedupe_key",
            "queued_at",
            "next_try_at",
            "urgency",
            "tries",
            "last_problem",
            "sent_at",
            "dead_at",
            "about",
            "is_awaited",
            "way",
            "digest",
            "failing_at",
            "passed_on_at",
            "read_at",
        )
        personal = ("recipient", "address")
        special = ()
        retention = Retention.SHORT

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
