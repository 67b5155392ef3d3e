"""Support plans, safety plans and risk assessments: written, reviewed, ended. What was written stays to be read.

Whoever writes one says when it is looked at again, and that is owed like any duty. Writing a plan is what the policy
asks for where it asks to support every pupil or to assess a risk.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from incidents.care import Likelihood, PlanKind
from incidents.events import Event
from incidents.models import Incident, InvolvedPerson, Obligation, Plan, PlanVersion
from incidents.operations import actions, chronology, obligations
from incidents.queries.people import involved_people
from incidents.queries.plans import without_support
from incidents.statuses import Undertaking
from incidents.words import as_typed
from policies.calendars import day_in_words, end_of_school_day
from policies.engine.vocabulary import Deed, Kind

_RISK = f"{Kind.DO}:{Deed.RISK_ASSESSMENT}"
_SUPPORT = f"{Kind.DO}:{Deed.SUPPORT_PUPIL}"
# A policy that asks for a risk assessment or a safety plan says so in these words.
_OR_SAFETY_PLAN = "safety plan"


@dataclass(frozen=True)
class PlanText:
    """What a version of a plan says, and on which day it is looked at again. A risk assessment names a likelihood."""

    worries: str
    measures: str
    review_on: date
    wishes: str = ""
    likelihood: Likelihood | None = None


@transaction.atomic
def write(
    *,
    incident: Incident,
    plan_id: uuid.UUID,
    kind: PlanKind,
    pupil: InvolvedPerson | None,
    text: PlanText,
    by: User,
    at: datetime,
) -> Plan:
    """Write the first version of a plan for a pupil or everybody in the case; sent twice, it is written once.

    Refused on a closed case, without words, and for a day of review that is over.
    """
    case = _open_case(incident)
    before: Plan | None = Plan.objects.filter(pk=plan_id, incident=case).first()
    if before is not None:
        return before
    plan = Plan(pk=plan_id, school=case.school, incident=case, kind=kind.value, pupil=pupil, begun_at=at, begun_by=by)
    _check(plan, text)
    plan.save(force_insert=True)
    _add_version(plan, 1, text, None, by, at)
    _tell(plan, Event.PLAN_WRITTEN, by, at, _in_words(plan, text))
    _ask_for_review(plan, text, by, at)
    _fulfil(plan, by, at)
    return plan


@transaction.atomic
def review(*, plan: Plan, after: int, text: PlanText, found: str, by: User, at: datetime) -> PlanVersion:
    """Write the next version of a plan, with what the review found; `after` is the number of the one it follows.

    Refused where somebody else has reviewed it meanwhile, where it has ended, and without what was found.
    """
    row = _locked(plan)
    _still_running(row)
    _check(row, text)
    if not found.strip():
        raise Refused("found_missing", "Write down what the review found.")
    latest = row.versions.order_by("-number")[0].number
    if latest != after:
        raise Refused(
            "reviewed_already", "Somebody else has reviewed this plan meanwhile. Read their version, then add yours."
        )
    version = _add_version(row, latest + 1, text, found, by, at)
    actions.settle_about(incident=row.incident, kind=Undertaking.REVIEW, subject=row.pk, by=by, at=at)
    _tell(row, Event.PLAN_REVIEWED, by, at, f"{_in_words(row, text)}\nThe review found: {found}")
    _ask_for_review(row, text, by, at)
    return version


@transaction.atomic
def end(*, plan: Plan, reason: str, by: User, at: datetime) -> None:
    """End a plan with the reason; nobody has to review it any more."""
    row = _locked(plan)
    _still_running(row)
    if not reason.strip():
        raise Refused("reason_missing", "Write down why the plan ends. It is kept with the case.")
    row.ended_at, row.ended_by, row.end_reason = at, by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    _tell(row, Event.PLAN_ENDED, by, at, f"{row.kind_label}{_for_whom(row)}: {reason}")
    due = Obligation.objects.filter(incident=row.incident, kind=Undertaking.REVIEW.value, target=str(row.pk))
    for one in due.outstanding():
        obligations.waive(obligation=one, by=by, at=at, reason="The plan has ended.")


def _open_case(incident: Incident) -> Incident:
    case: Incident = Incident.objects.locked(incident.pk)
    if case.is_closed:
        raise Refused("case_closed", "This case is closed. Open it again first.")
    return case


def _locked(plan: Plan) -> Plan:
    # The case first, as everybody locks it.
    case = _open_case(plan.incident)
    row: Plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True).select_related("pupil__person").get(pk=plan.pk)
    )
    row.incident, row.school = case, case.school
    return row


def _still_running(plan: Plan) -> None:
    if plan.is_ended:
        raise Refused("plan_ended", "This plan has ended. Write a new one if it is needed again.")


def _check(plan: Plan, text: PlanText) -> None:
    if not text.worries.strip():
        raise Refused("worries_missing", "Write down what it is about.")
    if not text.measures.strip():
        raise Refused("measures_missing", "Write down what is done, and who does it.")
    if plan.is_risk and text.likelihood is None:
        raise Refused("likelihood_missing", "Say how likely it is.")


def _add_version(plan: Plan, number: int, text: PlanText, found: str | None, by: User, at: datetime) -> PlanVersion:
    version = PlanVersion(
        school=plan.school,
        plan=plan,
        number=number,
        worries=text.worries,
        likelihood=text.likelihood.value if plan.is_risk and text.likelihood else "",
        measures=text.measures,
        wishes=as_typed(text.wishes),
        found=found,
        review_on=text.review_on,
        written_at=at,
        written_by=by,
    )
    version.save(force_insert=True)
    return version


def _ask_for_review(plan: Plan, text: PlanText, by: User, at: datetime) -> None:
    actions.undertake(
        incident=plan.incident,
        kind=Undertaking.REVIEW,
        words=f"Review the {plan.kind_label.lower()}{_for_whom(plan)}",
        due_at=end_of_school_day(plan.school, text.review_on),
        by=by,
        at=at,
        subject=plan.pk,
    )


def _fulfil(plan: Plan, by: User, at: datetime) -> None:
    """Discharge what the policy asks for and this plan is."""
    case, words = plan.incident, f"{plan.kind_label}{_for_whom(plan)} written."
    if plan.kind == PlanKind.RISK or _is_asked_as_safety_plan(plan):
        obligations.fulfil(incident=case, keys=[_RISK], by=by, at=at, words=words)
    running = list(Plan.objects.filter(incident=case, ended_at__isnull=True))
    if plan.kind != PlanKind.RISK and not without_support(involved_people(case), running):
        obligations.fulfil(incident=case, keys=[_SUPPORT], by=by, at=at, words=words)


def _is_asked_as_safety_plan(plan: Plan) -> bool:
    if plan.kind != PlanKind.SAFETY:
        return False
    asked = Obligation.objects.filter(incident=plan.incident, key=_RISK).values_list("text", flat=True)
    return any(_OR_SAFETY_PLAN in text.lower() for text in asked)


def _for_whom(plan: Plan) -> str:
    return f" for {plan.pupil.name}" if plan.pupil else ""


def _in_words(plan: Plan, text: PlanText) -> str:
    likely = f" {text.likelihood.label}." if plan.is_risk and text.likelihood else ""
    wishes = f"\nWhat the child wants: {text.wishes}" if text.wishes.strip() else ""
    return (
        f"{plan.kind_label}{_for_whom(plan)}.{likely} {text.worries}\nWhat we do: {text.measures}"
        f"{wishes}\nTo be reviewed by {day_in_words(text.review_on)}."
    )


def _tell(plan: Plan, event: Event, by: User, at: datetime, words: str) -> None:
    chronology.append(incident=plan.incident, event=event, by=by, at=at, text=words, data={"plan": str(plan.pk)})
