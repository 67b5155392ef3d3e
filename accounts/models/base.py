"""The bases every app's models stand on: random ids, rows that belong to a school, rows that are never changed."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.db import connections, models
from django.db.models.expressions import RawSQL

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

    def insert_rows(
        self, rows: Sequence[Mapping[str, Any]], *, alike: Mapping[str, Any], skip_known: bool = False
    ) -> None:
        """Write many rows in one statement and make no models of them, which takes a fraction of `bulk_create`.

        Columns are named as in the database, the same ones in every row; `alike` holds those that are alike in all.
        What is left out gets the model's default, and an id that nobody has to know is made by the database. Not for
        sealed columns. With `skip_known`, rows that stand there already are left alone.
        """
        if not rows:
            return
        base = {**_defaults(self.model), **alike}
        names = ", ".join(dict.fromkeys([*rows[0], *base]))
        values = names if "id" in rows[0] else f"gen_random_uuid(), {names}"
        names = names if "id" in rows[0] else f"id, {names}"
        table = self.model._meta.db_table
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {table} ({names})
                SELECT {values} FROM json_populate_recordset(json_populate_record(NULL::{table}, %s), %s)
                {"ON CONFLICT DO NOTHING" if skip_known else ""}
                """,  # noqa: S608 - tables and columns are named by us
                [json.dumps(base, default=_as_text), json.dumps(list(rows), default=_as_text)],
            )


def among(ids: Iterable[uuid.UUID]) -> RawSQL:
    """Return what `pk__in=` and its like take for many ids: one value, where a list is one parameter for each."""
    return RawSQL("SELECT unnest(%s::uuid[])", [as_array(ids)])


def as_array(ids: Iterable[uuid.UUID]) -> str:
    """Write ids as PostgreSQL reads them at once, for `%s::uuid[]`; a list is read one by one."""
    return f"{{{','.join(map(str, ids))}}}"


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    made_by_the_database = (field for field in model._meta.concrete_fields if field.generated or field.has_db_default())
    known = {"id", *(field.attname for field in made_by_the_database)}
    return {field.attname: field.get_default() for field in model._meta.concrete_fields if field.attname not in known}


def _as_text(value: uuid.UUID | datetime | bytes) -> str:
    """Write as JSON what it has no form for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value.isoformat() if isinstance(value, datetime) else str(value)


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
