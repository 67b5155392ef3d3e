"""Reading the team's cases in an emergency: asking, agreeing, ending, and everybody who did."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.emergency_access import EmergencyForm
from accounts.models import EmergencyAccess
from accounts.operations import emergency_access as operations
from accounts.permissions import Permission
from accounts.queries.emergency_access import declined_lately, emergencies_of, rights_of, who_agrees

# Those who may ask, agree, or hold the school to account; staff and those who fix things have no business here.
_KNOW = (
    Permission.INCIDENT_READ,
    Permission.ADULT_CASE_MANAGE,
    Permission.DEVICE_WORK,
    Permission.MEMBER_MANAGE,
    Permission.REPORT_READ,
    Permission.AUDIT_READ,
)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*_KNOW)
def overview(request: SchoolRequest) -> HttpResponse:
    """Show who asked, who agreed and what came of it; let those who may ask."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Whoever can agree is told. Ring one of them as well.")
            return _back(request)
    return _page(request, form)


@require_POST
@member_view(*_KNOW, fresh=True)
def agree(request: SchoolRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """Agree that somebody reads cases."""
    row = _row(request, emergency_id)
    try:
        operations.agree(emergency=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The cases are open to them now. A governor who is not concerned is told.")
    return _back(request)


@require_POST
@member_view(*_KNOW)
def decline(request: SchoolRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """Decline what somebody asked for."""
    row = _row(request, emergency_id)
    try:
        operations.decline(emergency=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Nothing opens to them, and they are told.")
    return _back(request)


@require_POST
@member_view(*_KNOW, fresh=True)
def open_alone(request: SchoolRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """Open the cases without a second person, since somebody is in danger and nobody answered."""
    row = _row(request, emergency_id)
    try:
        operations.open_alone(emergency=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The cases are open to you now. A governor and the safeguarding team are told.")
    return _back(request)


@require_POST
@member_view(*_KNOW)
def end(request: SchoolRequest, emergency_id: uuid.UUID) -> HttpResponse:
    """End it, or take the question back."""
    row = _row(request, emergency_id)
    try:
        operations.end(emergency=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "It is over. Nothing is open by it any more.")
    return _back(request)


def _page(request: SchoolRequest, form: EmergencyForm) -> HttpResponse:
    rights = rights_of(request.access)
    rows = emergencies_of(request.school, request.user, at=request.at)
    mine = next((one for one in rows if one.is_mine and (one.is_running or one.row.is_waiting)), None)
    context = {
        "form": form,
        "rows": rows,
        "mine": mine,
        "may_ask": rights.may_ask and mine is None,
        "to_answer": [one for one in rows if one.can_answer],
        "declined": declined_lately(request.school, request.user, at=request.at) if mine else None,
        "can_agree": who_agrees(request.school, request.user, at=request.at) if rights.may_ask else [],
        "alone_at": mine.row.asked_at + operations.ALONE_AFTER if mine else None,
    }
    return render(request, "accounts/emergency_access/list.html", context)


def _row(request: SchoolRequest, emergency_id: uuid.UUID) -> EmergencyAccess:
    row: EmergencyAccess | None = EmergencyAccess.objects.for_school(request.school).filter(pk=emergency_id).first()
    if row is None:
        raise Http404
    return row


def _back(request: SchoolRequest) -> HttpResponse:
    return redirect("emergency-access-list", school=request.school.slug)
