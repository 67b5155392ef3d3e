"""One's own account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import schools_for
from accounts.decorators import SignedInRequest, signed_in_view


@require_safe
@signed_in_view
def profile(request: SignedInRequest) -> HttpResponse:
    """Show who is signed in, where, and lead to password, second factor and sessions."""
    return render(request, "accounts/profile/detail.html", {"schools": schools_for(request.user, at=request.at)})


@require_safe
@signed_in_view
def keepalive(request: SignedInRequest) -> HttpResponse:
    """Answer a page whose user is at the keyboard, so that the session goes on."""
    return HttpResponse(status=204)
