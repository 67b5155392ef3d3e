"""What every request gets: its moment, private headers, and a lock when nobody has been at the keyboard."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.proofs import factors_used
from accounts.queries.factors import waiting_ids

Answer = Callable[[HttpRequest], HttpResponse]

_LAST_SEEN = "last_seen_at"
_STARTED = "started_at"
# The library's pages of what proves who somebody is, from which it could be taken over.
_OF_FACTORS = {
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}
# The moment of the last activity is written at most this often, so that most requests write nothing.
_GRAIN = timedelta(seconds=5)


class RequestMoment:
    """Reads the clock once: `request.at` is the moment of everything this request does."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        # Whatever a request claims of itself: every page of ours is written in this, and nothing else is decoded.
        request.encoding = "utf-8"
        return self.get_response(request)


class Maintenance:
    """While `MAINTENANCE` is on, answers 503 with what to do instead, to everything but the health check."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and request.path != "/healthz":
            response = render(request, "maintenance.html", status=503)
            response["Retry-After"] = "600"
            return response
        return self.get_response(request)


class PrivatePages:
    """Nothing but static files is ever kept by a browser or a proxy, and no page may use a device's features."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # Answers that end before Django's own middleware for this (a wrong host, a missing slash) need it too.
        response.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


class IdleLock:
    """Signs out whoever has not done anything for `IDLE_LIMIT`, or was signed in for `SESSION_LIMIT`.

    Autosaving is not doing something: it never extends a session. What was typed stays in the draft.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at: datetime = request.at  # type: ignore[attr-defined]
            if _is_over(request, at):
                logout(request)
                return self._ended(request)
            _note_activity(request, at)
        response = self.get_response(request)
        if request.user.is_authenticated and _STARTED not in request.session:
            # Somebody has just signed in. The clock starts here, not at the next page, which may never come.
            _start(request, request.at)  # type: ignore[attr-defined]
        return response

    def _ended(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            # The view keeps what was typed and asks to sign in again.
            return self.get_response(request)
        sign_in = reverse(settings.LOGIN_URL)
        if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
            return signed_out_answer()
        return redirect(f"{sign_in}?{urlencode({'next': request.get_full_path(), 'ended': '1'})}")


class NewFactors:
    """Keeps whoever came in by a factor that opens no case yet from those that do: they neither see codes of theirs
    nor remove any.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Answer, args: object, kwargs: object) -> HttpResponse | None:
        """Lead back from the library's pages of codes and removals; everybody else is asked nothing."""
        match = request.resolver_match
        if match is None or match.url_name not in _OF_FACTORS or not request.user.is_authenticated:
            return None
        waiting = waiting_ids(request.user, at=request.at)  # type: ignore[attr-defined]
        if not waiting or factors_used(request) - waiting:
            return None
        messages.error(request, "You signed in with something that nobody has confirmed yet. It changes nothing here.")
        return redirect("mfa_index")


def signed_out_answer() -> JsonResponse:
    """Answer a script whose session has ended: 401 with a sentence and where to sign in."""
    return JsonResponse(
        {
            "sentence": "You have been signed out. Nothing is lost. Sign in again, then carry on.",
            "sign_in_url": reverse(settings.LOGIN_URL),
        },
        status=401,
    )


def _is_over(request: HttpRequest, at: datetime) -> bool:
    seen, started = request.session.get(_LAST_SEEN), request.session.get(_STARTED)
    if seen is None or started is None:
        return False
    idle = at - datetime.fromisoformat(seen)
    whole = at - datetime.fromisoformat(started)
    # The last activity is known to within the grain; the limit is never stretched by it.
    return idle > settings.IDLE_LIMIT or whole > settings.SESSION_LIMIT


def _note_activity(request: HttpRequest, at: datetime) -> None:
    session = request.session
    if _STARTED not in session or _LAST_SEEN not in session:
        _start(request, at)
    elif not request.headers.get("X-Autosave") and at - datetime.fromisoformat(session[_LAST_SEEN]) >= _GRAIN:
        session[_LAST_SEEN] = at.isoformat()


def _start(request: HttpRequest, at: datetime) -> None:
    request.session.update({_STARTED: at.isoformat(), _LAST_SEEN: at.isoformat()})
