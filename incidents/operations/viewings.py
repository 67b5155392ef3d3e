"""That an image was viewed which nobody should view: why it was unavoidable, and who was there."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from incidents.access import may_own
from incidents.events import Event
from incidents.models import Incident, ViewingRecord
from incidents.operations import chronology, obligations
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.vocabulary import Deed


@dataclass(frozen=True)
class Viewed:
    """Why, who decided, who viewed, who else was there, where and when; what it showed stands in words alone."""

    why: str
    tried: str
    decider: User
    viewed_at: datetime
    viewed_by: User
    place: str
    present: User | None = None
    present_words: str = ""
    seen: str = ""


@transaction.atomic
def record(*, incident: Incident, viewing_id: uuid.UUID, viewed: Viewed, by: User, at: datetime) -> ViewingRecord:
    """Record a viewing, by whoever handles the case; it discharges that viewing is written down. Once, however often
    it is sent.

    From then on it is known of the case that the images were viewed, and the policy is asked again. Refused: by anybody
    else, without a second person, without the reason and what was tried before.
    """
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school", "adoption")
    case: Incident = rows.get(pk=incident.pk)
    made: ViewingRecord | None = ViewingRecord.objects.filter(pk=viewing_id, incident=case).first()
    if made is not None:
        return made
    if not may_own(by, case, at=at):
        raise Refused("not_yours", "Only those who handle this case record that an image was viewed.")
    _check(viewed, at)
    row = ViewingRecord(
        pk=viewing_id,
        school=case.school,
        incident=case,
        why=viewed.why,
        tried=viewed.tried,
        decider=viewed.decider,
        viewed_at=viewed.viewed_at,
        viewed_by=viewed.viewed_by,
        present=viewed.present,
        present_words=as_typed(viewed.present_words) if viewed.present is None else None,
        place=viewed.place,
        seen=as_typed(viewed.seen),
        recorded_at=at,
        recorded_by=by,
    )
    row.save(force_insert=True)
    words, data = _told(row), {"viewing": str(row.pk)}
    chronology.append(
        incident=case,
        event=Event.VIEWING_RECORDED,
        by=by,
        at=at,
        text=words,
        happened_at=row.viewed_at,
        data=data,
    )
    if not case.is_closed and case.known.get("imagery_viewed") is not True:
        case.known = {**case.known, "imagery_viewed": True}
        case.save(update_fields=["known"])
        obligations.apply(incident=case, at=at)
    obligations.settle_deeds(incident=case, deeds=(Deed.DOCUMENT_VIEWING,), words=words, by=by, at=at)
    return row


def _check(viewed: Viewed, at: datetime) -> None:
    if not (viewed.why.strip() and viewed.tried.strip()):
        raise Refused("why_missing", "Write down why it could not be avoided, and what was tried before.")
    if viewed.viewed_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    if not viewed.place.strip():
        raise Refused("place_missing", "Write down where it was viewed.")
    if viewed.present is None and not viewed.present_words.strip():
        raise Refused("second_missing", "Name the second person who was there.")
    if viewed.present is not None and viewed.present.pk == viewed.viewed_by.pk:
        raise Refused("second_missing", "The second person is somebody else than whoever viewed it.")


def _told(row: ViewingRecord) -> str:
    local = timezone.localtime(row.viewed_at)
    seen = f" Seen: {row.seen}" if row.seen else ""
    return (
        f"Viewed by {row.viewed_by.full_name}, {row.beside} present, {day_in_words(row.viewed_at)} at "
        f"{local.hour}:{local:%M}, {row.place}. Decided by {row.decider.full_name}: {row.why} "
        f"Tried before: {row.tried}{seen}"
    )
