"""Who holds which role at which school, from when to when."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.models.people import Person
from accounts.models.users import User
from accounts.privacy import Retention


class MembershipQuerySet(SchoolQuerySet):
    """Filters over memberships."""

    def held_on(self, day: date) -> "MembershipQuerySet":
        """Return the memberships in force on a day; the last day counts."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class Membership(SchoolOwned):
    """One role of one user at one school, first to last day, and the Person that the user is there."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=32)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            ExclusionConstraint(
                name="membership_never_overlaps",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["school", "role"], name="membership_by_role")]

    class Privacy:
        public = ("id", "school", "role", "starts_on", "ends_on")
        personal = ("user", "person")
        special = ()
        retention = Retention.EMPLOYMENT

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
