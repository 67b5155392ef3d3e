"""Parents: told, and what was said; or not told, and why not."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.care import WhyNot
from incidents.forms.contacts import NotToldForm, ToldForm
from incidents.models import Incident
from incidents.operations import contacts as operations
from incidents.operations import incidents
from incidents.queries.contacts import PupilsHome, bans_on_telling, home_of, homes, why_not_tell
from incidents.queries.obligations import words_of_duties
from policies.calendars import end_of_school_day

_READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*_READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show, pupil by pupil, which parents were told and what was said, and which are not told and why."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {
        "incident": incident,
        "homes": homes(incident),
        "bans": words_of_duties(incident, bans_on_telling(incident), at=request.at),
        "can_work": request.access.has(Permission.INCIDENT_WORK),
    }
    return render(request, "incidents/contacts/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def told(request: SchoolRequest, reference: str, pupil_id: uuid.UUID) -> HttpResponse:
    """Record that parents of a pupil were told."""
    incident, home = _home(request, reference, pupil_id)
    data = request.POST if request.method == "POST" else None
    form = ToldForm(data, parents=home.parents, teller=request.user.full_name, at=request.at)
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            operations.tell(
                incident=incident,
                pupil=home.pupil,
                home=said["home"],
                telling=said["telling"],
                sent_id=said["sent_id"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"It is kept that the home of {home.name} was told.")
            return redirect("contact-list", school=request.school.slug, reference=incident.reference)
    forbidden = why_not_tell(incident, home.pupil)
    return _page(request, incident, home, form, "incidents/contacts/told.html", forbidden=forbidden)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def not_told(request: SchoolRequest, reference: str, pupil_id: uuid.UUID) -> HttpResponse:
    """Record why parents of a pupil are not told, and until when."""
    incident, home = _home(request, reference, pupil_id)
    data = request.POST if request.method == "POST" else None
    form = NotToldForm(data, parents=home.parents, at=request.at)
    if data is not None and form.is_valid():
        said = form.cleaned_data
        again = said["again_date"]
        try:
            operations.leave_untold(
                incident=incident,
                pupil=home.pupil,
                home=said["home"],
                why_not=WhyNot(said["why_not"]),
                reason=said["reason"],
                again_at=end_of_school_day(request.school, again) if again else None,
                sent_id=said["sent_id"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("again_date" if refusal.code == "due_passed" else None, refusal.sentence)
        else:
            messages.success(request, f"It is kept why the home of {home.name} is not told.")
            return redirect("contact-list", school=request.school.slug, reference=incident.reference)
    return _page(request, incident, home, form, "incidents/contacts/not_told.html")


def _home(request: SchoolRequest, reference: str, pupil_id: uuid.UUID) -> tuple[Incident, PupilsHome]:
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    home = home_of(incident, pupil_id)
    if home is None:
        raise Http404
    return incident, home


def _page(
    request: SchoolRequest,
    incident: Incident,
    home: PupilsHome,
    form: ToldForm | NotToldForm,
    template: str,
    **more: object,
) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    bans = words_of_duties(incident, bans_on_telling(incident), at=request.at)
    return render(request, template, {"incident": incident, "home": home, "form": form, "bans": bans, **more})
