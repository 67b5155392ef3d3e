"""Phones and photographs: who is allowed or agreed to what. No case is involved."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.permissions import Permission
from incidents.devices import AllowanceGround, AllowanceKind, Giver
from incidents.forms.allowances import AllowanceForm, RegisterForm, WithdrawForm
from incidents.operations import allowances as operations
from incidents.operations.allowances import Given
from incidents.queries.allowances import access_allowance, allowance_rows
from incidents.views.custody import is_looking, people_offered

_KEEPERS = (Permission.DEVICE_WORK, Permission.REGISTER_MANAGE)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*_KEEPERS)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show the register. What is looked for is sent by POST, so that no name stands in an address."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "rows": allowance_rows(request.access, form.wanted, at=request.at),
        "is_filtered": request.method == "POST",
        "keeps_devices": request.access.has(Permission.DEVICE_WORK),
    }
    return render(request, "incidents/allowances/list.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*_KEEPERS)
def add(request: SchoolRequest) -> HttpResponse:
    """Enter what somebody is allowed or agreed to."""
    is_sent = request.method == "POST" and not is_looking(request)
    form = AllowanceForm(
        request.POST if is_sent else None,
        people=people_offered(request, None),
        at=request.at,
        initial=request.POST.dict() if is_looking(request) else None,
    )
    if is_sent and form.is_valid():
        said = form.cleaned_data
        given = Given(
            kind=AllowanceKind(said["kind"]),
            person=said["person"],
            given_on=said["given_on"],
            giver=Giver(said["giver"]),
            giver_name=said["giver_name"],
            ground=AllowanceGround(said["ground"]) if said["ground"] else None,
            until=said["until"],
            note=said["note"],
        )
        try:
            row = operations.give(given=given, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"It stands in the register: {row.kind_label.lower()}.")
            return redirect("allowance-list", school=request.school.slug)
    return render(request, "incidents/allowances/add.html", {"form": form})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@member_view(*_KEEPERS)
def withdraw(request: SchoolRequest, allowance_id: uuid.UUID) -> HttpResponse:
    """Show one line of the register, and enter that it was taken back."""
    allowance = access_allowance(request.access, allowance_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None, at=request.at)
    if request.method == "POST" and form.is_valid():
        giver, day = Giver(form.cleaned_data["giver"]), form.cleaned_data["withdrawn_on"]
        try:
            operations.withdraw(allowance=allowance, giver=giver, withdrawn_on=day, by=request.user, at=request.at)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "It was taken back. The line stays in the register.")
            return redirect("allowance-list", school=request.school.slug)
    return render(request, "incidents/allowances/withdraw.html", {"form": form, "allowance": allowance})
