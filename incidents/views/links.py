"""What belongs together with a case: ties, merging, taking a part out, and by what cases are found to be alike."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.access import access_incident, find_incident
from incidents.forms.links import IdentifierForm, LinkForm, MergeForm, SplitForm, UndoForm
from incidents.models import Incident
from incidents.operations import incidents
from incidents.operations import links as operations
from incidents.queries.links import tie_of, together
from incidents.queries.people import involved_people
from policies.engine.taxonomy import Category

READERS = (Permission.INCIDENT_READ, Permission.ADULT_CASE_MANAGE)


@require_safe
@member_view(*READERS)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what belongs together with a case, as far as its reader may open it."""
    return links_page(request, access_incident(request.access, reference, Permission.INCIDENT_READ))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def add(request: SchoolRequest, reference: str) -> HttpResponse:
    """Say that another case belongs together with this one."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = LinkForm(request.POST, prefix="link")

    def act(other: Incident) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        operations.link(incident=incident, other=other, reason=reason, by=request.user, at=request.at)
        messages.success(request, "The cases are tied.")
        return redirect("link-list", school=request.school.slug, reference=incident.reference)

    return _with_other(request, incident, form, act, link_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_CLOSE)
def merge(request: SchoolRequest, reference: str) -> HttpResponse:
    """Make this case, a duplicate, part of another."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_CLOSE)
    form = MergeForm(request.POST, prefix="merge")

    def act(other: Incident) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        operations.merge(incident=incident, into=other, reason=reason, by=request.user, at=request.at)
        messages.success(request, f"Merged. This is the case that goes on; {incident.reference} is closed.")
        return redirect(other)

    return _with_other(request, incident, form, act, merge_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def split(request: SchoolRequest, reference: str) -> HttpResponse:
    """Make a case of its own of a part of this one."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = SplitForm(request.POST, prefix="split", involved=involved_people(incident))
    if not form.is_valid():
        return links_page(request, incident, split_form=form)
    said = form.cleaned_data
    try:
        new = operations.split(
            incident=incident,
            people=[uuid.UUID(pk) for pk in said["people"]],
            words=said["words"],
            category=Category(said["category"]),
            by=request.user,
            at=request.at,
        )
    except Refused as refusal:
        form.add_error("words", refusal.sentence)
        return links_page(request, incident, split_form=form)
    opened = find_incident(request.access, new.reference)
    if opened is None:
        messages.success(request, "The new concern is sent. It went to somebody else, because of whom it is about.")
        return redirect("link-list", school=request.school.slug, reference=incident.reference)
    messages.success(request, "This is the new case.")
    return redirect(opened)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def undo(request: SchoolRequest, reference: str, link_id: uuid.UUID) -> HttpResponse:
    """Say that two cases do not belong together after all."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    tie = tie_of(request.access, incident, link_id)
    if tie is None:
        raise Http404
    form = UndoForm(request.POST, prefix=f"undo-{tie.pk}")
    if form.is_valid():
        try:
            operations.undo(tie=tie, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, "The cases are not tied any more.")
            return redirect("link-list", school=request.school.slug, reference=incident.reference)
    return links_page(request, incident, undo_form=form)


def links_page(request: SchoolRequest, incident: Incident, **bound: forms.Form) -> HttpResponse:
    """Render the page; `bound` brings a form that was refused, so that nothing typed is lost."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    people = involved_people(incident)
    found = together(request.access, incident, people)
    context: dict[str, Any] = {
        "incident": incident,
        "people": people,
        "found": found,
        "can_work": request.access.has(Permission.INCIDENT_WORK),
        "can_close": request.access.has(Permission.INCIDENT_CLOSE),
        "link_form": LinkForm(prefix="link"),
        "merge_form": MergeForm(prefix="merge"),
        "split_form": SplitForm(prefix="split", involved=people, initial={"category": incident.category}),
        "identifier_form": IdentifierForm(prefix="identifier"),
        "refused": next(iter(bound.values()), None),
        **bound,
    }
    undone = bound.get("undo_form")
    context["ties"] = [
        (tie, undone if undone and undone.prefix == f"undo-{tie.row.pk}" else UndoForm(prefix=f"undo-{tie.row.pk}"))
        for tie in found.ties
    ]
    return render(request, "incidents/links/list.html", context)


def _with_other(
    request: SchoolRequest,
    incident: Incident,
    form: LinkForm,
    act: Callable[[Incident], HttpResponse],
    **bound: forms.Form,
) -> HttpResponse:
    """Act with the other case that the form names; a case its reader may not open does not exist."""
    if form.is_valid():
        other = find_incident(request.access, form.cleaned_data["reference"])
        if other is None:
            form.add_error("reference", "There is no case with that reference that you may open. Check the letters.")
        else:
            try:
                return act(other)
            except Refused as refusal:
                field = "reason" if refusal.code == "reason_missing" else "reference"
                form.add_error(field, refusal.sentence)
    return links_page(request, incident, **bound)
