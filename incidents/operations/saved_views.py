"""Filters of the queue, kept under a name. They are their owner's alone and open nothing."""

import json
import uuid
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import School, User
from incidents.models import SavedView
from incidents.queries.incidents import QueueFilter

MOST = 12
_LONGEST = 60


@transaction.atomic
def save(*, school: School, user: User, name: str, chosen: QueueFilter, at: datetime) -> SavedView:
    """Keep a filter under a name; the same name again takes the place of the one before.

    Refused: no name, a name over 60 letters, nothing filtered, more than 12.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused("name_missing", "Give the view a name.")
    if len(name) > _LONGEST:
        raise Refused("name_long", f"That name is over {_LONGEST} letters. Choose a shorter one.")
    if not chosen.is_active:
        raise Refused("nothing_chosen", "Filter the cases first. Then this keeps the filter.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = {row.name.casefold(): row for row in SavedView.objects.for_school(school).filter(user=user)}
    row: SavedView | None = held.get(name.casefold())
    if row is None and len(held) >= MOST:
        raise Refused("too_many", f"You keep {MOST} views already. Take one away first.")
    row = row or SavedView(school=school, user=user)
    row.name, row.chosen, row.saved_at = name, json.dumps(asdict(chosen)), at
    row.save()
    return row


@transaction.atomic
def drop(*, school: School, user: User, view_id: uuid.UUID) -> bool:
    """Take away a view of this user; say whether there was one."""
    gone, _ = SavedView.objects.for_school(school).filter(user=user, pk=view_id).delete()
    return bool(gone)
