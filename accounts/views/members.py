"""Who works here: the list, a new role, the end of a role."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.members import MemberForm
from accounts.models import Membership
from accounts.operations import members as operations
from accounts.permissions import Permission
from accounts.queries.absences import absences_here
from accounts.queries.members import member_rows
from accounts.queries.people import adults_of
from accounts.roles import Role


@require_safe
@member_view(Permission.MEMBER_MANAGE)
def members(request: SchoolRequest) -> HttpResponse:
    """List everybody who holds a role here today, or will from a later day, so that it can be taken back."""
    today = timezone.localtime(request.at).date()
    rows = member_rows(request.school, on=today)
    away = absences_here(request.school, at=request.at)
    listed = [
        (
            row.user,
            [(membership, request.school.title_of(Role(membership.role))) for membership in row.memberships],
            away.get(row.user.pk),
        )
        for row in rows
    ]
    return render(request, "accounts/members/list.html", {"rows": listed, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MEMBER_MANAGE)
def add(request: SchoolRequest) -> HttpResponse:
    """Give somebody a role, and invite them if they are new."""
    today = timezone.localtime(request.at).date()
    adults = adults_of(request.school)
    form = MemberForm(
        request.POST or None, school=request.school, adults=adults, today=today, initial={"starts_on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.invite(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The role is set. They get a message that leads them to sign in.")
            return redirect("member-list", school=request.school.slug)
    return render(request, "accounts/members/add.html", {"form": form})


@require_POST
@member_view(Permission.MEMBER_MANAGE)
def end(request: SchoolRequest, membership_id: uuid.UUID) -> HttpResponse:
    """End a role after yesterday, so that it opens nothing from now on."""
    membership = Membership.objects.for_school(request.school).filter(pk=membership_id).select_related("user").first()
    if membership is None:
        raise Http404
    membership.school = request.school
    try:
        operations.end_membership(membership=membership, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "The role has ended. Nothing it opened can be opened any more.")
    return redirect("member-list", school=request.school.slug)
