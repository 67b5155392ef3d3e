"""Who works here: the list, a new role, the end of a role."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.forms.approvals import EndForm
from accounts.forms.members import MemberForm
from accounts.models import Membership
from accounts.operations import approvals
from accounts.permissions import Permission
from accounts.queries.absences import absences_here
from accounts.queries.approvals import is_running, second_people, takes_two
from accounts.queries.members import member_rows
from accounts.queries.people import adults_of
from accounts.roles import TAKES_TWO, Role


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
            [
                (
                    one,
                    request.school.title_of(Role(one.role)),
                    one.role in TAKES_TWO and is_running(one, at=request.at),
                )
                for one in row.memberships
            ],
            away.get(row.user.pk),
        )
        for row in rows
    ]
    return render(request, "accounts/members/list.html", {"rows": listed, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MEMBER_MANAGE, fresh=True)
def add(request: SchoolRequest) -> HttpResponse:
    """Give somebody a role, and invite them if they are new."""
    today = timezone.localtime(request.at).date()
    adults = adults_of(request.school)
    form = MemberForm(
        request.POST or None, school=request.school, adults=adults, today=today, initial={"starts_on": today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            waits = approvals.give_role(school=request.school, by=request.user, at=request.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if waits:
                messages.success(request, "A second person is asked to agree. The role opens nothing until they do.")
                return redirect("approval-list", school=request.school.slug)
            messages.success(request, "The role is set. They get a message that leads them to sign in.")
            return redirect("member-list", school=request.school.slug)
    return render(request, "accounts/members/add.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MEMBER_MANAGE, fresh=True)
def end(request: SchoolRequest, membership_id: uuid.UUID) -> HttpResponse:
    """End a role after yesterday, so that it opens nothing from now on; one that reads cases, once a second agrees."""
    rows = Membership.objects.for_school(request.school).select_related("user", "person")
    membership = rows.filter(pk=membership_id).first()
    if membership is None:
        raise Http404
    membership.school = request.school
    form = None
    if takes_two(request.school, Role(membership.role)) and is_running(membership, at=request.at):
        form = EndForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return _end_page(request, membership, form)
    reason = form.cleaned_data["reason"] if form is not None else ""
    try:
        waits = approvals.end_role(membership=membership, reason=reason, by=request.user, at=request.at)
    except Refused as refusal:
        if form is not None:
            form.add_error(None, refusal.sentence)
            return _end_page(request, membership, form)
        messages.error(request, refusal.sentence)
        return redirect("member-list", school=request.school.slug)
    if waits:
        messages.success(request, "A second person is asked to agree. The role goes on until they do.")
        return redirect("approval-list", school=request.school.slug)
    messages.success(request, "The role has ended. Nothing it opened can be opened any more.")
    return redirect("member-list", school=request.school.slug)


def _end_page(request: SchoolRequest, membership: Membership, form: EndForm | None) -> HttpResponse:
    people, role = frozenset({membership.person_id}), Role(membership.role)
    user = membership.user
    seconds = second_people(request.school, role, by=request.user, people=people, user=user, at=request.at)
    context = {
        "membership": membership,
        "title": request.school.title_of(role),
        "form": form,
        "seconds": seconds,
    }
    return render(request, "accounts/members/end.html", context)
