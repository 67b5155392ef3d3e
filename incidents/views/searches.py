"""Searches: the register of the school, and the record of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident
from incidents.devices import Authority
from incidents.forms.searches import SearchForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import searches as operations
from incidents.operations.searches import Searched
from incidents.queries.custody import members_beside
from incidents.queries.searches import search_rows
from incidents.views.custody import is_looking, people_offered

_WORDS = ("place", "grounds", "sought", "urgency", "agreed_words", "found", "parent_words", "follow_up")
_ANSWERS = ("is_explained", "is_agreed", "has_found", "is_parent_told")


@require_safe
@member_view(Permission.DEVICE_WORK)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the latest searches that the reader may know of."""
    return render(request, "incidents/searches/list.html", {"searches": search_rows(request.access)})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.DEVICE_WORK)
def add(request: SchoolRequest) -> HttpResponse:
    """Record a search that belongs to no case."""
    return _add(request, None)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_WORK)
def case_add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Record a search on its case."""
    return _add(request, access_incident(request.access, reference, Permission.INCIDENT_WORK))


def _add(request: SchoolRequest, incident: Incident | None) -> HttpResponse:
    form = _form(request, incident)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            operations.record(
                school=request.school,
                search_id=said["search_id"],
                searched=_searched(form, said),
                by=request.user,
                at=request.at,
                incident=incident,
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The search is recorded.")
            if incident is None:
                return redirect("search-list", school=request.school.slug)
            return redirect("custody-of-case", school=request.school.slug, reference=incident.reference)
    if incident is not None:
        incidents.open_case(incident=incident, by=request.user, at=request.at)
    return render(request, "incidents/searches/add.html", {"form": form, "incident": incident})


def _form(request: SchoolRequest, incident: Incident | None) -> SearchForm:
    is_sent = request.method == "POST" and not is_looking(request)
    return SearchForm(
        request.POST if is_sent else None,
        people=people_offered(request, incident),
        users=members_beside(incident, request.school, at=request.at),
        me=request.user,
        at=request.at,
        initial=request.POST.dict() if is_looking(request) else {"search_id": uuid.uuid4()},
    )


def _searched(form: SearchForm, said: dict[str, Any]) -> Searched:
    return Searched(
        authority=Authority(said["authority"]),
        authoriser=form.users[said["authoriser"]],
        searched_at=said["searched_at"],
        searched_by=form.users[said["searched_by"]],
        pupil=said["pupil"],
        pupil_words="" if said["pupil"] else said["whose_words"],
        witness=form.users.get(said["witness"]),
        witness_words=said["witness_words"],
        **{name: said[name] for name in _WORDS},
        **{name: said[name] == "yes" for name in _ANSWERS},
    )
