"""What a school learns: from one case, after it was closed too; and the list of all lessons, without a child's name."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, possible_owners
from incidents.care import LookingBack
from incidents.forms.lessons import DebriefForm, HandlingForm, LessonForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import lessons as operations
from incidents.queries.lessons import learnt_from, lessons_of_school
from incidents.queries.people import involved_people
from policies.calendars import end_of_school_day

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
_FORMS: dict[LookingBack, type[HandlingForm | DebriefForm]] = {
    LookingBack.REVIEW: HandlingForm,
    LookingBack.DEBRIEF: DebriefForm,
}


@require_safe
@member_view(*_READERS)
def register(request: SchoolRequest) -> HttpResponse:
    """List what was learnt from the cases this user may read, and how far each lesson is."""
    return render(request, "incidents/lessons/register.html", {"lessons": lessons_of_school(request.access)})


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what one case taught, and the form for a lesson."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    return lessons_page(request, incident)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Record a lesson, and who follows it up by when."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = _form(request, incident, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.learn(
                incident=incident,
                kind=said["kind"],
                words=said["words"],
                due_at=end_of_school_day(request.school, said["due_date"]),
                assignee=said["assignee"],
                lesson_id=said["lesson_id"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("due_date" if refusal.code == "due_passed" else None, refusal.sentence)
        else:
            messages.success(request, "The lesson is kept, and comes up when it is to be followed up.")
            return redirect("lesson-list", school=request.school.slug, reference=incident.reference)
    return lessons_page(request, incident, form=form)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def look_back(request: SchoolRequest, reference: str, look: str) -> HttpResponse:
    """Record a review of how a case was handled, or a debrief."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    chosen = next((one for one in LookingBack if one == look), None)
    if chosen is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = _FORMS[chosen](data, at=request.at)
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            operations.look_back(
                incident=incident,
                kind=chosen,
                account=said["account"],
                look_id=said["look_id"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is kept. Write each lesson down below, so that it is followed up.")
            return redirect("lesson-list", school=request.school.slug, reference=incident.reference)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    return render(request, "incidents/lessons/look_back.html", {"incident": incident, "kind": chosen, "form": form})


def lessons_page(request: SchoolRequest, incident: Incident, **bound: Any) -> HttpResponse:
    """Render what a case taught and record that it was read; `bound` brings a form that was refused."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "learnt": learnt_from(incident),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
        "refused": next(iter(bound.values()), None),
        **bound,
    }
    context.setdefault("form", _form(request, incident))
    return render(request, "incidents/lessons/list.html", context)


def _form(request: SchoolRequest, incident: Incident, data: Any = None) -> LessonForm:
    owners = possible_owners(incident, involved_people(incident), at=request.at)
    return LessonForm(data, owners=owners, at=request.at)
