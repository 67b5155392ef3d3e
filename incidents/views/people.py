"""People: found while logging a concern, added to a case, and one person across cases."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.models import Person
from accounts.permissions import Permission
from incidents.access import access_incident, access_person, find_incident
from incidents.forms.links import PersonForm
from incidents.models import Incident, InvolvedPerson
from incidents.operations import incidents, parts
from incidents.operations.incidents import Involved
from incidents.queries.links import siblings_of_case
from incidents.queries.people import across_cases, find_people, involved_people, people_by_id
from incidents.routes import concerns_an_adult
from incidents.statuses import Part


@sensitive_post_parameters()
@require_POST
@member_view(Permission.PERSON_READ)
def search(request: SchoolRequest) -> HttpResponse:
    """Answer the type-ahead with at most ten people: id, name, and what tells them apart."""
    found = find_people(request.school, request.POST.get("q", ""))
    return JsonResponse(
        [{"id": str(person.pk), "name": person.name, "detail": person.detail} for person in found], safe=False
    )


@require_safe
@member_view(Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)
def detail(request: SchoolRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show one person across the cases that the reader may open."""
    person = access_person(request.access, person_id)
    incidents.note_person_read(person=person, by=request.user, at=request.at)
    context = {"person": person, "found": across_cases(request.access, person)}
    return render(request, "incidents/people/detail.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def of_case(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show who is named on a case, and name somebody more: found by name, or described."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    if request.method != "POST":
        return _page(request, incident, PersonForm())
    form = PersonForm(request.POST)
    action, _, chosen = request.POST.get("action", "").partition(":")
    if not form.is_valid() or action == "find":
        return _page(request, incident, form)
    person = _chosen(request, chosen) if action == "add_person" else None
    named = Involved(Part(form.cleaned_data["part"]), person, "" if person else form.cleaned_data["description"])
    try:
        row = parts.name(incident=incident, named=named, by=request.user, at=request.at)
    except Refused as refusal:
        form.add_error("query" if person else "description", refusal.sentence)
        return _page(request, incident, form)
    messages.success(request, f"{row.name} is named on this case. {_what_follows(incident, row)}")
    return _back(request, incident)


def _chosen(request: SchoolRequest, chosen: str) -> Person | None:
    try:
        return people_by_id(request.school, [uuid.UUID(chosen)]).get(chosen)
    except ValueError:
        return None


def _what_follows(incident: Incident, row: InvolvedPerson) -> str:
    """Return what became of a case by somebody's part, in words for whoever gave it."""
    is_adult = row.part == Part.ALLEGED and row.person is not None and concerns_an_adult([row.person])
    if is_adult and not incident.is_about_adult:
        return "What concerns them was passed on to the person who handles such concerns; speak to nobody else of it."
    return "What the policy asks was brought up to date."


def _back(request: SchoolRequest, incident: Incident) -> HttpResponse:
    """Go back to the people of a case, or to the queue where the case went to somebody else."""
    if find_incident(request.access, incident.reference) is None:
        return redirect("incident-list", school=request.school.slug)
    return redirect("case-people", school=request.school.slug, reference=incident.reference)


def _page(request: SchoolRequest, incident: Incident, form: PersonForm) -> HttpResponse:
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    query = str(form.data.get("query", "")).strip() if form.is_bound else ""
    context = {
        "incident": incident,
        "form": form,
        "people": involved_people(incident),
        "siblings": siblings_of_case(incident),
        "query": query,
        "results": find_people(request.school, query) if query else [],
    }
    return render(request, "incidents/people/of_case.html", context)
