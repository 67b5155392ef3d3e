"""Colleagues' new ways of signing in, for the second person: confirmed, or taken away; and whoever has lost theirs."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import SchoolRequest, member_view
from accounts.errors import Refused
from accounts.operations import factors as operations
from accounts.permissions import Permission
from accounts.queries.factors import colleagues_with_factors, to_confirm


@require_safe
@member_view(Permission.MEMBER_APPROVE)
def listing(request: SchoolRequest) -> HttpResponse:
    """Show what colleagues added that opens no case yet, and whom one may help who has lost their phone."""
    context = {"waiting": to_confirm(request.access), "colleagues": colleagues_with_factors(request.access)}
    return render(request, "accounts/factors/list.html", context)


@require_POST
@member_view(Permission.MEMBER_APPROVE, fresh=True)
def answer(request: SchoolRequest, factor_id: uuid.UUID) -> HttpResponse:
    """Confirm a colleague's new factor, or take it away."""
    row = next((one for one in to_confirm(request.access) if one.pk == factor_id), None)
    if row is None:
        raise Http404
    is_known = request.POST.get("known") == "yes"
    act = operations.confirm if is_known else operations.refuse
    try:
        act(factor=row, school=request.school, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        done = "can read cases with it now." if is_known else "cannot use it any more, and is signed out everywhere."
        messages.success(request, f"{row.user.full_name} {done}")
    return redirect("factor-list", school=request.school.slug)


@require_POST
@member_view(Permission.MEMBER_APPROVE, fresh=True)
def lost(request: SchoolRequest) -> HttpResponse:
    """Remove every factor of a colleague who has lost theirs, so that they can set up a new one."""
    chosen = request.POST.get("colleague", "")
    user = next((user for pk, user in colleagues_with_factors(request.access) if str(pk) == chosen), None)
    if user is None:
        messages.error(request, "Choose who has lost theirs.")
        return redirect("factor-list", school=request.school.slug)
    try:
        operations.take_all_away(user=user, school=request.school, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            f"{user.full_name} can sign in with the password and set up a new one now. Then confirm it on this page.",
        )
    return redirect("factor-list", school=request.school.slug)
