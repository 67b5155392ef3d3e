"""Which edition of which pack a school adopted, from when to when; and the editions themselves, word for word."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import AppendOnly, SchoolOwned, SchoolQuerySet, never_changed
from accounts.privacy import Retention


class PackEdition(AppendOnly):
    """The text of a pack as it was when a school adopted it, or a pack that stands on it. Never changed.

    What a case was judged by can be read and evaluated again, whatever later versions of the product ship.
    """

    pack_id = models.CharField(max_length=80)
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    content_hash = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    class Meta:
        triggers = never_changed()

    class Privacy:
        public = ("id", "pack_id", "edition", "title", "content_hash", "text")
        personal = ()
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return f"{self.pack_id} {self.edition}"


class PackAdoptionQuerySet(SchoolQuerySet):
    """Filters over adoptions."""

    def standing(self) -> "PackAdoptionQuerySet":
        """Leave out what was withdrawn before it began."""
        return self.filter(withdrawn_at__isnull=True)

    def in_force(self, at: datetime) -> "PackAdoptionQuerySet":
        """Return the adoption in force at a moment; it ends at the moment at which the next begins."""
        return self.standing().filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)


class PackAdoption(SchoolOwned):
    """A school adopts a pack with the layers it stands on, from a moment; at most one is ever in force."""

    edition = models.ForeignKey(PackEdition, on_delete=models.PROTECT, related_name="+")
    # Content hashes of every pack that speaks, the floor first and the school's own last.
    layers = ArrayField(models.CharField(max_length=64))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    adopted_at = models.DateTimeField()
    # Nobody: the product's own default, which speaks until the school adopts its policy.
    adopted_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PackAdoptionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="adoption_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="adoption_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            ExclusionConstraint(
                name="adoption_never_overlaps",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    (Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    class Privacy:
        public = ("id", "school", "edition", "layers", "starts_at", "ends_at", "note", "adopted_at", "withdrawn_at")
        personal = ("adopted_by", "withdrawn_by")
        special = ()
        retention = Retention.LEDGER

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_default(self) -> bool:
        """Say whether this is the product's own default, which no person adopted."""
        return self.adopted_by_id is None
