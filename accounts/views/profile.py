"""One's own account."""

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import schools_for
from accounts.decorators import SignedInRequest, signed_in_view
from accounts.queries.absences import absences_everywhere


@require_safe
@signed_in_view
def profile(request: SignedInRequest) -> HttpResponse:
    """Show who is signed in, where, and lead to password, second factor and sessions."""
    away = absences_everywhere(request.user, at=request.at)
    schools = [(school, away.get(school.pk, [])) for school in schools_for(request.user, at=request.at)]
    return render(request, "accounts/profile/detail.html", {"schools": schools})


@require_safe
@signed_in_view
def keepalive(request: SignedInRequest) -> HttpResponse:
    """Answer a page whose user is at the keyboard: the session goes on, and a form opened before signing in again
    works.
    """
    return JsonResponse({"csrf_token": get_token(request)})
