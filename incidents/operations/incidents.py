"""Concerns: logged once, opened, read."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import EmergencyAccess, Person, School, User
from incidents.events import Event
from incidents.facts import flags_of, in_words, level_when_logged
from incidents.models import ConcernDraft, Incident, Interest, InvolvedPerson, Obligation
from incidents.operations import chronology, obligations, tellings, told_concerns
from incidents.references import new_reference
from incidents.routes import About, Route, choose_route, concerns_an_adult, headteachers
from incidents.statuses import Kept, Level, Part, Place, Precision, Status
from policies.engine.taxonomy import Category
from policies.models import PackAdoption
from policies.operations import adoptions

_TRIES = 12


@dataclass(frozen=True)
class Involved:
    """Somebody named on the form: a person of the school, or a description of somebody unknown, and their part."""

    part: Part
    person: Person | None = None
    description: str = ""


@dataclass(frozen=True)
class Concern:
    """What a member of staff reports. Moments are aware datetimes; `happened_at` is None when nobody knows."""

    category: Category
    narrative: str
    action_taken: str
    place: Place
    became_aware_at: datetime
    happened_at: datetime | None = None
    happened_precision: Precision = Precision.UNKNOWN
    place_detail: str = ""
    online_service: str = ""
    late_reason: str = ""
    about: About = About.NO_ADULT
    is_danger_reported: bool = False
    people: list[Involved] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """What is known already where a concern comes out of another record: the office below which it does not fall back,
    who is said to have caused harm there, and the users who had nothing to do with it there.

    All of them are kept from the new case before anybody is told of it.
    """

    least: str = ""
    alleged: list[Person] = field(default_factory=list)
    apart: Mapping[uuid.UUID, Kept] = field(default_factory=dict)


_NEW = Origin()
_APART = "As in the record that this case came from."


@transaction.atomic
def report_concern(
    *, school: School, by: User, at: datetime, draft_id: uuid.UUID, concern: Concern, origin: Origin = _NEW
) -> Incident:
    """Log a concern and tell those who handle it, all or nothing. The same draft sent twice is the same incident."""
    heads = headteachers(school, at=at) if concern.about is About.HEADTEACHER else {}
    concern = _with_the_headteacher(concern, heads)
    about, route = _route(school, concern, frozenset(heads), origin, at)
    concern = _with_the_alleged(concern, origin)
    adoption = adoptions.in_force_or_default(school=school, at=at)
    incident = _unsaved(school, by, at, draft_id, replace(concern, about=about), route, adoption)
    people = [_involved(incident, named) for named in concern.people]
    flags = flags_of(people)
    incident.level = level_when_logged(flags, is_danger=concern.is_danger_reported)
    owed = obligations.begin(case=incident, people=people, at=at)
    if not _insert(incident):
        existing = _sent_before(school, by, draft_id)
        if existing is None:
            raise Refused("draft_foreign", "This form belongs to somebody else. Start a new one.")
        if (existing.narrative, existing.action_taken) != (concern.narrative, concern.action_taken):
            raise Refused(
                "sent_changed", "This was sent already, with other words. Copy what you added into a new concern."
            )
        _forget_draft(school, by, draft_id)
        return existing
    InvolvedPerson.objects.bulk_create(people)
    _keep_apart(incident, origin)
    Obligation.objects.bulk_create(owed)
    told_concerns.settle_written(school=school, by=by, draft_id=draft_id, at=at)
    _forget_draft(school, by, draft_id)
    tellings.tell_of_new(incident=incident, route=route, people=people, rows=owed, at=at)
    chronology.append(incident=incident, event=Event.REPORTED, by=by, at=at, text="The concern was logged.")
    if flags and incident.level == Level.HIGH:
        words = f"From standard to high, because of what is known of a pupil in it: {in_words(flags)}."
        chronology.append(incident=incident, event=Event.LEVEL_SET, by=None, at=at, text=words)
    return incident


@transaction.atomic
def open_case(*, incident: Incident, by: User, at: datetime) -> None:
    """Record that somebody read the case; the first time anybody but the reporter does, the reporter's receipt says
    so.
    """
    if incident.first_opened_at is None and incident.logged_by_id != by.pk:
        incident.first_opened_at = at
        Incident.objects.filter(pk=incident.pk, first_opened_at__isnull=True).update(first_opened_at=at)
    chronology.witness(incident=incident, event=Event.READ, by=by, at=at)


@transaction.atomic
def open_own_concern(*, incident: Incident, by: User, at: datetime) -> None:
    """Record that the reporter looked at their own concern."""
    chronology.witness(incident=incident, event=Event.RECEIPT_READ, by=by, at=at)


@transaction.atomic
def note_person_read(*, person: Person, by: User, at: datetime) -> None:
    """Record that somebody looked at a person's cases together; never which cases there are.

    In a chain of the person's own: among what everybody does, it would tell that person or a relative of a case.
    """
    audit.record(
        school=person.school,
        actor=by,
        event=Event.PERSON_READ,
        target=f"person:{person.pk}",
        summary=f"{Event.PERSON_READ.label}.",
        at=at,
        chain=f"person:{person.pk}",
    )


@transaction.atomic
def note_search(*, school: School, by: User, found: int | None, at: datetime, is_apart: bool = False) -> None:
    """Record that somebody searched the text of cases and how many were found; never what they searched for.

    What somebody searched who handles cases that few may know of stands in a chain of their own.
    """
    audit.record(
        school=school,
        actor=by,
        event=Event.SEARCHED,
        target=f"school:{school.pk}",
        summary="Searched the text of cases.",
        at=at,
        data={} if found is None else {"found": found},
        chain=f"user:{by.pk}" if is_apart else audit.SCHOOL_CHAIN,
    )


@transaction.atomic
def note_emergency_list(*, school: School, emergency: EmergencyAccess, by: User, at: datetime) -> None:
    """Record that somebody to whom cases are open in an emergency looked at their list."""
    audit.record(
        school=school,
        actor=by,
        event=Event.EMERGENCY_LISTED,
        target=f"emergency:{emergency.pk}",
        summary=f"{Event.EMERGENCY_LISTED.label}.",
        at=at,
        data={"emergency": str(emergency.pk)},
    )


def _forget_draft(school: School, by: User, draft_id: uuid.UUID) -> None:
    ConcernDraft.objects.for_school(school).filter(pk=draft_id, author=by).delete()


def _sent_before(school: School, by: User, draft_id: uuid.UUID) -> Incident | None:
    return Incident.objects.for_school(school).filter(draft_id=draft_id, logged_by=by).first()


def _with_the_headteacher(concern: Concern, heads: dict[uuid.UUID, Person]) -> Concern:
    """Return the concern with the headteacher in their part where it is about them, named or not.

    Only a person's part keeps a user away from a case for good, whatever roles they come to hold.
    """
    named = {
        one.person.pk for one in concern.people if one.person and one.part is Part.ALLEGED and one.person.pk in heads
    }
    # Where several head the school and none is named, it may be about any of them.
    accused = named or set(heads)
    others = [one for one in concern.people if one.person is None or one.person.pk not in accused]
    added = [Involved(part=Part.ALLEGED, person=heads[person_id]) for person_id in sorted(accused)]
    return replace(concern, people=[*added, *others])


def _with_the_alleged(concern: Concern, origin: Origin) -> Concern:
    """Return the concern with those who are said to have caused harm where it came from, in that part."""
    before = {person.pk for person in origin.alleged}
    others = [one for one in concern.people if one.person is None or one.person.pk not in before]
    return replace(concern, people=[*others, *(Involved(Part.ALLEGED, person) for person in origin.alleged)])


def _keep_apart(incident: Incident, origin: Origin) -> None:
    """Keep away from the new case whoever had nothing to do with what it came from."""
    Interest.objects.bulk_create(
        Interest(
            school=incident.school,
            incident=incident,
            user_id=user_id,
            kind=kind.value,
            reason=_APART,
            declared_at=incident.logged_at,
            declared_by=incident.logged_by,
        )
        for user_id, kind in origin.apart.items()
    )


def _route(
    school: School, concern: Concern, heads: frozenset[uuid.UUID], origin: Origin, at: datetime
) -> tuple[About, Route]:
    alleged = [named.person for named in concern.people if named.part is Part.ALLEGED and named.person]
    about = concern.about
    if about is About.NO_ADULT and concerns_an_adult(alleged):
        about = About.ADULT
    alleged_ids = heads | {person.pk for person in (*alleged, *origin.alleged)}
    off = frozenset(origin.apart)
    return about, choose_route(school, about=about, alleged_ids=alleged_ids, at=at, off=off, least=origin.least)


def _unsaved(
    school: School,
    by: User,
    at: datetime,
    draft_id: uuid.UUID,
    concern: Concern,
    route: Route,
    adoption: PackAdoption,
) -> Incident:
    return Incident(
        school=school,
        draft_id=draft_id,
        status=Status.REPORTED,
        status_changed_at=at,
        category=concern.category.value,
        handled_by=route.handled_by,
        is_about_adult=concern.about is not About.NO_ADULT,
        is_danger_reported=concern.is_danger_reported,
        happened_at=concern.happened_at,
        happened_precision=concern.happened_precision.value,
        became_aware_at=concern.became_aware_at,
        logged_at=at,
        logged_by=by,
        place=concern.place.value,
        place_detail=concern.place_detail or None,
        online_service=concern.online_service or None,
        narrative=concern.narrative,
        action_taken=concern.action_taken,
        late_reason=concern.late_reason or None,
        adoption=adoption,
    )


def _insert(incident: Incident) -> bool:
    """Insert under a free reference; return False when the same draft was sent at the same moment by another."""
    for attempt in range(_TRIES):
        incident.reference = new_reference(incident.school.reference_prefix, length=4 if attempt < _TRIES // 2 else 6)
        try:
            with transaction.atomic():
                incident.save(force_insert=True)
        except IntegrityError as clash:
            if "incident_sent_once" in str(clash):
                return False
            if "incident_reference_once" not in str(clash):
                raise
        else:
            return True
    raise RuntimeError("No free case reference was found.")


def _involved(incident: Incident, named: Involved) -> InvolvedPerson:
    return InvolvedPerson(
        school=incident.school,
        incident=incident,
        person=named.person,
        description=named.description or None,
        part=named.part.value,
        year_group_then=named.person.year_group if named.person else "",
        form_then=named.person.form if named.person else "",
        added_at=incident.logged_at,
        added_by=incident.logged_by,
    )
