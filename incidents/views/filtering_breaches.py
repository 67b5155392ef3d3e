"""On a case: what those who look after the filtering were told, and how it stands; never the other way round."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.filtering_breaches import BreachForm
from incidents.models import Incident
from incidents.operations import filtering_breaches as operations
from incidents.operations import incidents
from incidents.queries.filtering_tickets import tickets_of_case


@require_safe
@member_view(Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what was reported from this case, and how it stands."""
    return _page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Report an address from this case to those who look after the filtering."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = BreachForm(request.POST, at=request.at)
    if form.is_valid():
        try:
            operations.report_from_case(incident=incident, by=request.user, at=request.at, met=form.cleaned_data["met"])
        except Refused as refusal:
            form.add_error("device" if refusal.code == "names_somebody" else None, refusal.sentence)
        else:
            messages.success(request, "It is with those who look after the filtering. They see nothing of this case.")
            return redirect("filtering-breach-list", school=request.school.slug, reference=incident.reference)
    return _page(request, incident, form)


def _page(request: SchoolRequest, incident: Incident, form: BreachForm | None = None) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "rows": tickets_of_case(request.access, incident),
        "form": form or BreachForm(at=request.at),
        "can_work": request.access.has(Permission.INCIDENT_WORK) and not incident.is_closed,
    }
    return render(request, "incidents/filtering_breaches/list.html", context)
