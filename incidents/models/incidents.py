"""The incident, from the first concern to the closed case, and the people who have a part in it."""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.encryption import SealedTextField
from accounts.models import PersonKind, SchoolOwned, SchoolQuerySet, detail_of
from accounts.privacy import Retention
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.statuses import Decision, Level, Part, Status
from policies.engine.taxonomy import Category

QUEUE_ORDER = (F("level").asc(), F("next_due_at").asc(nulls_last=True), F("logged_at").desc(), F("id").asc())


# Who handles a sealed case: nobody by their role.
NAMED_PEOPLE = "named"


class IncidentQuerySet(SchoolQuerySet):
    """Filters over incidents. Who may see them is asked in `incidents/access.py`, never here."""

    def by_reference(self, reference: str) -> IncidentQuerySet:
        """Return the incident of a reference, whatever case the letters were typed in."""
        return self.filter(reference=reference.upper())

    def locked(self, pk: uuid.UUID) -> Incident:
        """Return a case that nobody else changes until the transaction ends, as it stands now."""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("school", "adoption", "logged_by")
        found: Incident = rows.get(pk=pk)
        return found

    def unfinished(self) -> IncidentQuerySet:
        """Return those that are not closed."""
        return self.exclude(status=Status.CLOSED)

    def in_queue_order(self) -> IncidentQuerySet:
        """Danger first, then what is due next, then the newest."""
        return self.order_by(*QUEUE_ORDER)

    def not_about(self, person_ids: frozenset[uuid.UUID]) -> IncidentQuerySet:
        """Leave out those in which one of these people is said to have caused harm."""
        if not person_ids:
            return self
        about = InvolvedPerson.objects.filter(incident=OuterRef("pk"), part=Part.ALLEGED, person__in=person_ids)
        return self.filter(~Exists(about))


class Incident(SchoolOwned):
    """One concern and what became of it. Sensitive text is sealed; what is plain is guarded by access."""

    reference = models.CharField(max_length=12)
    # The draft it was written in: sending twice makes one incident.
    draft_id = models.UUIDField()
    status = models.CharField(max_length=16, default=Status.REPORTED)
    status_changed_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=Level.STANDARD)
    category = models.CharField(max_length=16)
    # Who handles it: a role's key; `dsl` stands for the whole safeguarding team. Set when logged, by
    # `incidents/routes.py`.
    handled_by = models.CharField(max_length=32, default=Role.DSL)
    is_about_adult = models.BooleanField(default=False)
    is_danger_reported = models.BooleanField(default=False)

    happened_at = models.DateTimeField(null=True)
    happened_precision = models.CharField(max_length=8)
    became_aware_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    place = models.CharField(max_length=16)
    place_detail = SealedTextField(null=True)
    online_service = SealedTextField(null=True)
    narrative = SealedTextField()
    action_taken = SealedTextField()
    late_reason = SealedTextField(null=True)

    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, blank=True)
    next_due_at = models.DateTimeField(null=True)
    # What the DSL knows of it, in the words that policies ask in: `facts.py` reads both. The columns new since the
    # first version have a default in the database too, so that the version before can still log a concern.
    types = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    known = models.JSONField(default=dict, db_default={})
    # What was decided at triage, by whom; of a duplicate, the reference of the case it repeats.
    decision = models.CharField(max_length=20, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    duplicate_of = models.CharField(max_length=12, blank=True, default="", db_default="")
    # Taken over from an earlier record: nobody was late with it, and nobody was told.
    is_imported = models.BooleanField(default=False, db_default=False)
    # Somebody asked that it be closed, so, and a second person has not answered yet.
    closing_asked_at = models.DateTimeField(null=True)
    closing_asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    closing_outcome = models.CharField(max_length=20, blank=True, default="", db_default="")
    closing_reason = SealedTextField(null=True)
    # Confined to people by name: `handled_by` says so, and this who handled it before.
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    sealed_reason = SealedTextField(null=True)
    sealed_from = models.CharField(max_length=32, blank=True, default="", db_default="")
    # The edition of the school's policy by which this case is judged.
    adoption = models.ForeignKey("policies.PackAdoption", on_delete=models.PROTECT, related_name="+")

    objects = IncidentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "reference"], name="incident_reference_once"),
            models.UniqueConstraint(fields=["school", "draft_id"], name="incident_sent_once"),
            models.CheckConstraint(
                name="incident_acknowledged_by_somebody",
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_closed_by_somebody_with_an_outcome",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="incident_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="incident_duplicate_of_a_case", condition=Q(duplicate_of="") | Q(decision=Decision.DUPLICATE.value)
            ),
            models.CheckConstraint(
                name="incident_closing_asked_by_somebody",
                condition=Q(closing_asked_at__isnull=True, closing_asked_by__isnull=True, closing_outcome="")
                | (Q(closing_asked_at__isnull=False, closing_asked_by__isnull=False) & ~Q(closing_outcome="")),
            ),
            models.CheckConstraint(
                name="incident_sealed_by_somebody",
                condition=Q(sealed_at__isnull=True, sealed_by__isnull=True, sealed_reason__isnull=True, sealed_from="")
                | (
                    Q(sealed_at__isnull=False, sealed_by__isnull=False, sealed_reason__isnull=False)
                    & Q(handled_by=NAMED_PEOPLE)
                    & ~Q(sealed_from="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                "school",
                "handled_by",
                *QUEUE_ORDER,
                name="incident_queue",
                condition=~Q(status=Status.CLOSED),
            ),
            models.Index("school", "handled_by", "status", *QUEUE_ORDER, name="incident_by_status"),
            models.Index("owner", "school", *QUEUE_ORDER, name="incident_owned", condition=~Q(status=Status.CLOSED)),
            models.Index(fields=["school", "logged_at"], name="incident_lately_low", condition=Q(level=Level.LOW)),
            models.Index("logged_by", "school", F("logged_at").desc(), name="incident_mine"),
        ]

    class Privacy:
        public = (
            "id",
            "school",
            "reference",
            "draft_id",
            "status",
            "status_changed_at",
            "level",
            "handled_by",
            "logged_at",
            "first_opened_at",
            "acknowledged_at",
            "closed_at",
            "outcome",
            "next_due_at",
            "adoption",
            "decision",
            "decided_at",
            "is_imported",
            "duplicate_of",
            "closing_asked_at",
            "closing_outcome",
            "sealed_at",
            "sealed_from",
        )
        personal = ("sealed_by", "logged_by", "owner", "acknowledged_by", "closed_by", "decided_by", "closing_asked_by")
        special = (
            "category",
            "types",
            "known",
            "closing_reason",
            "sealed_reason",
            "is_about_adult",
            "is_danger_reported",
            "happened_at",
            "happened_precision",
            "became_aware_at",
            "place",
            "place_detail",
            "online_service",
            "narrative",
            "action_taken",
            "late_reason",
        )
        retention = Retention.CHILD_FILE

    # Set by `access` on the object at hand where it opened only by that: each reading is recorded with it.
    emergency_id: uuid.UUID | None = None

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        before, after = _around_reference(self.school.slug)
        return f"{before}{self.reference}{after}"

    def take_back_closing(self) -> None:
        """Forget, on the object at hand, that somebody asked for it to be closed; the caller saves it."""
        self.closing_asked_at, self.closing_asked_by = None, None
        self.closing_outcome, self.closing_reason = "", None

    @property
    def is_restricted(self) -> bool:
        """Say whether somebody other than the safeguarding team handles it, so that few may know of it."""
        return self.handled_by not in SAFEGUARDING_TEAM

    @property
    def audit_chain(self) -> str:
        """The audit chain of this case: the school's, or one of its own where few may know of it."""
        return self.chain_of(self.pk, self.handled_by)

    @staticmethod
    def chain_of(pk: uuid.UUID, handled_by: str) -> str:
        """Return the audit chain of a case of which only this is known."""
        return "school" if handled_by in SAFEGUARDING_TEAM else f"case:{pk}"

    @property
    def is_sealed(self) -> bool:
        """Say whether it is confined to people by name."""
        return self.handled_by == NAMED_PEOPLE

    @property
    def is_closed(self) -> bool:
        """Say whether the case is closed."""
        return self.status == Status.CLOSED

    @property
    def level_key(self) -> str:
        """The level as a word for tags: danger, high, standard, low."""
        return Level(self.level).name.lower()

    @property
    def category_label(self) -> str:
        """The category in the words shown to people."""
        return Category(self.category).label

    @property
    def reporter_status(self) -> str:
        """How far it is, in words for the person who logged it."""
        return Status(self.status).reporter_label


@lru_cache(maxsize=1024)
def _around_reference(school: str) -> tuple[str, str]:
    """Return what stands before and after the reference in the addresses of a school's cases."""
    before, _, after = reverse("incident-detail", kwargs={"school": school, "reference": "ANY"}).rpartition("ANY")
    return before, after


class InvolvedPerson(SchoolOwned):
    """One person's part in one incident. Year and form are kept as they were on the day."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="parts")
    # Who it is, as far as known, when nobody could be chosen from the list.
    description = SealedTextField(null=True)
    part = models.CharField(max_length=10)
    year_group_then = models.CharField(max_length=12, blank=True)
    form_then = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="person_has_one_part_in_an_incident"),
            models.CheckConstraint(
                name="involved_person_is_known_or_described",
                condition=Q(person__isnull=False) | Q(description__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["person", "part"], name="involved_by_part")]

    class Privacy:
        public = ("id", "school", "incident", "added_at")
        personal = ("added_by",)
        special = ("person", "description", "part", "year_group_then", "form_then")
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """The name, or the words in which an unknown person was described."""
        return self.person.name if self.person else (self.description or "Somebody unknown")

    @property
    def detail(self) -> str:
        """Year and form on the day, or what the person is to the school."""
        if self.person is None:
            return "Not in the school's list"
        if self.year_group_then or self.form_then:
            return detail_of(PersonKind.PUPIL, self.year_group_then, self.form_then)
        return self.person.detail

    @property
    def part_label(self) -> str:
        """The part in words."""
        return Part(self.part).label
