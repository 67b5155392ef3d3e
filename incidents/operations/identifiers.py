"""By what cases are found to belong together: accounts, addresses, apps, devices, places. Noted, and taken out."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.fingerprints import fingerprint
from accounts.models import User
from incidents.events import Event
from incidents.models import Identifier, Incident
from incidents.operations import chronology
from incidents.statuses import Identifying

_LONGEST = 500


@transaction.atomic
def add(*, incident: Incident, kind: Identifying, value: str, by: User, at: datetime) -> Identifier:
    """Note an account, address, app, device, phone or place; other cases with the same are shown beside it.

    Refused: nothing written, over 500 letters, noted already.
    """
    value = value.strip()
    if not value:
        raise Refused("value_missing", "Write what it is: the user name, the address, the device.")
    if len(value) > _LONGEST:
        raise Refused("value_long", f"That is over {_LONGEST} letters. Write the part by which it can be found again.")
    mark = fingerprint(value, of=kind.value, school_id=incident.school_id)
    Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    held = Identifier.objects.filter(incident=incident, kind=kind.value, fingerprint=mark, removed_at__isnull=True)
    if held.exists():
        raise Refused("noted_already", "That is noted on this case already.")
    row = Identifier(
        school=incident.school,
        incident=incident,
        kind=kind.value,
        value=value,
        fingerprint=mark,
        added_at=at,
        added_by=by,
    )
    row.save(force_insert=True)
    text = f"{kind.label}: {value}"
    chronology.append(incident=incident, event=Event.IDENTIFIER_ADDED, by=by, at=at, text=text)
    return row


@transaction.atomic
def remove(*, identifier: Identifier, by: User, at: datetime) -> None:
    """Take out what was noted by mistake; the chronology keeps that it stood there."""
    rows = Identifier.objects.select_for_update(of=("self",), no_key=True).select_related("incident__school")
    row: Identifier = rows.get(pk=identifier.pk)
    if row.removed_at is not None:
        raise Refused("removed_already", "That was taken out already.")
    row.removed_at, row.removed_by = at, by
    row.save(update_fields=["removed_at", "removed_by"])
    text = f"{Identifying(row.kind).label}: {row.value}"
    chronology.append(incident=row.incident, event=Event.IDENTIFIER_REMOVED, by=by, at=at, text=text)
