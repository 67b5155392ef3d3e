"""Deleting: the three questions, what still speaks against it, and what was deleted."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.deletions import ChecksForm, DeletionForm
from incidents.models import Incident
from incidents.operations import deletions as operations
from incidents.operations import incidents
from incidents.operations.deletions import Deleted
from incidents.queries.custody import of_case
from incidents.queries.deletions import gate_of

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the three questions and how far deleting has come."""
    return _page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def check(request: SchoolRequest, reference: str) -> HttpResponse:
    """Answer the three questions."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = ChecksForm(request.POST)
    if form.is_valid():
        try:
            row = operations.check(incident=incident, answers=form.answers, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = "Nothing in the answers speaks against deleting." if row.is_allowed else "It has to be kept for now."
            messages.success(request, f"The answers are recorded. {said}")
            return _back(request, incident)
    return _page(request, incident, check_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def record(request: SchoolRequest, reference: str) -> HttpResponse:
    """Record that copies were deleted."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = DeletionForm(request.POST, at=request.at)
    if form.is_valid():
        said = form.cleaned_data
        deleted = Deleted(said["what"], said["where"], said["doer"], said["deleted_at"], said["witness"])
        try:
            operations.record(
                incident=incident, deletion_id=said["deletion_id"], deleted=deleted, by=request.user, at=request.at
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is recorded that the copies were deleted.")
            return _back(request, incident)
    return _page(request, incident, deletion_form=form)


def _back(request: SchoolRequest, incident: Incident) -> HttpResponse:
    return redirect("deletion-detail", school=request.school.slug, reference=incident.reference)


def _page(request: SchoolRequest, incident: Incident, **bound: forms.Form) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context: dict[str, Any] = {
        "incident": incident,
        "gate": gate_of(incident),
        "policy": of_case(incident, at=request.at),
        "check_form": ChecksForm(),
        "deletion_form": DeletionForm(at=request.at, initial={"deletion_id": uuid.uuid4()}),
        "can_work": request.access.has(Permission.INCIDENT_WORK) and not incident.is_closed,
        "refused": next(iter(bound.values()), None),
    }
    return render(request, "incidents/deletions/detail.html", context | bound)
