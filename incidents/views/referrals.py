"""Who outside the school was told of a case: advice asked, referrals made, answers, and decisions not to."""

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.models import User
from accounts.permissions import Permission
from accounts.queries.members import conflicted, reporters
from incidents import guards
from incidents.access import access_incident, row_of_case
from incidents.forms.referrals import (
    OVER,
    AnswerForm,
    ChaseForm,
    ChooseForm,
    CloseForm,
    DeclineForm,
    ReferralForm,
    usual_method,
)
from incidents.models import Incident, Referral
from incidents.operations import incidents
from incidents.operations import referrals as operations
from incidents.operations.referrals import Contact
from incidents.queries.agencies import line_of
from incidents.queries.people import involved_people
from incidents.queries.referrals import Asked, referrals_of
from incidents.statuses import Answered, Method, Part
from policies.calendars import calendar_for, end_of_school_day
from policies.engine.durations import due_at, parse_within
from policies.engine.vocabulary import Agency, Kind

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
# Working together: whoever referred a child asks when nothing was heard within a working day.
_ASK_AFTER = parse_within("1 working day")


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what the policy asks to refer, and every referral with what came of it."""
    return _list(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Choose whom it goes to, read what they need and what must not be done, and record that they were told."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    if request.method == "POST" and request.POST.get("step") == "record":
        return _record(request, incident)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        incidents.open_case(incident=incident, by=request.user, at=request.at)
        return render(request, "incidents/referrals/choose.html", {"incident": incident, "form": form})
    agency, kind = Agency(form.cleaned_data["agency"]), form.cleaned_data["kind"]
    return _form_page(request, incident, agency, _form(request, incident, initial=_initial(request, agency, kind)))


@require_safe
@member_view(*_READERS)
def detail(request: SchoolRequest, reference: str, referral_id: uuid.UUID) -> HttpResponse:
    """Show one referral, its answers and what is still expected."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    return _detail(request, incident, row_of_case(incident, Referral, referral_id))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def answer(request: SchoolRequest, reference: str, referral_id: uuid.UUID) -> HttpResponse:
    """Record what the agency answered, and what follows."""
    incident, row = _found(request, reference, referral_id)
    form = AnswerForm(request.POST, at=request.at, is_closed=row.is_closed)
    if form.is_valid():
        said = form.cleaned_data
        outcome = Answered(said["outcome"]) if said.get("expects") == OVER else None
        try:
            operations.answer(
                referral=row,
                text=said["text"],
                given_at=said["given_at"],
                given_by=said["given_by"],
                chase_at=_chase_at(request, said.get("chase_date")),
                outcome=outcome,
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _done(request, incident, "The answer is recorded.", row)
    return _detail(request, incident, row, answer_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def chase(request: SchoolRequest, reference: str, referral_id: uuid.UUID) -> HttpResponse:
    """Set when to ask again."""
    incident, row = _found(request, reference, referral_id)
    form = ChaseForm(request.POST, at=request.at)
    if form.is_valid():
        due = end_of_school_day(request.school, form.cleaned_data["chase_date"])
        reason = form.cleaned_data["reason"]
        try:
            operations.chase_again(referral=row, due_at=due, reason=reason, by=request.user, at=request.at)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _done(request, incident, "The day is set. It stands on the first page of those who handle it.", row)
    return _detail(request, incident, row, chase_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def close(request: SchoolRequest, reference: str, referral_id: uuid.UUID) -> HttpResponse:
    """Record how it ended."""
    incident, row = _found(request, reference, referral_id)
    form = CloseForm(request.POST)
    if form.is_valid():
        outcome, words = Answered(form.cleaned_data["outcome"]), form.cleaned_data["words"]
        try:
            operations.close(referral=row, outcome=outcome, words=words, by=request.user, at=request.at)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _done(request, incident, "It is recorded how it ended.", row)
    return _detail(request, incident, row, close_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def decline(request: SchoolRequest, reference: str) -> HttpResponse:
    """Record the decision not to ask or not to refer, with its reason."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    asked = _asked(request, incident)
    if asked is None:
        messages.error(request, "That is settled already. Somebody may have been quicker.")
        return _list(request, incident)
    form = DeclineForm(request.POST, duty_id=asked.duty.id)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            operations.decline(obligation=asked.duty.row, reason=reason, by=request.user, at=request.at)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _done(request, incident, "The decision is recorded, with your reason.")
    return _list(request, incident, form)


def _record(request: SchoolRequest, incident: Incident) -> HttpResponse:
    form = _form(request, incident, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.record(
                incident=incident,
                referral_id=said["referral_id"],
                contact=_contact(said),
                chase_at=_chase_at(request, said["chase_date"]),
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            return _done(request, incident, "It is recorded, and what it fulfils of our policy is done.")
    agency = next((known for known in Agency if known == request.POST.get("agency")), None)
    if agency is None:
        raise Http404
    return _form_page(request, incident, agency, form)


def _contact(said: dict[str, Any]) -> Contact:
    return Contact(
        agency=Agency(said["agency"]),
        kind=Kind(said["kind"]),
        method=Method(said["method"]),
        made_at=said["made_at"],
        made_by=said["made_by"],
        said=said["said"],
        spoken_to=said["spoken_to"],
        advice=said["advice"],
        agency_reference=said["agency_reference"],
    )


def _form(request: SchoolRequest, incident: Incident, data: Any = None, initial: Any = None) -> ReferralForm:
    return ReferralForm(data, initial=initial, makers=_makers(request, incident), at=request.at, me=request.user)


def _initial(request: SchoolRequest, agency: Agency, kind: str) -> dict[str, Any]:
    ask_again = due_at(_ASK_AFTER, request.at, calendar_for(request.school))
    return {
        "referral_id": uuid.uuid4(),
        "agency": agency.value,
        "kind": kind,
        "method": usual_method(agency),
        "chase_date": ask_again.date(),
    }


def _makers(request: SchoolRequest, incident: Incident) -> list[User]:
    """Return who may have told an agency: everybody here but whom the case is about, and their relatives."""
    everybody = {user.pk: user for user in reporters(request.school, at=request.at)}
    alleged = {row.person_id for row in involved_people(incident) if row.part == Part.ALLEGED and row.person_id}
    barred = conflicted(everybody, frozenset(alleged))
    return [user for pk, user in everybody.items() if pk not in barred]


def _asked(request: SchoolRequest, incident: Incident) -> Asked | None:
    asked = referrals_of(incident, at=request.at).asked
    return next((one for one in asked if str(one.duty.id) == request.POST.get("duty")), None)


def _chase_at(request: SchoolRequest, day: date | None) -> datetime | None:
    return end_of_school_day(request.school, day) if day else None


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error("chase_date" if refusal.code == "due_passed" else None, refusal.sentence)


def _found(request: SchoolRequest, reference: str, referral_id: uuid.UUID) -> tuple[Incident, Referral]:
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    return incident, row_of_case(incident, Referral, referral_id)


def _done(request: SchoolRequest, incident: Incident, said: str, row: Referral | None = None) -> HttpResponse:
    messages.success(request, said)
    school, reference = request.school.slug, incident.reference
    if row is None:
        return redirect("referral-list", school=school, reference=reference)
    return redirect("referral-detail", school=school, reference=reference, referral_id=row.pk)


def _list(request: SchoolRequest, incident: Incident, form: DeclineForm | None = None) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "referrals": referrals_of(incident, at=request.at),
        "decline_form": form,
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/referrals/list.html", context)


def _form_page(request: SchoolRequest, incident: Incident, agency: Agency, form: ReferralForm) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    found = referrals_of(incident, at=request.at)
    context = {
        "incident": incident,
        "form": form,
        "line": line_of(request.school, agency, at=request.at),
        "asked": [one for one in found.asked if agency in one.agencies],
        "bans": found.bans,
        "why_not": guards.why_not_beyond_school(incident, to=agency),
    }
    return render(request, "incidents/referrals/add.html", context)


def _detail(request: SchoolRequest, incident: Incident, row: Referral, **bound: forms.Form) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    found = referrals_of(incident, at=request.at)
    made = next(one for one in found.made if one.row.pk == row.pk)
    context = {
        "incident": incident,
        "made": made,
        "row": made.row,
        "line": line_of(request.school, Agency(row.agency), at=request.at),
        "answer_form": AnswerForm(at=request.at, is_closed=row.is_closed),
        "chase_form": ChaseForm(at=request.at),
        "close_form": CloseForm(),
        "refused": next(iter(bound.values()), None),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/referrals/detail.html", context | bound)
