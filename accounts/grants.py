"""What the runtime role may do in the database: everything it needs, nothing it could hide its traces with.

The role that serves pages owns no table. It may read and write rows; of append-only tables it may only read and add; it
may never truncate, alter or drop. `manage.py migrate` applies this after every run, as the owner.
"""

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import AppendOnly, AuditChain, DataKey
from accounts.privacy import Retention

_READ_ONLY = ["django_migrations"]
# Their rows change, and are never taken away: without its chain or key a record proves or says nothing any more. Nor is
# anything of a case, unless its model says `is_removable`.
_NEVER_REMOVED = (AuditChain, DataKey)
_OF_CASES = (Retention.CHILD_FILE, Retention.ADULT_FILE)


def append_only_tables() -> list[str]:
    """Return the tables whose rows are never changed."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


def kept_tables() -> list[str]:
    """Return the tables whose rows may change and are never removed."""
    kept = {model._meta.db_table for model in _NEVER_REMOVED}
    for model in apps.get_models():
        privacy = getattr(model, "Privacy", None)
        if getattr(privacy, "retention", None) in _OF_CASES and not getattr(privacy, "is_removable", False):
            kept.add(model._meta.db_table)
    return sorted(kept)


def apply_grants(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Give the runtime role what it needs and no more; return False when we are that role ourselves.

    (Where one role does everything, there is nobody to grant anything to.)
    """
    name = connection.ops.quote_name(role)
    # All or nothing: between taking everything away and giving it back, nobody could work.
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        current, exists = cursor.fetchone()
        if current == role or not exists:
            return False
        statements = [
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        ]
        quote = connection.ops.quote_name
        statements += [f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {name}" for table in append_only_tables()]
        statements += [f"REVOKE INSERT, UPDATE, DELETE ON {quote(table)} FROM {name}" for table in _READ_ONLY]
        statements += [f"REVOKE DELETE ON {quote(table)} FROM {name}" for table in kept_tables()]
        for statement in statements:
            cursor.execute(statement)
    return True
