"""By what a case can be found to belong together with others: noted, and taken out."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.links import IdentifierForm
from incidents.operations import identifiers as operations
from incidents.queries.links import identifier_of
from incidents.statuses import Identifying
from incidents.views.links import links_page


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Note an account, address, app, device, number or place."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = IdentifierForm(request.POST, prefix="identifier")
    if form.is_valid():
        kind, value = Identifying(form.cleaned_data["kind"]), form.cleaned_data["value"]
        try:
            operations.add(incident=incident, kind=kind, value=value, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("value", refusal.sentence)
        else:
            messages.success(request, "Noted. Other cases with the same are shown beside it.")
            return redirect("link-list", school=request.school.slug, reference=incident.reference)
    return links_page(request, incident, identifier_form=form)


@require_POST
@member_view(Permission.INCIDENT_WORK)
def remove(request: SchoolRequest, reference: str, identifier_id: uuid.UUID) -> HttpResponse:
    """Take out what was noted by mistake."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    row = identifier_of(incident, identifier_id)
    if row is None:
        raise Http404
    try:
        operations.remove(identifier=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Taken out. The chronology keeps that it stood there.")
    return redirect("link-list", school=request.school.slug, reference=incident.reference)
