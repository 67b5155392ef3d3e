"""Ties between cases: belonging together, merged into one, taken out as a case of its own.

A tie never makes a case known to anybody who may not read it. Of two cases that different offices handle, the one that
more people may read keeps silent about the other.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.access import apart_from
from incidents.events import Event
from incidents.models import CaseLink, Incident, Interest, InvolvedPerson
from incidents.operations import chronology, obligations, parts, sharing, triage, workflow
from incidents.operations.incidents import Concern, Involved, Origin, report_concern
from incidents.queries.people import involved_people
from incidents.routes import About
from incidents.statuses import Decision, Kept, Link, Outcome, Part, Place, Precision, Status
from incidents.words import as_typed
from policies.engine.taxonomy import Category


@transaction.atomic
def link(*, incident: Incident, other: Incident, reason: str, by: User, at: datetime) -> CaseLink:
    """Say that two cases belong together, and why. Refused: with itself, twice, or without a reason."""
    _both(incident, other, reason)
    tie = _tie(incident, other, Link.RELATED, reason, by, at)
    _tell_both(incident, other, Event.LINKED, reason, by, at)
    return tie


@transaction.atomic
def undo(*, tie: CaseLink, reason: str, by: User, at: datetime) -> None:
    """Say that two cases do not belong together after all; what was merged or taken out stays as it is."""
    held = CaseLink.objects.select_for_update(of=("self",), no_key=True).select_related(
        "incident__school", "other__school"
    )
    row: CaseLink = held.get(pk=tie.pk)
    if row.kind != Link.RELATED:
        raise Refused("not_undone", "What was merged or taken out stays so. Open the other case again if it is needed.")
    if row.undone_at is not None:
        raise Refused("undone_already", "These cases are not tied any more.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why they do not belong together. It is kept.")
    row.undone_at, row.undone_by, row.undone_reason = at, by, reason
    row.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _tell_both(row.incident, row.other, Event.LINK_UNDONE, reason, by, at)


@transaction.atomic
def merge(*, incident: Incident, into: Incident, reason: str, by: User, at: datetime) -> CaseLink:
    """Make a duplicate part of another case: its people and words go there, what is owed is owed there, and it closes.

    Whoever may not open the duplicate may not open the other from then on: that comes before its words.

    Refused: cases that different offices handle, since one would become known to those who handle the other; a closed
    one; without a reason.
    """
    duplicate, target = _locked(incident, into)
    _both(duplicate, target, reason)
    if not _same_office(duplicate, target):
        raise Refused("other_office", "Different people handle these cases. Tie them instead; each stays where it is.")
    if duplicate.is_closed or target.is_closed:
        raise Refused("case_closed", "One of these cases is closed. Open it again first.")
    tie = _tie(duplicate, target, Link.MERGED, reason, by, at)
    _bring_people(duplicate, target, by, at)
    _bring_apart(duplicate, target, by, at)
    parts.leave_to_others(incident=target, by=by, at=at)
    target = _locked(target)[0]
    if duplicate.level < target.level:
        target.level = duplicate.level
        target.save(update_fields=["level"])
    words = f"{duplicate.reference} was merged into this case: {reason}\n\nWhat was logged there:\n"
    text = f"{words}{duplicate.narrative}\n\nWhat was done: {duplicate.action_taken}"
    chronology.append(incident=target, event=Event.MERGED, by=by, at=at, text=text)
    obligations.apply(incident=target, at=at)
    _close_duplicate(duplicate, target, reason, by, at)
    return tie


@transaction.atomic
def split(
    *, incident: Incident, people: Collection[uuid.UUID], words: str, category: Category, by: User, at: datetime
) -> Incident:
    """Make a concern of its own of a part of a case, about some of its people (ids of their parts), and return it.

    It is logged as any other, by whoever takes it out and now: it goes to whoever handles such concerns, and brings
    what the policy asks of it, though it falls to no office below the one that handles this case. Whoever is said to
    have caused harm here, or has nothing to do with it, is kept from the new one too. The case that it came from stays
    as it is.
    """
    if not words.strip():
        raise Refused("words_missing", "Write what the new case is about. What stands here already stays here.")
    if incident.is_sealed:
        raise Refused("sealed", "This case is confined to people by name. A part of it would be seen by others.")
    chosen = list(InvolvedPerson.objects.filter(incident=incident, pk__in=people).select_related("person"))
    if not chosen:
        raise Refused("nobody_chosen", "Choose at least one person whom the new case is about.")
    concern = Concern(
        category=category,
        narrative=words,
        action_taken=f"Taken out of {incident.reference}, where it was found.",
        place=Place(incident.place),
        became_aware_at=at,
        happened_at=incident.happened_at,
        happened_precision=Precision(incident.happened_precision),
        place_detail=incident.place_detail or "",
        online_service=incident.online_service or "",
        about=About.ADULT if incident.is_about_adult else About.NO_ADULT,
        people=[Involved(Part(row.part), row.person, row.description or "") for row in chosen],
    )
    origin = _origin(incident)
    new = report_concern(school=incident.school, by=by, at=at, draft_id=uuid.uuid4(), concern=concern, origin=origin)
    _tie(new, incident, Link.SPLIT, words, by, at)
    _tell_both(new, incident, Event.SPLIT, "", by, at)
    return new


def _same_office(case: Incident, other: Incident) -> bool:
    """Say whether whoever reads the one reads the other; of two sealed cases nobody can say so."""
    return case.handled_by == other.handled_by and not case.is_sealed


def _locked(*cases: Incident) -> list[Incident]:
    """Lock cases in one order, whoever asks, and return them in the order they were given."""
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related(
        "school", "logged_by", "adoption"
    )
    found = {row.pk: row for row in rows.filter(pk__in=[case.pk for case in cases]).order_by("pk")}
    return [found[case.pk] for case in cases]


def _both(incident: Incident, other: Incident, reason: str) -> None:
    if incident.pk == other.pk:
        raise Refused("same_case", "That is this case. Give the reference of the other one.")
    if incident.school_id != other.school_id:
        raise Refused("other_school", "There is no such case.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with both cases.")
    ties = CaseLink.objects.filter(undone_at__isnull=True)
    if ties.filter(incident=incident, other=other).exists() or ties.filter(incident=other, other=incident).exists():
        raise Refused("tied_already", "These cases are tied already.")


def _tie(incident: Incident, other: Incident, kind: Link, reason: str, by: User, at: datetime) -> CaseLink:
    row = CaseLink(
        school=incident.school,
        incident=incident,
        other=other,
        kind=kind.value,
        reason=reason,
        linked_at=at,
        linked_by=by,
    )
    row.save(force_insert=True)
    return row


def _tell_both(incident: Incident, other: Incident, event: Event, reason: str, by: User, at: datetime) -> None:
    """Write it down on both cases; where different offices handle them, on the one alone that fewer may read."""
    for case, its_other in ((incident, other), (other, incident)):
        if _same_office(case, its_other):
            text = f"{its_other.reference}. {reason}" if reason.strip() else f"{its_other.reference}."
        elif case.is_restricted:
            text = as_typed(reason) or "Another case."
        else:
            continue
        chronology.append(incident=case, event=event, by=by, at=at, text=text)


def _origin(incident: Incident) -> Origin:
    people = [row.person for row in involved_people(incident) if row.part == Part.ALLEGED and row.person]
    return Origin(least=incident.handled_by, alleged=people, apart=apart_from(incident))


def _bring_apart(duplicate: Incident, target: Incident, by: User, at: datetime) -> None:
    """Keep from a case whoever has nothing to do with its duplicate, for the reason that stands there."""
    there = apart_from(target)
    for row in Interest.objects.filter(incident=duplicate, ended_at__isnull=True).select_related("user"):
        if row.user_id not in there:
            kind = Kept(row.kind)
            sharing.step_back(incident=target, user=row.user, kind=kind, reason=row.reason, by=by, at=at)


def _accuse(row: InvolvedPerson, duplicate: Incident, target: Incident, by: User, at: datetime) -> None:
    """Say of somebody named in a case what its duplicate says: that they caused harm."""
    before = row.part_label.lower()
    row.part = Part.ALLEGED.value
    row.save(update_fields=["part"])
    text = f"{row.name}: {before} → {row.part_label.lower()}. As in {duplicate.reference}."
    chronology.append(incident=target, event=Event.PART_CHANGED, by=by, at=at, text=text)


def _bring_people(duplicate: Incident, target: Incident, by: User, at: datetime) -> None:
    there = {row.person_id: row for row in involved_people(target) if row.person_id}
    brought = involved_people(duplicate)
    for row in brought:
        known = there.get(row.person_id) if row.person_id else None
        if known is not None and row.part == Part.ALLEGED != known.part:
            _accuse(known, duplicate, target, by, at)
    moved = [
        InvolvedPerson(
            school=target.school,
            incident=target,
            person=row.person,
            description=row.description,
            part=row.part,
            year_group_then=row.year_group_then,
            form_then=row.form_then,
            added_at=at,
            added_by=by,
        )
        for row in brought
        if row.person_id not in there
    ]
    InvolvedPerson.objects.bulk_create(moved)


def _close_duplicate(duplicate: Incident, target: Incident, reason: str, by: User, at: datetime) -> None:
    """Close it as what it is. What people still have to do there is refused by the guard, so that nothing is lost."""
    decision = Decision.DUPLICATE
    triage.decide(incident=duplicate, decision=decision, reason=reason, duplicate_of=target, by=by, at=at)
    words = f"Merged into {target.reference}. {reason}"
    workflow.advance(incident=duplicate, to=Status.CLOSED, by=by, at=at, reason=words, outcome=Outcome.DUPLICATE)
