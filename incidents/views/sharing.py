"""Who can see a case: everybody who can and why, everybody who did; sharing it, sealing it, and leaving it."""

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
from accounts.queries.members import holders
from accounts.roles import SAFEGUARDING_TEAM, Role
from incidents.access import access_incident, barred_from, row_of_grant
from incidents.forms.sharing import SealForm, ShareForm, StepBackForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import sharing as operations
from incidents.operations.sharing import Naming
from incidents.queries.sharing import Panel, panel_of
from incidents.statuses import Kept

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def detail(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show who can open the case and why, who is kept away, and who opened it."""
    return _page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_SEAL, fresh=True)
def share(request: SchoolRequest, reference: str) -> HttpResponse:
    """Let one person open the case until a day."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_SEAL)
    panel = panel_of(incident, at=request.at)
    form = _share_form(request, incident, panel, request.POST)
    if not form.is_valid():
        return _page(request, incident, panel, share_form=form)
    said = form.cleaned_data
    naming = Naming(said["user"], said["purpose"], said["ends_on"])
    try:
        operations.share(incident=incident, naming=naming, by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, incident, panel, share_form=form)
    messages.success(request, f"{naming.user.full_name} can open this case now, and is told.")
    return _back(incident)


@require_POST
@member_view(Permission.INCIDENT_SEAL, fresh=True)
def take_back(request: SchoolRequest, reference: str, grant_id: uuid.UUID) -> HttpResponse:
    """Let somebody open the case no longer."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_SEAL)
    grant = row_of_grant(incident, grant_id)
    try:
        operations.take_back(grant=grant, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{grant.user.full_name} cannot open this case any more.")
    if grant.user == request.user:
        return redirect("school-home", school=request.school.slug)
    return _back(incident)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_SEAL, fresh=True)
def seal(request: SchoolRequest, reference: str) -> HttpResponse:
    """Confine the case to people by name."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_SEAL)
    form = _seal_form(request, incident, request.POST)
    if not form.is_valid():
        return _page(request, incident, seal_form=form)
    named, reason = form.cleaned_data["named"], form.cleaned_data["reason"]
    try:
        operations.seal(incident=incident, named=named, reason=reason, by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, incident, seal_form=form)
    messages.success(request, "Only the people named here can open this case now. Nobody else learns of it.")
    return _back(incident)


@sensitive_post_parameters()
@require_POST
@member_view(*_READERS)
def step_back(request: SchoolRequest, reference: str) -> HttpResponse:
    """Say that one is too close to the case; it is closed to them from now on."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    form = StepBackForm(request.POST, prefix="back")
    if not form.is_valid():
        return _page(request, incident, back_form=form)
    operations.step_back(
        incident=incident,
        user=request.user,
        kind=Kept.DECLARED,
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=request.at,
    )
    messages.success(request, "Thank you. You have nothing to do with that case any more, and cannot open it.")
    return redirect("school-home", school=request.school.slug)


def _page(request: SchoolRequest, incident: Incident, panel: Panel | None = None, **bound: Any) -> HttpResponse:
    """Render who can see the case, and record that it was read; `bound` brings a form that was refused."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    panel = panel or panel_of(incident, at=request.at)
    can_seal = request.access.has(Permission.INCIDENT_SEAL)
    context = {
        "incident": incident,
        "panel": panel,
        "can_seal": can_seal,
        "share_form": _share_form(request, incident, panel),
        "seal_form": None if incident.is_sealed or not can_seal else _seal_form(request, incident),
        "back_form": StepBackForm(prefix="back"),
        "refused": next(iter(bound.values()), None),
        **bound,
    }
    return render(request, "incidents/sharing/detail.html", context)


def _share_form(request: SchoolRequest, incident: Incident, panel: Panel, data: Any = None) -> ShareForm:
    return ShareForm(data, others=panel.others, is_sealed=incident.is_sealed, at=request.at, prefix="share")


def _seal_form(request: SchoolRequest, incident: Incident, data: Any = None) -> SealForm:
    """Offer those who work on cases: the safeguarding team and the headteacher, less whoever may not be let in."""
    held = holders(request.school, SAFEGUARDING_TEAM | {Role.HEADTEACHER}, at=request.at, even_absent=True)
    alleged = incident.people.filter(part="alleged", person__isnull=False).values_list("person_id", flat=True)
    barred = barred_from(incident.pk, list(alleged)) | {request.user.pk}
    people = {holder.user.pk: holder.user for holder in held if holder.user.pk not in barred}
    return SealForm(data, people=list(people.values()), prefix="seal")


def _back(incident: Incident) -> HttpResponse:
    return redirect("sharing-detail", school=incident.school.slug, reference=incident.reference)
