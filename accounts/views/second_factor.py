"""Why a second factor is needed, for those who read what others wrote, and when a new one begins to count."""

from allauth.mfa.base.views import index as library_index
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.decorators import SignedInRequest, View, proved_second_factor, signed_in_view
from accounts.queries.factors import own_waiting


@require_safe
@signed_in_view
def second_factor_needed(request: SignedInRequest) -> HttpResponse:
    """Explain in two sentences and lead to setting one up, or say by when a new one counts and who may confirm it."""
    has_factor = is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    context = {"waiting": own_waiting(request.user, at=request.at), "has_factor": has_factor}
    return render(request, "accounts/second_factor/needed.html", context)


@require_safe
@signed_in_view
def index(request: SignedInRequest) -> HttpResponse:
    """Show the library's page, with what does not count yet."""
    answer: HttpResponse = library_index(request)
    answer.context_data["waiting"] = own_waiting(request.user, at=request.at)  # type: ignore[attr-defined]
    return answer


def _unless_new(page: View) -> View:
    """Guard what counts from whoever came in by a factor that does not yet: they neither see nor remove any of it."""

    @signed_in_view
    def inner(request: SignedInRequest, **kwargs: object) -> HttpResponse:
        if own_waiting(request.user, at=request.at) and not proved_second_factor(request):
            messages.error(request, "You signed in with something that nobody has confirmed yet. It changes nothing.")
            return redirect("mfa_index")
        return page(request, **kwargs)

    return inner


see_codes = _unless_new(codes.view_recovery_codes)
make_codes = _unless_new(codes.generate_recovery_codes)
save_codes = _unless_new(codes.download_recovery_codes)
remove_app = _unless_new(app.deactivate_totp)
remove_passkey = _unless_new(passkeys.remove_webauthn)
