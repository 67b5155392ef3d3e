"""Why an image was viewed: what must not be done first, then the record."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.forms.viewings import ViewingForm
from incidents.operations import incidents
from incidents.operations import viewings as operations
from incidents.operations.viewings import Viewed
from incidents.queries.custody import members_beside, of_case


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what must not be done, and record why an image was viewed all the same."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    users = members_beside(incident, request.school, at=request.at)
    initial = {"viewing_id": uuid.uuid4()}
    form = ViewingForm(request.POST or None, users=users, me=request.user, at=request.at, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            operations.record(
                incident=incident,
                viewing_id=said["viewing_id"],
                viewed=_viewed(form, said),
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is recorded.")
            return redirect("custody-of-case", school=request.school.slug, reference=reference)
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    context = {"incident": incident, "form": form, "policy": of_case(incident, at=request.at)}
    return render(request, "incidents/viewings/add.html", context)


def _viewed(form: ViewingForm, said: dict[str, Any]) -> Viewed:
    return Viewed(
        why=said["why"],
        tried=said["tried"],
        decider=form.users[said["decider"]],
        viewed_at=said["viewed_at"],
        viewed_by=form.users[said["viewed_by"]],
        place=said["place"],
        present=form.users.get(said["present"]),
        present_words=said["present_words"],
        seen=said["seen"],
    )
