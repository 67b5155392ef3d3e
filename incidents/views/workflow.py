"""Buttons that move a case, and give it an owner or a level."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, possible_owners
from incidents.forms.workflow import CloseForm, LevelForm, OwnerForm, ReasonForm, WatchForm
from incidents.models import Incident
from incidents.operations import ownership, workflow
from incidents.queries.people import involved_people
from incidents.statuses import Level, Outcome, Status
from incidents.views.incidents import case_page
from incidents.workflow import permission_for
from policies.calendars import end_of_school_day

_MOVES = {
    Status.ACKNOWLEDGED: "Acknowledged. The person who logged it sees that it was seen.",
    Status.CLOSED: "The case is closed. The person who logged it is told.",
    Status.OPEN: "The case is open again.",
    Status.MONITORING: "The case is watched. On that day it is on the list again.",
}
_FORMS = {Status.CLOSED: "close_form", Status.OPEN: "reopen_form", Status.MONITORING: "watch_form"}


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_TRIAGE, Permission.INCIDENT_WORK, Permission.INCIDENT_CLOSE)
def advance(request: SchoolRequest, reference: str, status: str) -> HttpResponse:
    """Move a case to another status."""
    to = next((target for target in _MOVES if target == status), None)
    if to is None:
        raise Http404
    done = _MOVES[to]
    incident = access_incident(request.access, reference, Permission.INCIDENT_READ)
    # What is open in an emergency is open for reading alone.
    if incident.emergency_id or not request.access.has(permission_for(incident.status, to)):
        raise Http404
    form = _move_form(request, to)
    if form is not None and not form.is_valid():
        return case_page(request, incident, **_shown_again(to, form))
    said = form.cleaned_data if form else {}
    given: dict[str, Any] = {"reason": said.get("reason", "")}
    given["outcome"] = Outcome(said["outcome"]) if said.get("outcome") else None
    given["review_at"] = end_of_school_day(request.school, said["review_date"]) if "review_date" in said else None
    return attempt(
        request,
        incident,
        lambda: workflow.advance(incident=incident, to=to, by=request.user, at=request.at, **given),
        done,
        _shown_again(to, form) if form else {},
    )


@require_POST
@member_view(Permission.INCIDENT_TRIAGE)
def set_owner(request: SchoolRequest, reference: str) -> HttpResponse:
    """Give a case its owner."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_TRIAGE)
    people = involved_people(incident)
    form = OwnerForm(request.POST, owners=possible_owners(incident, people, at=request.at))
    if not form.is_valid():
        return case_page(request, incident, owner_form=form)
    owner = form.cleaned_data["owner"]
    return attempt(
        request,
        incident,
        lambda: ownership.assign(incident=incident, owner=owner, by=request.user, at=request.at),
        f"{owner.full_name} owns this case.",
        {"owner_form": form},
    )


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_TRIAGE)
def set_level(request: SchoolRequest, reference: str) -> HttpResponse:
    """Change how urgent a case is."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_TRIAGE)
    form = LevelForm(request.POST)
    if not form.is_valid():
        return case_page(request, incident, level_form=form)
    level = Level(int(form.cleaned_data["level"]))
    return attempt(
        request,
        incident,
        lambda: ownership.set_level(
            incident=incident, level=level, reason=form.cleaned_data["reason"], by=request.user, at=request.at
        ),
        f"The level is {level.label.lower()} now.",
        {"level_form": form},
    )


def attempt(
    request: SchoolRequest, incident: Incident, change: Callable[[], object], done: str, shown: dict[str, object]
) -> HttpResponse:
    """Do it and return to the case; where it is refused, show the sentence and everything that was typed."""
    try:
        change()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return case_page(request, incident, **shown)
    messages.success(request, done)
    return redirect(incident)


def _move_form(request: SchoolRequest, to: Status) -> forms.Form | None:
    if to is Status.CLOSED:
        return CloseForm(request.POST, prefix="close")
    if to is Status.MONITORING:
        return WatchForm(request.POST, prefix="watch", at=request.at)
    return ReasonForm(request.POST, prefix="reopen") if to is Status.OPEN else None


def _shown_again(to: Status, form: forms.Form) -> dict[str, object]:
    return {_FORMS[to]: form}
