"""Who is away from a school, from when to when. Why is nobody's business here, and is not kept."""

from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.models.users import User
from accounts.privacy import Retention


class AbsenceQuerySet(SchoolQuerySet):
    """Filters over absences."""

    def standing(self, at: datetime) -> "AbsenceQuerySet":
        """Return those that are not over: they go on, or are still to come."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))

    def covering(self, at: datetime) -> "AbsenceQuerySet":
        """Return those that go on at a moment."""
        return self.standing(at).filter(starts_at__lte=at)


class Absence(SchoolOwned):
    """One time in which one user is away from one school. It changes who is told, never who may see or handle."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    # Nothing: until they say that they are back.
    ends_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AbsenceQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_starts", condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at"))
            ),
            ExclusionConstraint(
                name="absence_never_overlaps",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    class Privacy:
        public = ("id", "school", "added_at")
        personal = ("user", "starts_at", "ends_at", "added_by")
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def last_moment(self) -> datetime | None:
        """The last moment of the last day, since an absence ends with the first minute of the next."""
        return self.ends_at - timedelta(seconds=1) if self.ends_at else None
