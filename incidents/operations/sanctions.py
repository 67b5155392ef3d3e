"""Sanctions: what was decided about a pupil, or that there is none. The policy asks for the decision, not for the harm.

Once something was decided about every pupil who is said to have caused harm, what the policy asks is settled: done
where there is a sanction, not needed, with the reason, where there is none.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from incidents.events import Event
from incidents.models import Incident, InvolvedPerson, Obligation, Sanction
from incidents.operations import chronology, obligations
from incidents.queries.people import involved_people
from incidents.queries.sanctions import pupils_to_decide_on
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.vocabulary import Deed, Kind, Strength

_ASKED = (f"{Kind.DO}:{Deed.APPLY_SANCTION}", f"{Kind.DO}:{Deed.CONSIDER_SANCTION}")


@dataclass(frozen=True)
class Ruling:
    """What was decided (nothing: no sanction), by whom, on which day, and why."""

    decided_by: str
    decided_on: date
    reason: str
    what: str = ""


@transaction.atomic
def decide(
    *, incident: Incident, pupil: InvolvedPerson, ruling: Ruling, sanction_id: uuid.UUID, by: User, at: datetime
) -> Sanction:
    """Record what was decided about a pupil; sent twice, it is recorded once.

    Refused on a closed case, without a reason or who decided it, and for a day to come.
    """
    case: Incident = Incident.objects.locked(incident.pk)
    before: Sanction | None = Sanction.objects.filter(pk=sanction_id, incident=case).first()
    if before is not None:
        return before
    _check(case, ruling, at)
    row = Sanction(
        pk=sanction_id,
        school=case.school,
        incident=case,
        pupil=pupil,
        what=as_typed(ruling.what),
        is_none=not ruling.what.strip(),
        decided_on=ruling.decided_on,
        decided_by_whom=ruling.decided_by,
        reason=ruling.reason,
        recorded_at=at,
        recorded_by=by,
    )
    row.save(force_insert=True)
    chronology.append(incident=case, event=Event.SANCTION_DECIDED, by=by, at=at, text=_in_words(pupil, row))
    _settle(case, by, at)
    return row


def _check(case: Incident, ruling: Ruling, at: datetime) -> None:
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    if not ruling.reason.strip():
        raise Refused("reason_missing", "Write down why. A decision for no sanction has a reason too.")
    if not ruling.decided_by.strip():
        raise Refused("decider_missing", "Write down who decided it.")
    if ruling.decided_on > timezone.localtime(at).date():
        raise Refused("decided_in_future", "That is in the future. Check the date.")


def _settle(case: Incident, by: User, at: datetime) -> None:
    """Settle what the policy asks once something was decided about every pupil it is about."""
    latest: dict[uuid.UUID, Sanction] = {}
    for row in Sanction.objects.filter(incident=case).order_by("recorded_at", "id"):
        latest[row.pupil_id] = row
    pupils = pupils_to_decide_on(involved_people(case))
    if not all(pupil.pk in latest for pupil in pupils):
        return
    words = "\n".join(_in_words(pupil, latest[pupil.pk]) for pupil in pupils)
    if any(not latest[pupil.pk].is_none for pupil in pupils):
        obligations.fulfil(incident=case, keys=_ASKED, by=by, at=at, words=words)
        return
    asked = Obligation.objects.filter(incident=case, key__in=_ASKED, strength__lt=Strength.MUST_NOT)
    for one in asked.outstanding().order_by("key"):
        obligations.waive(obligation=one, by=by, at=at, reason=words)


def _in_words(pupil: InvolvedPerson, row: Sanction) -> str:
    what = row.what or "No sanction"
    what = what if what.endswith((".", "?", "!")) else f"{what}."
    return f"{pupil.name}: {what} Decided by {row.decided_by_whom} on {day_in_words(row.decided_on)}. {row.reason}"
