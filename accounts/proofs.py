"""Whether it is still them: what few may see, what leaves the building and who may do what ask for a fresh proof.

Signing in is one, and so is the password, a passkey or a code given again. Looking at a page asks on a page of its own
and comes back; what was typed is kept in the page that asks, never in the session, and goes on from there.
"""

import re
from datetime import datetime

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

# The box of the page that asks; it never reaches the page that is asked for.
FIELD = "proof"
# Never handed back to a page: what proves who somebody is.
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "login", "password1", "password2", "oldpassword", "code", FIELD}

# A code of an app is six digits, a recovery code eight; no password is made of digits alone.
_CODE = re.compile(r"\d[\d ]{4,10}\d")
# The library's clock and ours are read a moment apart.
_SLACK = 60
_TOO_OFTEN = "That was too often. Wait five minutes, or prove it with a passkey in another tab."


class ProofForm(forms.Form):
    """The one box in which somebody shows that it is still them."""

    proof = forms.CharField(
        label="Your password, or a code from your app",
        required=False,
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def proved_recently(request: HttpRequest) -> bool:
    """Say whether somebody showed in this session, within `PROOF_LIMIT`, who they are. Asks the database nothing."""
    at: datetime = request.at  # type: ignore[attr-defined]
    ages = [at.timestamp() - record["at"] for record in get_authentication_records(request, request.user)]
    # Only the newest counts, and none from a time to come: a clock that was put back makes nothing last longer.
    return bool(ages) and -_SLACK <= min(ages) <= settings.PROOF_LIMIT.total_seconds()


def factors_used(request: HttpRequest) -> frozenset[int]:
    """Return the library's ids of the factors that this session was begun with, or proved since."""
    records = get_authentication_records(request, request.user)
    return frozenset(int(record["id"]) for record in records if record.get("method") == "mfa" and record.get("id"))


def take_proof(request: HttpRequest) -> str:
    """Take the proof out of what was sent, and note it; return what is wrong with it, or nothing."""
    sent = request.POST.copy()
    proof = str(sent.pop(FIELD, [""])[-1])
    request.POST = sent  # type: ignore[assignment]
    if proved_recently(request):
        return ""
    if not proof:
        return "Type your password, or a code from your app."
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return _TOO_OFTEN
    return _by_code(request, proof) if _CODE.fullmatch(proof) else _by_password(request, proof)


def ask_for_proof(request: HttpRequest, *, problem: str = "", unread: bool = False) -> HttpResponse:
    """Ask whether it is still them: a page that was looked at waits, what was typed stands in the page that asks.

    With `unread`, what was sent is a file that nobody has looked at, and nobody does: it is to be chosen again.
    """
    there = reverse("account_reauthenticate")
    if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
        sentence = "Show first that it is still you. Nothing is lost."
        return JsonResponse({"sentence": sentence, "sign_in_url": there}, status=401)
    if request.method != "POST":
        return redirect(f"{there}?{urlencode({'next': request.get_full_path()})}")
    form = ProofForm({FIELD: ""} if problem else None)
    if problem:
        form.add_error(FIELD, problem)
    typed = [] if unread else typed_in(request)
    context = {"form": form, "typed": typed, "target": request.path, "had_files": unread or bool(request.FILES)}
    return render(request, "still_you.html", context, status=403)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed into the form that was sent, without what proves who somebody is."""
    return [(name, str(value)) for name, values in request.POST.lists() if name not in NEVER_KEPT for value in values]


def _by_password(request: HttpRequest, proof: str) -> str:
    form = PasswordForm({"password": proof}, user=request.user)
    if not form.is_valid():
        return _said(form)
    reauthenticate_by_password(request)
    return ""


def _by_code(request: HttpRequest, proof: str) -> str:
    form = CodeForm({"code": proof}, user=request.user)
    if not form.is_valid():
        return _said(form)
    post_authentication(request, form.authenticator, reauthenticated=True)
    return ""


def _said(form: forms.Form) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)
