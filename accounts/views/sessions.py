"""Where somebody is signed in: out everywhere at once, oneself or, for whoever manages accounts, a member."""

import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import SchoolRequest, SignedInRequest, member_view, signed_in_view
from accounts.models import Membership
from accounts.operations import sessions
from accounts.permissions import Permission


@require_POST
@signed_in_view
def end_all(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere, this browser included, and lead to signing in."""
    sessions.end_sessions(user=request.user, by=request.user, at=request.at, keep=request.session.session_key or "")
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")


@require_POST
@member_view(Permission.MEMBER_MANAGE, fresh=True)
def of_member(request: SchoolRequest, membership_id: uuid.UUID) -> HttpResponse:
    """Sign somebody who works here out wherever they are signed in: a telephone was lost, or a screen left open."""
    membership = Membership.objects.for_school(request.school).filter(pk=membership_id).select_related("user").first()
    if membership is None:
        raise Http404
    user = membership.user
    keep = (request.session.session_key or "") if user == request.user else ""
    if sessions.end_sessions(user=user, by=request.user, at=request.at, keep=keep):
        messages.success(request, f"{user.full_name} is signed out everywhere, and has to sign in anew.")
    else:
        messages.success(request, f"{user.full_name} was signed in nowhere.")
    return redirect("member-list", school=request.school.slug)
