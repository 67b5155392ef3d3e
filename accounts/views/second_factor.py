"""Why a second factor is needed, for those who read what others wrote, and when a new one begins to count."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import SignedInRequest, signed_in_view
from accounts.queries.factors import own_waiting


@require_safe
@signed_in_view
def second_factor_needed(request: SignedInRequest) -> HttpResponse:
    """Explain in two sentences and lead to setting one up, or say by when a new one counts and who may confirm it."""
    has_factor = is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    context = {"waiting": own_waiting(request.user, at=request.at), "has_factor": has_factor}
    return render(request, "accounts/second_factor/needed.html", context)
