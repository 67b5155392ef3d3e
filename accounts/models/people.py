"""The people of a school as its information system knows them, and how they are related."""

import unicodedata
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models.base import SchoolOwned, SchoolQuerySet
from accounts.privacy import Retention


class PersonKind(StrEnum):
    """What somebody is to a school."""

    PUPIL = "pupil"
    STAFF = "staff"
    VOLUNTEER = "volunteer"
    CONTRACTOR = "contractor"
    CONTACT = "contact"
    VISITOR = "visitor"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word shown beside a name."""
        return {
            "pupil": "Pupil",
            "staff": "Staff",
            "volunteer": "Volunteer",
            "contractor": "Contractor",
            "contact": "Parent or carer",
            "visitor": "Visitor",
            "other": "Other",
        }[self.value]


# Adults who work or help at a school, whoever pays them: a concern about their conduct is one about an adult here.
WORKS_OR_HELPS = frozenset({PersonKind.STAFF, PersonKind.VOLUNTEER, PersonKind.CONTRACTOR})


class Vulnerability(StrEnum):
    """Circumstances that may raise the level of a concern and never lower it."""

    SEND = "send"
    LOOKED_AFTER = "looked_after"
    EAL = "eal"
    YOUNG_CARER = "young_carer"
    CHILD_PROTECTION_PLAN = "child_protection_plan"

    @property
    def label(self) -> str:
        """The words shown on the case page."""
        return {
            "send": "Special educational needs or disability",
            "looked_after": "Looked-after child",
            "eal": "English as an additional language",
            "young_carer": "Young carer",
            "child_protection_plan": "Child protection plan",
        }[self.value]


class Relation(StrEnum):
    """How two people of a school are related; enough to keep a relative away from a case."""

    PARENT = "parent"
    SIBLING = "sibling"
    PARTNER = "partner"
    RELATIVE = "relative"


# Letters that no decomposition takes apart, and the apostrophes that keyboards and word processors write.
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "’": "'",
        "‘": "'",
        "\u02bc": "'",
        "`": "'",
    }
)


def searchable(text: str) -> str:
    """Return text in lower case without accents, as the search column holds a name."""
    if text.isascii() and "`" not in text:
        return text.lower().strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    # Accents fall away, and so do marks that nobody sees, such as those that turn the direction of writing.
    seen = (letter for letter in decomposed if unicodedata.category(letter) not in ("Mn", "Cf"))
    return "".join(seen).translate(_PLAIN).strip()


def detail_of(kind: str, year_group: str, form: str) -> str:
    """Return what tells two people of the same name apart: year and form, or what they are to the school."""
    if kind != PersonKind.PUPIL:
        return PersonKind(kind).label
    year = f"Year {year_group}" if year_group.isdigit() else year_group
    return ", ".join(part for part in (year, form) if part) or "Pupil"


class PersonQuerySet(SchoolQuerySet):
    """Filters over people."""

    def present(self) -> "PersonQuerySet":
        """Return those who have not left."""
        return self.filter(left_on__isnull=True)


class Person(SchoolOwned):
    """Somebody at one school. The same human being at two schools is two rows."""

    kind = models.CharField(max_length=10)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    search_name = models.CharField(max_length=170, editable=False)
    year_group = models.CharField(max_length=12, blank=True)
    form = models.CharField(max_length=20, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    vulnerabilities = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    left_on = models.DateField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "upn"], condition=~Q(upn=""), name="person_upn_once_a_school"),
            models.UniqueConstraint(
                fields=["school", "source_id"], condition=~Q(source_id=""), name="person_source_once_a_school"
            ),
        ]
        indexes = [models.Index(fields=["school", "search_name"], name="person_by_name")]

    class Privacy:
        public = ("id", "school", "kind", "left_on")
        personal = ("given_name", "family_name", "search_name", "year_group", "form", "upn", "source_id")
        special = ("vulnerabilities",)
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = searchable(f"{self.given_name} {self.family_name}")
        fields = kwargs.get("update_fields")
        if fields is not None and {"given_name", "family_name"} & set(fields):
            kwargs["update_fields"] = {*fields, "search_name"}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def detail(self) -> str:
        """What tells two people of the same name apart: year and form, or what they are to the school."""
        return detail_of(self.kind, self.year_group, self.form)


class Relationship(SchoolOwned):
    """Two people of one school who are related, in either direction."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    related = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships_to")
    relation = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "person", "related"], name="relationship_once"),
            models.CheckConstraint(name="nobody_is_their_own_relative", condition=~Q(person=models.F("related"))),
        ]

    class Privacy:
        public = ("id", "school")
        personal = ("person", "related", "relation")
        special = ()
        retention = Retention.CHILD_FILE

    def __str__(self) -> str:
        return f"{self.relation} {self.pk}"
