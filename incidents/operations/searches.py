"""Searches: recorded whether anything was found or not."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import Person, School, User
from accounts.queries.members import holders
from accounts.roles import Role
from incidents.devices import Authority
from incidents.events import Event
from incidents.models import Incident, SearchRecord
from incidents.operations import chronology, obligations
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.vocabulary import Deed


@dataclass(frozen=True)
class Searched:
    """What is to be known of a search. Words that are not needed stay empty."""

    authority: Authority
    authoriser: User
    searched_at: datetime
    searched_by: User
    place: str
    grounds: str
    sought: str
    is_explained: bool
    is_agreed: bool
    has_found: bool
    is_parent_told: bool
    pupil: Person | None = None
    pupil_words: str = ""
    witness: User | None = None
    witness_words: str = ""
    urgency: str = ""
    agreed_words: str = ""
    found: str = ""
    parent_words: str = ""
    follow_up: str = ""


@transaction.atomic
def record(
    *,
    school: School,
    search_id: uuid.UUID,
    searched: Searched,
    by: User,
    at: datetime,
    incident: Incident | None = None,
) -> SearchRecord:
    """Record a search. On a case it discharges that searches are recorded. Sent twice it is recorded once.

    Refused: a moment to come, an authoriser who is not what is said of them, whoever searched as their own witness, no
    witness without the reason, no consent without words, and something found that nobody describes.
    """
    made: SearchRecord | None = SearchRecord.objects.for_school(school).filter(pk=search_id).first()
    if made is not None:
        return made
    _check(school, searched, at)
    row = _unsaved(school, incident, search_id, searched, by, at)
    row.save(force_insert=True)
    if incident is None:
        target, summary = f"search:{row.pk}", f"{Event.SEARCH_RECORDED.label}."
        audit.record(school=school, actor=by, event=Event.SEARCH_RECORDED, target=target, summary=summary, at=at)
        return row
    words = _told(row)
    data = {"search": str(row.pk)}
    chronology.append(
        incident=incident,
        event=Event.SEARCH_RECORDED,
        by=by,
        at=at,
        text=words,
        happened_at=row.searched_at,
        data=data,
    )
    obligations.settle_deeds(incident=incident, deeds=(Deed.SEARCH_RECORD,), words=words, by=by, at=at)
    return row


def _unsaved(
    school: School, incident: Incident | None, search_id: uuid.UUID, searched: Searched, by: User, at: datetime
) -> SearchRecord:
    return SearchRecord(
        pk=search_id,
        school=school,
        incident=incident,
        pupil=searched.pupil,
        pupil_words=as_typed(searched.pupil_words),
        authority=searched.authority.value,
        authoriser=searched.authoriser,
        searched_at=searched.searched_at,
        searched_by=searched.searched_by,
        witness=searched.witness,
        witness_words=as_typed(searched.witness_words),
        place=searched.place,
        grounds=searched.grounds,
        urgency=as_typed(searched.urgency),
        is_explained=searched.is_explained,
        is_agreed=searched.is_agreed,
        agreed_words=as_typed(searched.agreed_words),
        sought=searched.sought,
        has_found=searched.has_found,
        found=as_typed(searched.found),
        is_parent_told=searched.is_parent_told,
        parent_words=as_typed(searched.parent_words),
        follow_up=as_typed(searched.follow_up),
        recorded_at=at,
        recorded_by=by,
    )


def _check(school: School, searched: Searched, at: datetime) -> None:
    if searched.searched_at > at:
        raise Refused("in_the_future", "That is in the future. Check the day and the time.")
    if searched.pupil is None and not searched.pupil_words.strip():
        raise Refused("pupil_missing", "Say who was searched.")
    if not (searched.place.strip() and searched.grounds.strip() and searched.sought.strip()):
        raise Refused("words_missing", "Write down where it was, on what grounds, and what was sought.")
    if searched.authority is Authority.HEADTEACHER:
        heads = holders(school, frozenset({Role.HEADTEACHER}), at=at, even_absent=True)
        if searched.authoriser.pk not in {one.user.pk for one in heads}:
            raise Refused("not_the_head", f"{searched.authoriser.full_name} is not the headteacher.")
    _check_words(searched)


def _check_words(searched: Searched) -> None:
    if searched.witness is not None and searched.witness.pk == searched.searched_by.pk:
        raise Refused(
            "own_witness", "Whoever searched is not the witness. Choose somebody else, or say why nobody was."
        )
    if searched.witness is None and not searched.witness_words.strip():
        raise Refused("witness_missing", "Choose who was there, or say why nobody was.")
    if not searched.is_agreed and not searched.agreed_words.strip():
        raise Refused("agreed_missing", "Write down what was said, and why it was searched all the same.")
    if searched.has_found and not searched.found.strip():
        raise Refused("found_missing", "Write down what was found. Describe images in words.")
    if not searched.is_parent_told and not searched.parent_words.strip():
        raise Refused("parent_missing", "Write down why they were not told yet, and who tells them.")


def _told(row: SearchRecord) -> str:
    local = timezone.localtime(row.searched_at)
    found = f"Found: {row.found}" if row.has_found else "Nothing was found."
    told = "Parents told." if row.is_parent_told else "Parents not told yet."
    return (
        f"{row.whom}, {day_in_words(row.searched_at)} at {local.hour}:{local:%M}. Searched by "
        f"{row.searched_by.full_name}; there: {row.beside}. Authorised by {row.authoriser.full_name} "
        f"({row.authority_label.lower()}). Grounds: {row.grounds} Sought: {row.sought} {found} {told}"
    )
