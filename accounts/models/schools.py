"""Trusts, schools, and the days on which a school works."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models.functions import Lower

from accounts.models.base import Identified, SchoolOwned
from accounts.permissions import Permission
from accounts.privacy import Retention
from accounts.roles import ROLES, SAFEGUARDING_TEAM, Role, may_be_withheld


@dataclass(frozen=True)
class Withheld:
    """What the adopted policy takes from a role here, and by which clause of which policy."""

    permissions: frozenset[Permission]
    policy: str
    clause: str


class Trust(Identified):
    """A body that runs several schools."""

    name = models.CharField(max_length=200)

    class Privacy:
        public = ("id", "name")
        personal = ()
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return self.name


class School(Identified):
    """One school: its name in addresses, its hours, its telephone numbers, and what it calls its roles."""

    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=40, unique=True)
    reference_prefix = models.CharField(max_length=4)
    nation = models.CharField(max_length=16, default="england")
    phase = models.CharField(max_length=20)
    urn = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=40, default="Europe/London")
    opens_at_time = models.TimeField()
    closes_at_time = models.TimeField()
    safeguarding_phone = models.CharField(max_length=40)
    # The local authority's contact card: the last rung when nobody at the school may receive a concern.
    external_contact_name = models.CharField(max_length=120)
    external_contact_phone = models.CharField(max_length=40)
    external_contact_email = models.EmailField()
    role_titles = models.JSONField(default=dict, blank=True)
    # What the adopted policies take from roles, from which moment on; written with each adoption (`role_limits.py`).
    role_limits = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="school_opens_before_it_closes", condition=models.Q(opens_at_time__lt=models.F("closes_at_time"))
            ),
            models.UniqueConstraint(Lower("slug"), name="school_slug_unique_whatever_case"),
        ]

    class Privacy:
        public = (
            "id",
            "trust",
            "name",
            "slug",
            "reference_prefix",
            "nation",
            "phase",
            "urn",
            "time_zone",
            "opens_at_time",
            "closes_at_time",
            "safeguarding_phone",
            "external_contact_name",
            "external_contact_phone",
            "external_contact_email",
            "role_titles",
            "role_limits",
        )
        personal = ()
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return self.name

    def title_of(self, role: Role) -> str:
        """Return what this school calls the role."""
        return str(self.role_titles.get(role.value) or ROLES[role].title)

    def withheld_from(self, role: Role, *, at: datetime) -> Withheld | None:
        """Return what the policy in force takes from a role at a moment; nothing for a role that it does not name."""
        begun = [period for period in self.role_limits if datetime.fromisoformat(period["from"]) <= at]
        limit = begun[-1]["limits"].get(role.value) if begun else None
        if limit is None:
            return None
        # Only ever narrower: what the product does not give is not given, what nobody may take is not taken.
        taken = may_be_withheld(role).intersection(limit["not"])
        return Withheld(taken, begun[-1]["policy"], limit["clause"])

    def permissions_of(self, role: Role, *, at: datetime) -> frozenset[Permission]:
        """Return what a role lets a person do here at a moment: the product's, less what the policy takes from it."""
        withheld = self.withheld_from(role, at=at) if self.role_limits else None
        return ROLES[role].permissions - withheld.permissions if withheld else ROLES[role].permissions

    def safeguarding_team(self, *, at: datetime) -> frozenset[Role]:
        """Return the roles that handle concerns about children here: those of the team that the policy lets do it."""
        needed = {Permission.INCIDENT_READ, Permission.INCIDENT_WORK}
        return frozenset(role for role in SAFEGUARDING_TEAM if needed <= self.permissions_of(role, at=at))


class Term(SchoolOwned):
    """A term, first to last school day, as the school set it."""

    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="term_starts_before_it_ends", condition=models.Q(starts_on__lt=models.F("ends_on"))
            ),
            models.UniqueConstraint(fields=["school", "starts_on"], name="term_starts_once"),
        ]

    class Privacy:
        public = ("id", "school", "name", "starts_on", "ends_on")
        personal = ()
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return self.name


class ClosedDay(SchoolOwned):
    """A day within a term on which this school is closed (half-term, training, snow)."""

    day = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="closed_day_once")]

    class Privacy:
        public = ("id", "school", "day", "reason")
        personal = ()
        special = ()
        retention = Retention.SCHOOL

    def __str__(self) -> str:
        return f"{self.day:%d %B %Y}"
