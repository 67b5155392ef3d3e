"""How a view says who may use it. A page that says nothing fails the build (`tests/architecture/test_urls.py`)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import Access, NeedsProof, access_school
from accounts.middleware import signed_out_answer
from accounts.models import School, User
from accounts.permissions import REPORTS, Permission
from accounts.proofs import FIELD, ask_for_proof, factors_used, proved_recently, take_proof, typed_in
from accounts.queries.factors import counting_factors

View = Callable[..., HttpResponse]

ANYONE = "anyone"
SIGNED_IN = "signed in"


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in, with its moment."""

    user: User
    at: datetime


class SchoolRequest(SignedInRequest):
    """A request of a member of the school that the address names."""

    school: School
    access: Access


def public_view(view: View) -> View:
    """Mark a page that anybody may open."""
    view.who = ANYONE  # type: ignore[attr-defined]
    return view


def signed_in_view(view: View) -> View:
    """Mark and guard a page for anybody who is signed in, whatever their roles."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    inner.who = SIGNED_IN  # type: ignore[attr-defined]
    return inner


def member_view(
    *permissions: Permission,
    signed_out: View | None = None,
    or_named: bool = False,
    in_emergency: bool = False,
    fresh: bool = False,
    unread: bool = False,
) -> Callable[[View], View]:
    """Guard a page of a school: for its members who hold at least one of the permissions.

    Whoever reads what others wrote needs a second factor as well, except where a concern is logged: that is never held
    up by something still to be set up.

    The view receives `request.school`, `request.access` and `request.at`, not the school's name in the address.
    With `or_named`, a page of a case is also for whoever is named on one; whether on this one, the view asks. Such a
    page, and one with `in_emergency`, is also for whoever cases are open to in an emergency.
    With `fresh`, it asks whether it is still them when that was shown longer than `PROOF_LIMIT` ago; so does any page
    that opens a case few may know of. What was typed is kept, and goes on once they have shown it.
    With `unread`, nothing of what was sent is looked at before the view does: a picture may not be copied even so far.
    `signed_out` answers instead of the sign-in page when nobody is signed in (to keep what was typed).
    A school that does not exist and one where the user holds nothing are the same 404; a member without the permission
    gets 403.
    """

    asks_second_factor = not REPORTS.issuperset(permissions)

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, school: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if unread:
                    return redirect_to_login(request.get_full_path().removesuffix("add/"))
                return signed_out(request, school, *args, **kwargs) if signed_out else ask_to_sign_in(request)
            member = cast(SchoolRequest, request)
            problem = take_proof(member) if not unread and FIELD in member.POST else ""
            member.access = access_school(
                member.user, school, at=member.at, is_proved=not problem and proved_recently(member)
            )
            member.school = member.access.school
            is_let_in = any(member.access.has(permission) for permission in permissions)
            is_let_in = is_let_in or (or_named and member.access.may_be_named)
            is_let_in = is_let_in or ((or_named or in_emergency) and member.access.emergency is not None)
            if not is_let_in:
                raise PermissionDenied
            if asks_second_factor and lacks_second_factor(member):
                return redirect("second-factor-needed")
            if fresh and not member.access.is_proved:
                return ask_for_proof(member, problem=problem, unread=unread)
            try:
                return view(member, *args, **kwargs)
            except NeedsProof:
                return ask_for_proof(member, problem=problem, unread=unread)

        inner.who = frozenset(permissions)  # type: ignore[attr-defined]
        return inner

    return decorate


def lacks_second_factor(request: SchoolRequest) -> bool:
    """Say whether this user may not be shown yet what others wrote."""
    return settings.SECOND_FACTOR_REQUIRED and request.access.reads_others and not proved_second_factor(request)


def proved_second_factor(request: SignedInRequest) -> bool:
    """Say whether this very session was begun with a second factor that opens cases, or set its first one up.

    The database is asked only for somebody who added one lately.
    """
    return bool(counting_factors(request.user, factors_used(request), at=request.at))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody who is not signed in to the sign-in page and back; keep what they typed; answer a script with
    401.
    """
    if request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
        return signed_out_answer()
    if request.method == "POST" and request.POST:
        return keep_typed(request)
    return redirect_to_login(request.get_full_path())


def keep_typed(request: HttpRequest) -> HttpResponse:
    """Give back what was typed in a page that lets the user sign in elsewhere and send it again. Answers 403."""
    if is_from_elsewhere(request):
        # Given back with a fresh token, another site's words would need one press of the user to be theirs.
        typed = []
    else:
        typed = typed_in(request)
    context = {"typed": typed, "target": request.path, "session_ended": True}
    return render(request, "session_ended.html", context, status=403)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Say whether the browser tells that another site's page sent this form."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    return request.headers.get("Origin", "") not in {"", f"{request.scheme}://{request.get_host()}"}
