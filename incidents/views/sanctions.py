"""Sanctions: what was decided about each pupil, and the form for the next decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.sanctions import SanctionForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import sanctions as operations
from incidents.queries.sanctions import PupilsSanctions, sanctions_of

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what was decided about each pupil of a case."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    found = sanctions_of(incident)
    return _page(request, incident, found, _form(request, found))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Record what was decided about a pupil."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    found = sanctions_of(incident)
    form = _form(request, found, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.decide(
                incident=incident,
                pupil=said["pupil"],
                ruling=said["ruling"],
                sanction_id=said["sanction_id"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The decision is kept.")
            return redirect("sanction-list", school=request.school.slug, reference=incident.reference)
    return _page(request, incident, found, form)


def _form(request: SchoolRequest, found: list[PupilsSanctions], data: Any = None) -> SanctionForm:
    pupils = [one.pupil for one in found]
    return SanctionForm(data, pupils=pupils, decided_by=request.user.full_name, at=request.at)


def _page(request: SchoolRequest, incident: Incident, found: list[PupilsSanctions], form: SanctionForm) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "pupils": found,
        "form": form,
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/sanctions/list.html", context)
