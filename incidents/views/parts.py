"""Somebody's part in a case is changed, with the reason."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, row_of_case
from incidents.forms.links import PartForm, PersonForm
from incidents.models import InvolvedPerson
from incidents.operations import parts as operations
from incidents.statuses import Part
from incidents.views.people import people_page, to_people, what_follows


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def change(request: SchoolRequest, reference: str, part_id: uuid.UUID) -> HttpResponse:
    """Give somebody another part; that nobody says any more that they caused harm takes two people."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    row = row_of_case(incident, InvolvedPerson, part_id)
    form = PartForm(request.POST, row=row)
    if form.is_valid():
        part, reason = Part(form.cleaned_data["part"]), form.cleaned_data["reason"]
        try:
            kept = operations.change(row=row, part=part, reason=reason, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("part", refusal.sentence)
        else:
            messages.success(request, f"Their part is changed. {what_follows(incident, kept)}")
            return to_people(request, incident)
    return people_page(request, incident, PersonForm(), part_form=form)
