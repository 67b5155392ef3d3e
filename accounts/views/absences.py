"""Being away: one's own page, and that of whoever keeps the members."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.absences import AbsenceForm
from accounts.models import Absence, Membership, User
from accounts.operations import absences as operations
from accounts.permissions import Permission
from accounts.queries.absences import absences_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.INCIDENT_LOG)
def mine(request: SchoolRequest) -> HttpResponse:
    """Say that one is away, or see when."""
    form = _form(request)
    if _add(request, form, request.user):
        messages.success(request, "You are marked as away. What is meant for you goes to those who are here.")
        return redirect("absence-list", school=request.school.slug)
    return _page(request, form, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MEMBER_MANAGE)
def of_member(request: SchoolRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Mark a member as away, or see when they are."""
    membership = Membership.objects.for_school(request.school).filter(pk=membership_id).select_related("user").first()
    if membership is None:
        raise Http404
    form = _form(request)
    if _add(request, form, membership.user):
        messages.success(request, f"{membership.user.full_name} is marked as away, and gets a message about it.")
        return redirect("member-list", school=request.school.slug)
    return _page(request, form, membership.user, is_other=True)


@require_POST
@member_view(Permission.INCIDENT_LOG)
def end_own(request: SchoolRequest, absence_id: uuid.UUID) -> HttpResponse:
    """Say that one is back, or that one will be here after all."""
    absence = Absence.objects.for_school(request.school).filter(pk=absence_id, user=request.user).first()
    if absence is None:
        raise Http404
    operations.end_absence(absence=absence, by=request.user, at=request.at)
    messages.success(request, "You are marked as here.")
    return redirect("absence-list", school=request.school.slug)


@require_POST
@member_view(Permission.MEMBER_MANAGE)
def end(request: SchoolRequest, absence_id: uuid.UUID) -> HttpResponse:
    """Say that a member is back, or will be here after all."""
    absence = Absence.objects.for_school(request.school).filter(pk=absence_id).first()
    if absence is None:
        raise Http404
    operations.end_absence(absence=absence, by=request.user, at=request.at)
    messages.success(request, "That absence is over.")
    return redirect("member-list", school=request.school.slug)


def _form(request: SchoolRequest) -> AbsenceForm:
    return AbsenceForm(request.POST if request.method == "POST" else None, today=timezone.localtime(request.at).date())


def _add(request: SchoolRequest, form: AbsenceForm, user: User) -> bool:
    """Mark somebody as away; False where the form has something to say first."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        operations.add_absence(school=request.school, user=user, by=request.user, at=request.at, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def _page(request: SchoolRequest, form: AbsenceForm, user: User, *, is_other: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "away": user,
        "is_other": is_other,
        "absences": absences_of(request.school, user, at=request.at),
    }
    return render(request, "accounts/absences/detail.html", context)
