"""The views of the queue that somebody keeps."""

import json
import uuid
from dataclasses import dataclass, fields

from accounts.models import School, User
from incidents.models import SavedView
from incidents.queries.incidents import QueueFilter

_FIELDS = {field.name for field in fields(QueueFilter)}


@dataclass(frozen=True)
class KeptView:
    """A filter and its name."""

    id: uuid.UUID
    name: str
    chosen: QueueFilter


def views_of(school: School, user: User) -> list[KeptView]:
    """Return what this user keeps at the school, by name; one query."""
    rows = SavedView.objects.for_school(school).filter(user=user)
    return sorted((_kept(row) for row in rows), key=lambda view: view.name.casefold())


def _kept(row: SavedView) -> KeptView:
    chosen = json.loads(row.chosen)
    return KeptView(row.pk, row.name, QueueFilter(**{name: chosen[name] for name in _FIELDS & set(chosen)}))
