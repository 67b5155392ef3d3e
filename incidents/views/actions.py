"""What is to be done on a case, by whom and by when: set, and given another day."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, possible_owners, row_of_case
from incidents.forms.actions import ActionForm, MoveForm
from incidents.models import Incident, Obligation
from incidents.operations import actions as operations
from incidents.operations import incidents
from incidents.queries.actions import actions_of
from incidents.queries.people import involved_people
from incidents.statuses import Undertaking
from policies.calendars import end_of_school_day

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what was set on the case beside what its policy asks, and the form for more."""
    return actions_page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Set what is to be done, by whom, by when."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = _form(request, incident, request.POST)
    if not form.is_valid():
        return actions_page(request, incident, form=form)
    said = form.cleaned_data
    try:
        operations.undertake(
            incident=incident,
            kind=Undertaking.ACTION,
            words=said["words"],
            due_at=end_of_school_day(request.school, said["due_date"]),
            assignee=said["assignee"],
            by=request.user,
            at=request.at,
        )
    except Refused as refusal:
        form.add_error("due_date" if refusal.code == "due_passed" else None, refusal.sentence)
        return actions_page(request, incident, form=form)
    messages.success(request, "It is set. It stands in the list of whoever does it.")
    return redirect("action-list", school=request.school.slug, reference=incident.reference)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def move(request: SchoolRequest, reference: str, action_id: uuid.UUID) -> HttpResponse:
    """Give an action another day, with the reason."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    action = row_of_case(incident, Obligation, action_id)
    form = MoveForm(request.POST, action_id=action_id, at=request.at)
    if not form.is_valid():
        return actions_page(request, incident, move_form=form)
    due_at = end_of_school_day(request.school, form.cleaned_data["due_date"])
    reason = form.cleaned_data["reason"]
    try:
        operations.move(obligation=action, due_at=due_at, reason=reason, by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error("due_date" if refusal.code == "due_passed" else None, refusal.sentence)
        return actions_page(request, incident, move_form=form)
    messages.success(request, "The date has moved.")
    return redirect("action-list", school=request.school.slug, reference=incident.reference)


def actions_page(request: SchoolRequest, incident: Incident, **bound: Any) -> HttpResponse:
    """Render the actions of a case and record that it was read; `bound` brings a form that was refused."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "actions": actions_of(incident, at=request.at),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
        "refused": next(iter(bound.values()), None),
        **bound,
    }
    context.setdefault("form", _form(request, incident))
    return render(request, "incidents/actions/list.html", context)


def _form(request: SchoolRequest, incident: Incident, data: Any = None) -> ActionForm:
    owners = possible_owners(incident, involved_people(incident), at=request.at)
    return ActionForm(data, owners=owners, at=request.at)
