"""Rows with sealed text, and what stands of them in the database."""

from django.db import connection

from accounts.models import School, User
from incidents.models import ConcernDraft, Incident, InvolvedPerson
from tests.factories import NOW


def kept(school: School, author: User, text: str) -> ConcernDraft:
    """Keep a draft with exactly this text."""
    draft = ConcernDraft(school=school, author=author, started_at=NOW, saved_at=NOW, content=text)
    draft.save(force_insert=True)
    return draft


def stored(draft: ConcernDraft) -> bytes:
    """Return what stands in the database."""
    return column_of(draft, "content")


def column_of(row: ConcernDraft | Incident | InvolvedPerson, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {row._meta.db_table} WHERE id = %s', [row.pk])  # noqa: S608
        return bytes(cursor.fetchone()[0])


def put(draft: ConcernDraft, sealed: bytes) -> ConcernDraft:
    """Write bytes into the database behind the application's back and load the row again."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_concerndraft SET content = %s WHERE id = %s", [sealed, draft.pk])
    return ConcernDraft.objects.get(pk=draft.pk)
