"""Parents told, or not told and why not. What the policy asks about telling them is settled by it.

Telling them settles it once it was done, or decided against, for every pupil whom the policy is about. Where telling
them would put a child at risk, or an agency asked to wait, the clock rests and somebody looks at it again by a day.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import Person, User
from incidents.care import HOLDS_UP, Way, WhyNot
from incidents.events import Event
from incidents.models import Incident, InvolvedPerson, Obligation, ParentContact
from incidents.operations import actions, chronology, obligations
from incidents.queries.contacts import PupilsHome, homes, why_not_tell
from incidents.statuses import Undertaking
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.vocabulary import Gate, Kind, Strength
from policies.statuses import State


@dataclass(frozen=True)
class Home:
    """Who at a pupil's home: parents whom the school knows, and whoever else was described."""

    parents: Sequence[Person] = ()
    described: str = ""


@dataclass(frozen=True)
class Telling:
    """One conversation or letter: when, how, by whom, what was said and what they said."""

    told_at: datetime
    way: Way
    teller: str
    said: str
    heard: str = ""


@transaction.atomic
def tell(
    *,
    incident: Incident,
    pupil: InvolvedPerson,
    home: Home,
    telling: Telling,
    sent_id: uuid.UUID,
    by: User,
    at: datetime,
) -> list[ParentContact]:
    """Record that parents were told. Refused while the policy forbids it, without words, and on a closed case."""
    case = _open_case(incident)
    if before := _sent_before(case, sent_id):
        return before
    for parent in home.parents or (None,):
        if sentence := why_not_tell(case, pupil, parent):
            raise Refused("telling_forbidden", sentence)
    if not (telling.said.strip() and telling.teller.strip()):
        raise Refused("said_missing", "Write down who told them and what they were told.")
    if telling.told_at > at:
        raise Refused("told_in_future", "That is in the future. Check the day and the time.")
    details: dict[str, object] = {
        "is_told": True,
        "told_at": telling.told_at,
        "way": telling.way.value,
        "teller": telling.teller,
        "said": telling.said,
        "heard": as_typed(telling.heard),
    }
    rows = _store(case, pupil, home, sent_id, by, at, details)
    _tell(case, Event.PARENTS_TOLD, by, at, _telling_in_words(pupil, rows))
    actions.settle_about(incident=case, kind=Undertaking.ACTION, subject=pupil.pk, by=by, at=at)
    _settle(case, by, at)
    return rows


@transaction.atomic
def leave_untold(
    *,
    incident: Incident,
    pupil: InvolvedPerson,
    home: Home,
    why_not: WhyNot,
    reason: str,
    again_at: datetime | None,
    sent_id: uuid.UUID,
    by: User,
    at: datetime,
) -> list[ParentContact]:
    """Record that parents are not told and why: until a moment at which it is looked at again, or for good.

    For good is a decision, and what the policy asks is not needed then. Refused without a reason and on a closed case.
    """
    case = _open_case(incident)
    if before := _sent_before(case, sent_id):
        return before
    if not reason.strip():
        raise Refused("reason_missing", "Write down why they are not told. It is kept with the case.")
    details = {"is_told": False, "why_not": why_not.value, "reason": reason, "is_final": again_at is None}
    rows = _store(case, pupil, home, sent_id, by, at, details)
    _tell(case, Event.PARENTS_NOT_TOLD, by, at, f"{_whom(pupil, rows)}: {why_not.label}. {reason}")
    actions.settle_about(incident=case, kind=Undertaking.ACTION, subject=pupil.pk, by=by, at=at)
    if again_at is not None:
        words = f"Decide again whether the parents of {pupil.name} can be told"
        actions.undertake(
            incident=case, kind=Undertaking.ACTION, words=words, due_at=again_at, by=by, at=at, subject=pupil.pk
        )
        if why_not in HOLDS_UP:
            _let_rest(case, f"{why_not.label}. {reason}", by, at)
    _settle(case, by, at)
    return rows


def _open_case(incident: Incident) -> Incident:
    case: Incident = Incident.objects.locked(incident.pk)
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    return case


def _sent_before(case: Incident, sent_id: uuid.UUID) -> list[ParentContact]:
    return list(ParentContact.objects.filter(incident=case, sent_id=sent_id))


def _store(
    case: Incident,
    pupil: InvolvedPerson,
    home: Home,
    sent_id: uuid.UUID,
    by: User,
    at: datetime,
    details: Mapping[str, object],
) -> list[ParentContact]:
    described = as_typed(home.described) or ""
    if not home.parents and not described:
        raise Refused("nobody_named", "Say who at home it is about.")
    whom: list[dict[str, object]] = [{"parent": parent} for parent in home.parents]
    whom += [{"described": described}] if described else []
    base = {"school": case.school, "incident": case, "pupil": pupil, "sent_id": sent_id}
    rows = [ParentContact(**base, **details, **one, recorded_at=at, recorded_by=by) for one in whom]
    for row in rows:
        row.save(force_insert=True)
    return rows


def _settle(case: Incident, by: User, at: datetime) -> None:
    """Settle what the policy asks about telling parents, once each pupil's parents were told or will not be."""
    counted = [home for home in homes(case) if home.counts]
    if not counted or not all(home.is_settled for home in counted):
        return
    told = any(home.is_told for home in counted)
    for row in _asked(case):
        if row.after_key and Obligation.objects.filter(incident=case, key=row.after_key).outstanding().exists():
            continue
        if told:
            obligations.discharge(obligation=row, by=by, at=at, evidence=_in_words(counted))
        else:
            obligations.waive(obligation=row, by=by, at=at, reason=_in_words(counted))


def _let_rest(case: Incident, reason: str, by: User, at: datetime) -> None:
    for row in _asked(case):
        if row.state == State.OPEN and row.unless == Gate.PARENTS_UNSAFE_TO_TELL:
            obligations.pause(obligation=row, by=by, at=at, reason=reason)


def _asked(case: Incident) -> list[Obligation]:
    rows = Obligation.objects.filter(incident=case, kind=Kind.INFORM_PARENTS, strength__lt=Strength.MUST_NOT)
    return list(rows.outstanding().order_by("key"))


def _in_words(counted: Sequence[PupilsHome]) -> str:
    """Return what became of each pupil's parents, in a line each."""
    lines = []
    for home in counted:
        told = [entry for entry in home.entries if entry.is_told]
        if told:
            names = ", ".join(dict.fromkeys(entry.name for entry in told))
            lines.append(f"Home of {home.name}: {names} told, {_moment(told[0].told_at)}.")
        else:
            last = home.entries[0]
            lines.append(f"Home of {home.name}: not told. {last.why_not_label}. {last.reason}")
    return "\n".join(lines)


def _telling_in_words(pupil: InvolvedPerson, rows: Sequence[ParentContact]) -> str:
    one = rows[0]
    heard = f"\nThey said: {one.heard}" if one.heard else ""
    return (
        f"{_whom(pupil, rows)}. {one.way_label}, {_moment(one.told_at)}, by {one.teller}.\nThey were told: {one.said}"
        f"{heard}"
    )


def _whom(pupil: InvolvedPerson, rows: Sequence[ParentContact]) -> str:
    return f"Home of {pupil.name}: {', '.join(row.name for row in rows)}"


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{day_in_words(moment)} at {local.hour}:{local:%M}"


def _tell(case: Incident, event: Event, by: User, at: datetime, words: str) -> None:
    chronology.append(incident=case, event=event, by=by, at=at, text=words)
