"""What somebody's part in a case is: given, changed by two people where it matters, and what follows when it is an
adult who works or helps here who is said to have caused harm.

Then there are two strands. The child's case stays with the safeguarding team, closed to that person and their relatives
from the next page on; what concerns the adult becomes a case of its own, with readers of its own, for whoever handles
such concerns. The child's case says no more of that than that it was passed on.
"""

import uuid
from datetime import datetime

from django.db import transaction

from accounts import outbox
from accounts.access import conflicts_of
from accounts.errors import Refused
from accounts.models import User
from incidents import notifications
from incidents.access import apart_from, barred_from, may_own, possible_owners
from incidents.events import Event
from incidents.models import CaseLink, Incident, InvolvedPerson
from incidents.operations import chronology, obligations, routing
from incidents.operations.incidents import Concern, Involved, Origin, report_concern
from incidents.queries.people import involved_people
from incidents.routes import About, Route, concerns_an_adult
from incidents.statuses import Kept, Link, Part, Place, Precision
from policies.engine.taxonomy import Category

PASSED_ON = "What concerns an adult who works or helps here was passed on to the person who handles such concerns."
_SEALED = "Somebody who works or helps here was named on a case that is confined to people by name. Ask {name} for it."


@transaction.atomic
def name(*, incident: Incident, named: Involved, by: User, at: datetime) -> InvolvedPerson:
    """Name somebody more on a case, with their part, and do what follows from it.

    Refused: on a closed case, for nobody, and for somebody who is named already.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    _check_open(case)
    if named.person is None and not named.description.strip():
        raise Refused("nobody_named", "Choose somebody, or describe them.")
    if named.person and InvolvedPerson.objects.filter(incident=case, person=named.person).exists():
        raise Refused("named_already", f"{named.person.name} is named on this case already.")
    row = InvolvedPerson(
        school=case.school,
        incident=case,
        person=named.person,
        description=None if named.person else named.description,
        part=named.part.value,
        year_group_then=named.person.year_group if named.person else "",
        form_then=named.person.form if named.person else "",
        added_at=at,
        added_by=by,
    )
    row.save(force_insert=True)
    text = f"{row.name}: {row.part_label.lower()}."
    chronology.append(incident=case, event=Event.PERSON_ADDED, by=by, at=at, text=text)
    _follow(case, row, by, at)
    return row


@transaction.atomic
def change(
    *, row: InvolvedPerson, part: Part, reason: str, by: User, at: datetime, second: User | None = None
) -> InvolvedPerson:
    """Give somebody another part in a case, with the reason, and do what follows from it.

    That somebody is no longer said to have caused harm opens the case to them and theirs: a second person who may work
    on it agrees. Nobody changes their own part or that of a relative, nor agrees to it.
    """
    held = InvolvedPerson.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    kept: InvolvedPerson = held.get(pk=row.pk)
    case: Incident = Incident.objects.locked(kept.incident_id)
    _check_open(case)
    if kept.part == part:
        raise Refused("part_same", "That is their part already.")
    if not reason.strip():
        raise Refused("reason_missing", "Write down why. It is kept with the case.")
    _not_their_own(kept, by)
    agreed = ""
    if kept.part == Part.ALLEGED:
        if second is None or second.pk == by.pk or not may_own(second, case, at=at):
            raise Refused("second_missing", "A second person who may work on this case has to agree.")
        _not_their_own(kept, second)
        agreed = f" Agreed by {by.full_name} and {second.full_name}."
    before = kept.part_label.lower()
    kept.part = part.value
    kept.save(update_fields=["part"])
    text = f"{kept.name}: {before} → {kept.part_label.lower()}.{agreed} {reason}"
    chronology.append(incident=case, event=Event.PART_CHANGED, by=second or by, at=at, text=text)
    _follow(case, kept, by, at)
    return kept


def _check_open(case: Incident) -> None:
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")


def _not_their_own(row: InvolvedPerson, user: User) -> None:
    if row.person_id in conflicts_of(user):
        raise Refused("own_part", "Nobody changes their own part, or that of a relative.")


def _follow(case: Incident, row: InvolvedPerson, by: User, at: datetime) -> None:
    """Do what follows from a part: the duties, and where it is said of an adult here, who handles which strand."""
    is_adult_accused = row.part == Part.ALLEGED and row.person is not None and concerns_an_adult([row.person])
    if is_adult_accused and not case.is_about_adult:
        _pass_on(case, row, by, at)
    if row.part == Part.ALLEGED:
        leave_to_others(incident=case, by=by, at=at)
    obligations.apply(incident=case, at=at)


def _pass_on(case: Incident, row: InvolvedPerson, by: User, at: datetime) -> Incident:
    """Log what concerns the adult as a case of its own, which goes to whoever handles such concerns, and to nobody who
    may not open the case that it came up on.
    """
    children = [
        Involved(Part(one.part), one.person, one.description or "")
        for one in involved_people(case)
        if one.pk != row.pk and one.part != Part.ALLEGED
    ]
    new = report_concern(
        school=case.school,
        by=by,
        at=at,
        draft_id=uuid.uuid4(),
        concern=Concern(
            category=Category(case.category),
            narrative=_SEALED.format(name=by.full_name) if case.is_sealed else case.narrative,
            action_taken=f"It came up on {case.reference}, which stays with those who handle it.",
            place=Place(case.place),
            became_aware_at=at,
            happened_at=case.happened_at,
            happened_precision=Precision(case.happened_precision),
            place_detail="" if case.is_sealed else case.place_detail or "",
            online_service="" if case.is_sealed else case.online_service or "",
            about=About.ADULT,
            people=[Involved(Part.ALLEGED, row.person), *([] if case.is_sealed else children)],
        ),
        origin=_origin(case),
    )
    tie = CaseLink(
        school=case.school,
        incident=new,
        other=case,
        kind=Link.SPLIT.value,
        reason=PASSED_ON,
        linked_at=at,
        linked_by=by,
    )
    tie.save(force_insert=True)
    chronology.append(incident=new, event=Event.SPLIT, by=by, at=at, text=f"{case.reference}.")
    chronology.append(incident=case, event=Event.PASSED_ON, by=by, at=at, text=PASSED_ON)
    return new


def _origin(case: Incident) -> Origin:
    """Return who stays away from what comes out of a case. Of a sealed one nobody else's part is told, so that those
    who may not open it are kept away as users.
    """
    alleged = [one.person for one in involved_people(case) if one.part == Part.ALLEGED and one.person]
    apart = apart_from(case)
    if not case.is_sealed:
        return Origin(alleged=alleged, apart=apart)
    barred = barred_from(case.pk, [person.pk for person in alleged])
    return Origin(apart=dict.fromkeys(barred, Kept.TAKEN_OFF) | apart)


@transaction.atomic
def leave_to_others(*, incident: Incident, by: User, at: datetime) -> None:
    """Take a case from whoever may not open it any more; hand it on where nobody would be left, or where it is about
    the office that handles it.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    people = involved_people(case)
    alleged = [one.person_id for one in people if one.part == Part.ALLEGED and one.person_id]
    barred = barred_from(case.pk, alleged)
    outbox.take_back(school=case.school, users=barred, path=case.get_absolute_url(), at=at)
    left = possible_owners(case, people, at=at)
    if case.is_about_adult or not left:
        routing.reroute(incident=case, by=by, at=at)
        return
    if case.owner_id in barred:
        case.owner = None
        case.save(update_fields=["owner"])
        notifications.rerouted(incident=case, route=Route(case.handled_by, left), at=at)
