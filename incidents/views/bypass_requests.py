"""Letting a website through for a while: asking, deciding, switching on, taking off again."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.forms.bypass_requests import AGREED, BypassForm, DecisionForm
from incidents.models import BypassRequest
from incidents.operations import bypass_requests as operations
from incidents.queries.bypass_requests import access_bypass, bypass_list
from incidents.statuses import BypassState

READERS = (Permission.FILTERING_READ, Permission.INCIDENT_LOG)


@require_safe
@member_view(Permission.INCIDENT_LOG)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show what is asked for and open, and what is over; to whoever only asks, their own."""
    context = {"bypasses": bypass_list(request.access), "reads": request.access.has(Permission.FILTERING_READ)}
    return render(request, "incidents/bypass_requests/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_LOG)
def add(request: SchoolRequest) -> HttpResponse:
    """Ask to let a website through for a while."""
    form = BypassForm(request.POST or None, at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.ask(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It is with the safeguarding team. You are told what they decide.")
            return redirect("bypass-detail", school=request.school.slug, bypass_id=row.pk)
    return render(request, "incidents/bypass_requests/add.html", {"form": form, "longest": operations.LONGEST_DAYS})


@require_safe
@member_view(*READERS)
def detail(request: SchoolRequest, bypass_id: uuid.UUID) -> HttpResponse:
    """Show one request, and what is next about it."""
    return _page(request, access_bypass(request.access, bypass_id))


@sensitive_post_parameters()
@require_POST
@member_view(Permission.INCIDENT_READ)
def decide(request: SchoolRequest, bypass_id: uuid.UUID) -> HttpResponse:
    """Record what the safeguarding team decided, and why."""
    row = access_bypass(request.access, bypass_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        is_agreed, reason = form.cleaned_data["decision"] == AGREED, form.cleaned_data["reason"]
        try:
            operations.decide(bypass=row, is_agreed=is_agreed, reason=reason, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The decision is recorded, and whoever asked is told.")
            return redirect("bypass-detail", school=request.school.slug, bypass_id=row.pk)
    return _page(request, row, form)


@require_POST
@member_view(Permission.FILTERING_WORK)
def switch_on(request: SchoolRequest, bypass_id: uuid.UUID) -> HttpResponse:
    """Record that the website is let through now."""
    return _moved(request, bypass_id, operations.switch_on, "It is let through, and whoever asked is told.")


@require_POST
@member_view(Permission.FILTERING_WORK)
def take_off(request: SchoolRequest, bypass_id: uuid.UUID) -> HttpResponse:
    """Record that the website is no longer let through."""
    return _moved(request, bypass_id, operations.take_off, "It is taken off.")


@require_POST
@member_view(*READERS)
def withdraw(request: SchoolRequest, bypass_id: uuid.UUID) -> HttpResponse:
    """Take a request back."""
    return _moved(request, bypass_id, operations.withdraw, "It is not asked for any more.")


def _moved(request: SchoolRequest, bypass_id: uuid.UUID, move: Callable[..., None], said: str) -> HttpResponse:
    row = access_bypass(request.access, bypass_id)
    try:
        move(bypass=row, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said)
    return redirect("bypass-detail", school=request.school.slug, bypass_id=row.pk)


def _page(request: SchoolRequest, row: BypassRequest, form: DecisionForm | None = None) -> HttpResponse:
    works, is_mine = request.access.has(Permission.FILTERING_WORK), row.asked_by_id == request.user.pk
    decides = request.access.has(Permission.INCIDENT_READ) and row.state == BypassState.ASKED
    context: dict[str, Any] = {
        "bypass": row,
        "form": form or DecisionForm(),
        "may_decide": decides and not is_mine,
        "is_own": decides and is_mine,
        "may_switch_on": works and row.state == BypassState.AGREED and row.ends_at > request.at,
        "may_take_off": works and row.state in (BypassState.ON, BypassState.EXPIRED),
        "may_withdraw": is_mine and row.state in (BypassState.ASKED, BypassState.AGREED),
        # Its last day; the end itself is the midnight after it.
        "is_over": row.ends_at <= request.at,
    }
    return render(request, "incidents/bypass_requests/detail.html", context)
