"""Advice asked of an agency, and cases handed over to one: made, answered, chased, closed, or decided against.

Until a referral is closed, an undertaking asks what became of it: nobody has to remember. What the policy asks for is
discharged by it, and once the police have advised, what was forbidden until then no longer is.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from incidents import guards
from incidents.events import Event
from incidents.models import Incident, Obligation, Referral, ReferralAnswer
from incidents.operations import actions, chronology, obligations
from incidents.statuses import Answered, Method, Undertaking
from incidents.words import as_typed
from policies.calendars import day_in_words
from policies.engine.gates import POLICE_ADVICE_KEY
from policies.engine.vocabulary import Agency, Deed, Gate, Kind, Strength
from policies.models import OwedQuerySet


@dataclass(frozen=True)
class Contact:
    """One time that somebody outside the school was told of a case; `advice` is what they said there and then."""

    agency: Agency
    kind: Kind
    method: Method
    made_at: datetime
    made_by: User
    said: str
    spoken_to: str = ""
    advice: str = ""
    agency_reference: str = ""


@transaction.atomic
def record(
    *, incident: Incident, referral_id: uuid.UUID, contact: Contact, chase_at: datetime | None, by: User, at: datetime
) -> Referral:
    """Record that an agency was told, and when to ask what became of it; without a moment, no answer is expected.

    Refused on a closed case, while the policy wants the police first, and without words. Sent twice it is made once.
    """
    case = _locked_case(incident)
    made: Referral | None = Referral.objects.filter(pk=referral_id, incident=case).first()
    if made is not None:
        return made
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    guards.beyond_school(case, to=contact.agency)
    if not contact.said.strip():
        raise Refused("said_missing", "Write down what you told them.")
    if contact.made_at > at:
        raise Refused("made_in_future", "That is in the future. Check the day and the time.")
    row = _unsaved(case, referral_id, contact, by, at)
    row.save(force_insert=True)
    _tell(row, Event.REFERRAL_MADE, by, at, _told(row))
    if contact.advice.strip():
        _answer(row, contact.advice, contact.made_at, contact.spoken_to, by, at)
    if chase_at is not None:
        _chase(row, chase_at, by, at)
    else:
        _close(row, Answered.ADVICE_GIVEN if contact.advice.strip() else Answered.NOTHING_EXPECTED, "", by, at)
    _settle_duties(row, has_advice=bool(contact.advice.strip()), by=by, at=at)
    return row


@transaction.atomic
def answer(
    *,
    referral: Referral,
    text: str,
    given_at: datetime,
    given_by: str,
    by: User,
    at: datetime,
    chase_at: datetime | None = None,
    outcome: Answered | None = None,
) -> ReferralAnswer:
    """Record what the agency answered, and what follows: when to ask again, or how it ended.

    An answer that comes after the end is kept beside the others, and nothing follows from it.
    """
    row = _locked(referral)
    if not text.strip():
        raise Refused("answer_empty", "Write down what they answered.")
    if given_at > at:
        raise Refused("given_in_future", "That is in the future. Check the day and the time.")
    if not row.is_closed and chase_at is None and outcome is None:
        raise Refused("next_missing", "Say when to ask again, or how it ended.")
    given = _answer(row, text, given_at, given_by, by, at)
    _settle_duties(row, has_advice=True, by=by, at=at)
    if row.is_closed:
        return given
    if chase_at is not None:
        actions.settle_about(incident=row.incident, kind=Undertaking.CHASE, subject=row.pk, by=by, at=at)
        _chase(row, chase_at, by, at)
    elif outcome is not None:
        _close(row, outcome, "", by, at)
    return given


@transaction.atomic
def chase_again(*, referral: Referral, due_at: datetime, reason: str, by: User, at: datetime) -> None:
    """Record that they were asked and have not answered, and when to ask again."""
    row = _locked(referral)
    _still_open(row)
    if not reason.strip():
        raise Refused("reason_missing", "Write down what you did, or why it can wait. It is kept with the case.")
    waiting: Obligation | None = _chases(row).outstanding().first()
    if waiting is None:
        _tell(row, Event.REFERRAL_ANSWERED, by, at, f"{row.agency_name}: no answer yet. {reason}")
        _chase(row, due_at, by, at)
        return
    actions.move(obligation=waiting, due_at=due_at, reason=reason, by=by, at=at)


@transaction.atomic
def close(*, referral: Referral, outcome: Answered, words: str, by: User, at: datetime) -> None:
    """Record how it ended; nobody is reminded of it any more."""
    row = _locked(referral)
    _still_open(row)
    if not words.strip():
        raise Refused("words_missing", "Write down how it ended. It is kept with the case.")
    _close(row, outcome, words, by, at)


@transaction.atomic
def decline(*, obligation: Obligation, reason: str, by: User, at: datetime) -> None:
    """Record the decision not to ask or not to refer, with its reason: it waives what the policy asks for."""
    if obligation.kind not in (Kind.CONSULT, Kind.REFER):
        raise Refused("not_a_referral", "This asks for no referral.")
    obligations.waive(obligation=obligation, by=by, at=at, reason=reason)


def _settle_duties(row: Referral, *, has_advice: bool, by: User, at: datetime) -> None:
    """Discharge what the policy asks for and this has done; what is forbidden until the police have advised waits for
    what they say, not for the question.
    """
    words = f"{row.kind_label}: {row.agency_name}. {row.method_label}, {_moment(row.made_at)}."
    asked = Obligation.objects.filter(incident=row.incident, strength__lt=Strength.MUST_NOT).outstanding()
    found = [one for one in asked if _fulfils(row, one)]
    is_forbidden = bool(guards.why_not_beyond_school(row.incident))
    # What another waits for comes first.
    for one in sorted(found, key=lambda one: bool(one.after_key)):
        if one.key == POLICE_ADVICE_KEY and is_forbidden and not has_advice:
            continue
        if not _waits(one):
            obligations.discharge(obligation=one, by=by, at=at, evidence=words)
    if has_advice and row.agency in guards.POLICE:
        obligations.lift_bans(incident=row.incident, until=Gate.POLICE_ADVICE, by=by, at=at, words=words)


def _fulfils(row: Referral, one: Obligation) -> bool:
    """Say whether what was done is what a duty asks for; who hands a case over has asked for advice too."""
    if one.kind == Kind.DO:
        return row.agency == Agency.IWF and one.target == Deed.REPORT_URL_TO_IWF
    if one.kind not in (Kind.CONSULT, Kind.REFER) or (one.kind == Kind.REFER and row.is_advice):
        return False
    return bool(_as_agencies(row) & {one.target, *one.any_of})


def _as_agencies(row: Referral) -> set[str]:
    """Return as whom the agency counts: whoever called 999 has spoken with the police."""
    return {row.agency, Agency.POLICE.value} if row.agency == Agency.POLICE_EMERGENCY else {row.agency}


def _waits(one: Obligation) -> bool:
    gate = Obligation.objects.filter(incident=one.incident_id, key=one.after_key)
    return bool(one.after_key) and bool(gate.outstanding().exists())


def _unsaved(case: Incident, referral_id: uuid.UUID, contact: Contact, by: User, at: datetime) -> Referral:
    return Referral(
        pk=referral_id,
        school=case.school,
        incident=case,
        agency=contact.agency.value,
        kind=contact.kind.value,
        method=contact.method.value,
        made_at=contact.made_at,
        made_by=contact.made_by,
        spoken_to=as_typed(contact.spoken_to),
        said=contact.said,
        agency_reference=as_typed(contact.agency_reference),
        recorded_at=at,
        recorded_by=by,
    )


def _chases(row: Referral) -> OwedQuerySet:
    found: OwedQuerySet = Obligation.objects.filter(
        incident=row.incident, kind=Undertaking.CHASE.value, target=str(row.pk)
    )
    return found


def _answer(row: Referral, text: str, given_at: datetime, given_by: str, by: User, at: datetime) -> ReferralAnswer:
    given = ReferralAnswer(
        school=row.school,
        referral=row,
        given_at=given_at,
        given_by=as_typed(given_by),
        text=text,
        recorded_at=at,
        recorded_by=by,
    )
    given.save(force_insert=True)
    who = f" ({given_by})" if given_by.strip() else ""
    words = f"{row.agency_name}{who}, {_moment(given_at)}: {text}"
    _tell(row, Event.REFERRAL_ANSWERED, by, at, words)
    return given


def _chase(row: Referral, chase_at: datetime, by: User, at: datetime) -> None:
    what = "the question for advice" if row.is_advice else "the referral"
    actions.undertake(
        incident=row.incident,
        kind=Undertaking.CHASE,
        words=f"{row.agency_name}: ask what became of {what}",
        due_at=chase_at,
        by=by,
        at=at,
        subject=row.pk,
    )


def _close(row: Referral, outcome: Answered, words: str, by: User, at: datetime) -> None:
    row.closed_at, row.closed_by, row.outcome, row.outcome_words = at, by, outcome.value, words or None
    row.save(update_fields=["closed_at", "closed_by", "outcome", "outcome_words"])
    how = f"{row.agency_name}: {outcome.label}."
    _tell(row, Event.REFERRAL_CLOSED, by, at, f"{how} {words}" if words else how)
    actions.settle_about(incident=row.incident, kind=Undertaking.CHASE, subject=row.pk, by=by, at=at)


def _told(row: Referral) -> str:
    parts = [f"{row.kind_label}: {row.agency_name}. {row.method_label}, {_moment(row.made_at)}."]
    if row.made_by_id != row.recorded_by_id:
        parts.append(f"By {row.made_by.full_name}.")
    if row.spoken_to:
        parts.append(f"Spoken to: {row.spoken_to}.")
    if row.agency_reference:
        parts.append(f"Their reference: {row.agency_reference}.")
    return f"{' '.join(parts)} {row.said}"


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{day_in_words(moment)} at {local.hour}:{local:%M}"


def _still_open(row: Referral) -> None:
    if row.is_closed:
        raise Refused("closed_already", "This came to its end already. Somebody may have been quicker.")


def _locked_case(incident: Incident) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("school", "adoption")
    case: Incident = rows.get(pk=incident.pk)
    return case


def _locked(referral: Referral) -> Referral:
    # The case first, as everybody locks it; so two who answer at once wait for each other and never both way.
    case = _locked_case(referral.incident)
    row: Referral = (
        Referral.objects.select_for_update(of=("self",), no_key=True).select_related("made_by").get(pk=referral.pk)
    )
    row.incident, row.school = case, case.school
    return row


def _tell(row: Referral, event: Event, by: User, at: datetime, words: str) -> None:
    chronology.append(incident=row.incident, event=event, by=by, at=at, text=words, data={"referral": str(row.pk)})
