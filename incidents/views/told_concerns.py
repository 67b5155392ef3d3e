"""Told but not written: noting it, seeing what waits, writing it up, waiting no longer."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from accounts.queries.members import reporters
from incidents.access import access_told_concern
from incidents.forms.told_concerns import ToldForm, WithdrawForm
from incidents.models import ToldConcern
from incidents.operations import told_concerns as operations
from incidents.queries.told_concerns import waiting_to_be_written
from policies.statuses import State


@require_safe
@member_view(Permission.INCIDENT_LOG)
def listing(request: SchoolRequest) -> HttpResponse:
    """List what waits to be written up, by this user and by others as far as they may know."""
    told = waiting_to_be_written(request.access)
    return render(request, "incidents/told_concerns/list.html", {"told": told})


@sensitive_post_parameters("memory")
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_LOG)
def add(request: SchoolRequest) -> HttpResponse:
    """Note that somebody was told something and has to write it up."""
    names_others = request.access.has(Permission.INCIDENT_READ)
    others = reporters(request.school, at=request.at) if names_others else []
    data = request.POST if request.method == "POST" else None
    form = ToldForm(data, user=request.user, others=others, at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            told = operations.open_told(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("told-concern-detail", school=request.school.slug, told_id=told.pk)
    return render(request, "incidents/told_concerns/add.html", {"form": form})


@require_safe
@member_view(Permission.INCIDENT_LOG)
def detail(request: SchoolRequest, told_id: uuid.UUID) -> HttpResponse:
    """Show who has to write it up, and by when."""
    return _page(request, access_told_concern(request.access, told_id))


@require_POST
@member_view(Permission.INCIDENT_LOG)
def write(request: SchoolRequest, told_id: uuid.UUID) -> HttpResponse:
    """Lead whoever has to write it up to the concern form, with what is known filled in."""
    told = access_told_concern(request.access, told_id, as_writer=True)
    try:
        draft = operations.begin_writing(told=told, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("told-concern-detail", school=request.school.slug, told_id=told.pk)
    return redirect("draft-detail", school=request.school.slug, draft_id=draft.pk)


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_LOG)
def withdraw(request: SchoolRequest, told_id: uuid.UUID) -> HttpResponse:
    """Wait for it no longer, with the reason."""
    told = access_told_concern(request.access, told_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            operations.withdraw(told=told, by=request.user, at=request.at, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, "It is not waited for any more.")
            return redirect("told-concern-list", school=request.school.slug)
    return _page(request, told, form)


@require_POST
@member_view(Permission.INCIDENT_READ)
def remind(request: SchoolRequest, told_id: uuid.UUID) -> HttpResponse:
    """Remind whoever has to write it up."""
    told = access_told_concern(request.access, told_id)
    try:
        operations.remind(told=told, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{told.writer.full_name} gets a reminder.")
    return redirect("told-concern-detail", school=request.school.slug, told_id=told.pk)


def _page(request: SchoolRequest, told: ToldConcern, form: WithdrawForm | None = None) -> HttpResponse:
    is_writer, is_opener = told.writer_id == request.user.pk, told.opened_by_id == request.user.pk
    ended_by_team = told.state == State.WITHDRAWN and told.settled_by_id != told.writer_id
    context = {
        "told": told,
        "form": form or WithdrawForm(),
        "is_writer": is_writer,
        "is_open": told.state == State.OPEN,
        "memory": told.memory if is_opener else None,
        "can_remind": request.access.has(Permission.INCIDENT_READ) and not is_writer,
        # How its writer ended it is theirs: it may be about whoever looks at this page.
        "reason": told.reason if ended_by_team or told.settled_by_id == request.user.pk else None,
        "is_written": is_writer and told.state == State.DONE,
    }
    return render(request, "incidents/told_concerns/detail.html", context)
