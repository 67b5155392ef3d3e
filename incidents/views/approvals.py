"""What takes two people on a case: the page of it, asking, agreeing, saying no."""

import uuid
from collections.abc import Callable
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
from incidents.access import access_incident, row_of_case
from incidents.forms.approvals import DeclineForm, PartForm, ReasonForm
from incidents.models import CaseApproval, Incident, Interest
from incidents.operations import approvals as operations
from incidents.operations import incidents
from incidents.queries.approvals import kept_away, second_people, waiting_on
from incidents.queries.people import involved_people

_ASKED = "A second person is asked to agree. Nothing changes until they do."


@require_safe
@member_view(Permission.INCIDENT_WORK)
def listing(request: SchoolRequest, reference: str) -> HttpResponse:
    """Show what waits for a second person on this case, and what could be asked for."""
    return _page(request, access_incident(request.access, reference, Permission.INCIDENT_WORK))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def unseal(request: SchoolRequest, reference: str) -> HttpResponse:
    """Ask to open a sealed case again to all who handle such cases."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = ReasonForm(request.POST, prefix="unseal")

    def ask() -> str:
        reason = form.cleaned_data["reason"]
        operations.ask_to_unseal(incident=incident, reason=reason, by=request.user, at=request.at)
        return _ASKED

    return _attempt(request, incident, form, ask, unseal_form=form)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def let_back(request: SchoolRequest, reference: str, interest_id: uuid.UUID) -> HttpResponse:
    """Ask to let somebody back to the case."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    interest = row_of_case(incident, Interest, interest_id)
    form = ReasonForm(request.POST, prefix=f"back-{interest.pk}")

    def ask() -> str:
        reason = form.cleaned_data["reason"]
        operations.ask_to_let_back(interest=interest, reason=reason, by=request.user, at=request.at)
        return _ASKED

    return _attempt(request, incident, form, ask, back_forms={interest.pk: form})


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def change_part(request: SchoolRequest, reference: str) -> HttpResponse:
    """Give somebody another part in the case; where it takes two, ask for it."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    form = _part_form(incident, request.POST)

    def ask() -> str:
        waits = operations.change_part(**form.cleaned_data, by=request.user, at=request.at)
        return _ASKED if waits else "Their part is changed. It stands in the chronology."

    return _attempt(request, incident, form, ask, part_form=form)


@require_POST
@member_view(Permission.INCIDENT_WORK, fresh=True)
def agree(request: SchoolRequest, reference: str, approval_id: uuid.UUID) -> HttpResponse:
    """Agree as the second person: it happens now."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    approval = row_of_case(incident, CaseApproval, approval_id)
    try:
        operations.agree(approval=approval, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "You agreed. It holds from now on.")
    return _back(incident)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_WORK)
def decline(request: SchoolRequest, reference: str, approval_id: uuid.UUID) -> HttpResponse:
    """Say no, and why; or take back what one asked for oneself."""
    incident = access_incident(request.access, reference, Permission.INCIDENT_WORK)
    approval = row_of_case(incident, CaseApproval, approval_id)
    form = DeclineForm(request.POST, prefix=f"no-{approval.pk}")

    def answer() -> str:
        reason = form.cleaned_data["reason"]
        operations.decline(approval=approval, reason=reason, by=request.user, at=request.at)
        return "Everything stays as it is. Why is in the chronology."

    return _attempt(request, incident, form, answer, decline_forms={approval.pk: form})


def _attempt(
    request: SchoolRequest, incident: Incident, form: forms.Form, act: Callable[[], str], **bound: Any
) -> HttpResponse:
    """Do what was asked for and say so; where the form or the operation refuses, show the page with what was typed."""
    if not form.is_valid():
        return _page(request, incident, refused=form, **bound)
    try:
        sentence = act()
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, incident, refused=form, **bound)
    messages.success(request, sentence)
    return _back(incident)


def _page(request: SchoolRequest, incident: Incident, **bound: Any) -> HttpResponse:
    """Render the page, and record that the case was read; `bound` brings the form that was refused."""
    incidents.open_case(incident=incident, by=request.user, at=request.at)
    declines, backs = bound.pop("decline_forms", {}), bound.pop("back_forms", {})
    waiting = waiting_on(incident, request.user, at=request.at)
    context = {
        "incident": incident,
        "waiting": [(one, declines.get(one.approval.pk) or _decline_form(one.approval)) for one in waiting],
        "kept_away": [(row, backs.get(row.pk) or ReasonForm(prefix=f"back-{row.pk}")) for row in kept_away(incident)],
        "seconds": second_people(incident, by=request.user, about=None, at=request.at),
        "unseal_form": ReasonForm(prefix="unseal"),
        "part_form": _part_form(incident),
        "refused": None,
        **bound,
    }
    return render(request, "incidents/approvals/list.html", context)


def _decline_form(approval: CaseApproval) -> DeclineForm:
    return DeclineForm(prefix=f"no-{approval.pk}")


def _part_form(incident: Incident, data: Any = None) -> PartForm:
    return PartForm(data, people=involved_people(incident), prefix="part")


def _back(incident: Incident) -> HttpResponse:
    return redirect("case-approval-list", school=incident.school.slug, reference=incident.reference)
