"""Why a second factor is needed, for those who read what others wrote."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import SignedInRequest, signed_in_view


@require_safe
@signed_in_view
def second_factor_needed(request: SignedInRequest) -> HttpResponse:
    """Explain in two sentences and lead to setting one up."""
    return render(request, "accounts/second_factor/needed.html")
