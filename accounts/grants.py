"""What the runtime role may do in the database: everything it needs, nothing it could hide its traces with.

The role that serves pages owns no table. It may read and write rows; of append-only tables it may only read and add; it
may never truncate, alter or drop. `manage.py migrate` applies this after every run, as the owner.
"""

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import AppendOnly, AuditChain, DataKey

_READ_ONLY = ["django_migrations"]
# Their rows change, and are never taken away: without its chain or key a record proves or says nothing any more.
_NEVER_REMOVED = (AuditChain, DataKey)


def append_only_tables() -> list[str]:
    """Return the tables whose rows are never changed."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


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
        statements += [f"REVOKE DELETE ON {quote(kept._meta.db_table)} FROM {name}" for kept in _NEVER_REMOVED]
        for statement in statements:
            cursor.execute(statement)
    return True
