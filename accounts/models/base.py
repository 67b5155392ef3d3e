"""The bases every app's models stand on: random ids, rows that belong to a school, rows that are never changed."""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models

from accounts.errors import Refused


class Identified(models.Model):
    """A row whose id is random and made in Python, so that it tells nothing and is known before INSERT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class SchoolQuerySet(models.QuerySet[Any]):
    """Filters that every row of a school shares."""

    def for_school(self, school: models.Model) -> Self:
        """Return the rows of one school; every query of a tenant row starts here."""
        return self.filter(school=school)


class SchoolOwned(Identified):
    """A row of one school. No foreign key or unique constraint of such a row reaches across schools."""

    school = models.ForeignKey("accounts.School", on_delete=models.PROTECT, related_name="+")

    objects = SchoolQuerySet.as_manager()

    class Meta:
        abstract = True


class AppendOnlyQuerySet(SchoolQuerySet):
    """Refuses in Python what the database's trigger and grants refuse too."""

    def update(self, **kwargs: Any) -> int:
        raise Refused("append_only", "This record is only ever added to. Nothing in it can be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Refused("append_only", "This record is only ever added to. Nothing in it can be removed.")


class AppendOnly(Identified):
    """A row that is written once. Subclasses add `triggers = never_changed()` to their Meta."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Refused("append_only", "This record is only ever added to. Nothing in it can be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Refused("append_only", "This record is only ever added to. Nothing in it can be removed.")


def never_changed() -> list[pgtrigger.Trigger]:
    """Return the trigger with which PostgreSQL itself refuses UPDATE and DELETE on an append-only table."""
    return [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]
