"""Support plans, safety plans and risk assessments: written, read version by version, reviewed, ended."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.care import PlanKind
from incidents.forms.plans import EndForm, PlanForm, ReviewForm, questions_of
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import plans as operations
from incidents.queries.contacts import pupils_of
from incidents.queries.people import involved_people
from incidents.queries.plans import PlanRead, plan_read, plans_of

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show the plans of a case: what is followed now, and what ended."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "plans": plans_of(incident),
        "kinds": list(PlanKind),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/plans/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str, plan_kind: str) -> HttpResponse:
    """Write a new plan."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    chosen = next((one for one in PlanKind if one == plan_kind), None)
    if chosen is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, kind=chosen, pupils=pupils_of(involved_people(incident)), at=request.at)
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            plan = operations.write(
                incident=incident,
                plan_id=said["plan_id"],
                kind=chosen,
                pupil=said["pupil"],
                text=said["plan_text"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("review_on" if refusal.code == "due_passed" else None, refusal.sentence)
        else:
            messages.success(request, f"The {chosen.label.lower()} is kept, and comes up when it is to be reviewed.")
            return _to(request, incident, plan.pk)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    return render(request, "incidents/plans/add.html", {"incident": incident, "kind": chosen, "form": form})


@require_safe
@member_view(*_READERS)
def detail(request: SchoolRequest, reference: str, plan_id: uuid.UUID) -> HttpResponse:
    """Show a plan, every version of it."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    return _page(request, incident, _read(incident, plan_id), EndForm(prefix="end"))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def review(request: SchoolRequest, reference: str, plan_id: uuid.UUID) -> HttpResponse:
    """Write the next version of a plan, with the last one to begin from."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    read = _read(incident, plan_id)
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(data, kind=PlanKind(read.plan.kind), latest=read.latest, at=request.at)
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            operations.review(
                plan=read.plan,
                after=said["after"],
                text=said["plan_text"],
                found=said["found"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("review_on" if refusal.code == "due_passed" else None, refusal.sentence)
        else:
            messages.success(request, "The review is kept. The version before it stays to be read.")
            return _to(request, incident, plan_id)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    return render(request, "incidents/plans/review.html", {"incident": incident, "read": read, "form": form})


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def end(request: SchoolRequest, reference: str, plan_id: uuid.UUID) -> HttpResponse:
    """End a plan with the reason."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    read = _read(incident, plan_id)
    form = EndForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            operations.end(plan=read.plan, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, f"The {read.plan.kind_label.lower()} has ended. It stays to be read.")
            return redirect("plan-list", school=request.school.slug, reference=incident.reference)
    return _page(request, incident, read, form)


def _read(incident: Incident, plan_id: uuid.UUID) -> PlanRead:
    read = plan_read(incident, plan_id)
    if read is None:
        raise Http404
    read.plan.incident = incident
    return read


def _page(request: SchoolRequest, incident: Incident, read: PlanRead, form: EndForm) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "read": read,
        "questions": questions_of(PlanKind(read.plan.kind)),
        "form": form,
        "can_work": request.access.has(Permission.INCIDENT_WORK) and not incident.is_closed,
    }
    return render(request, "incidents/plans/detail.html", context)


def _to(request: SchoolRequest, incident: Incident, plan_id: uuid.UUID) -> HttpResponse:
    return redirect("plan-detail", school=request.school.slug, reference=incident.reference, plan_id=plan_id)
