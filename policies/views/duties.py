"""The duties of the school: what comes round again, what is late, and what shows that the rest was done."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from policies.forms.duties import DoneForm, WaiveForm
from policies.models import SchoolDuty
from policies.operations import duties as operations
from policies.queries.duties import duties_of, duty_row, may_settle


@require_safe
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def duties(request: SchoolRequest) -> HttpResponse:
    """Show every duty of the school: what is overdue, due soon, due later, and done within a year."""
    context = {
        "duties": duties_of(request.access, at=request.at),
        "may_adopt": request.access.has(Permission.POLICY_ADOPT),
    }
    return render(request, "policies/duties/list.html", context)


@require_safe
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def duty(request: SchoolRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Show one round, and to whoever may settle it the two ways of doing so."""
    today = timezone.localtime(request.at).date()
    done_form = DoneForm(prefix="done", initial={"done_on": today})
    return _page(request, _found(request, duty_id), done_form, WaiveForm(prefix="waive"))


@require_POST
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def done(request: SchoolRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Record that a round was done."""
    row = _settled_by(request, duty_id)
    form = DoneForm(request.POST, prefix="done")
    if _is_carried_out(operations.discharge, row, form, request):
        messages.success(request, "It is recorded as done.")
        return redirect("duty-list", school=request.school.slug)
    return _page(request, row, form, WaiveForm(prefix="waive"))


@require_POST
@member_view(Permission.REGISTER_MANAGE, Permission.REPORT_READ)
def waive(request: SchoolRequest, duty_id: uuid.UUID) -> HttpResponse:
    """Record the decision that a round is not needed."""
    row = _settled_by(request, duty_id)
    form = WaiveForm(request.POST, prefix="waive")
    if _is_carried_out(operations.waive, row, form, request):
        messages.success(request, "It is recorded that this is not done this time, and why.")
        return redirect("duty-list", school=request.school.slug)
    today = timezone.localtime(request.at).date()
    return _page(request, row, DoneForm(prefix="done", initial={"done_on": today}), form)


def _is_carried_out(
    operation: Callable[..., object], row: SchoolDuty, form: forms.Form, request: SchoolRequest
) -> bool:
    """Settle the round when the form is right; otherwise leave in the form what has to be put right."""
    if not form.is_valid():
        return False
    try:
        operation(duty=row, by=request.user, at=request.at, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("done_on" if refusal.code.startswith("done_") else None, refusal.sentence)
        return False
    return True


def _found(request: SchoolRequest, duty_id: uuid.UUID) -> SchoolDuty:
    rounds = SchoolDuty.objects.for_school(request.school).filter(pk=duty_id)
    found: SchoolDuty | None = rounds.select_related("settled_by").first()
    if found is None:
        raise Http404
    return found


def _settled_by(request: SchoolRequest, duty_id: uuid.UUID) -> SchoolDuty:
    """Return the round if this user may settle it. One that is settled already is told of in its own words."""
    row = _found(request, duty_id)
    if not may_settle(request.access, row):
        raise PermissionDenied
    return row


def _page(request: SchoolRequest, row: SchoolDuty, done_form: DoneForm, waive_form: WaiveForm) -> HttpResponse:
    context: dict[str, Any] = {
        "row": duty_row(request.access, row, at=request.at),
        "duty": row,
        "done_form": done_form,
        "waive_form": waive_form,
    }
    return render(request, "policies/duties/detail.html", context)
