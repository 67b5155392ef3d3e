"""Signals that third-party apps send: signing in and out, and changes of factors. Each becomes an audit row.

An account may belong to several schools; the event is recorded in the chain of each, since each has to account for it.
"""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.access import schools_for
from accounts.events import AccountEvent
from accounts.models import User
from accounts.operations import factors

# Where the sign-in library notes how a session was begun.
_PROOFS = "account_authentication_methods"


def _record(user: User | None, event: AccountEvent, summary: str) -> None:
    if user is None:
        return
    at = timezone.now()
    with transaction.atomic():
        for school in schools_for(user, at=at):
            audit.record(school=school, actor=user, event=event, target=f"user:{user.pk}", summary=summary, at=at)


def _end_other_sessions(request: HttpRequest, user: User) -> None:
    # A session that began under the old rules would go on without the new factor.
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.SIGNED_IN, "Signed in.")


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    _record(user, AccountEvent.SIGNED_OUT, "Signed out.")


@receiver(authenticator_added)
def factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _record(user, AccountEvent.FACTOR_ADDED, "Added a second factor.")
    at = timezone.now()
    factors.note_added(user=user, authenticator_id=authenticator.pk, kind=authenticator.type, at=at)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Setting it up showed that it works: once it counts, this session needs no other proof of it.
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    _end_other_sessions(request, user)


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.FACTOR_REMOVED, "Removed a second factor.")
    factors.announce_removal(user=user, at=timezone.now())
    _end_other_sessions(request, user)
    # What is gone proves nothing any more.
    left = set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))
    proofs = request.session.get(_PROOFS, [])
    request.session[_PROOFS] = [one for one in proofs if one.get("method") != "mfa" or one.get("id") in left]


@receiver(authenticator_reset)
def recovery_codes_renewed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    _record(user, AccountEvent.RECOVERY_CODES_RENEWED, "Made new recovery codes.")
    kind, at = authenticator.type, timezone.now()
    factors.note_added(user=user, authenticator_id=authenticator.pk, kind=kind, at=at, is_anew=True)
    # Whoever makes new ones may have lost the old ones to somebody who used one.
    _end_other_sessions(request, user)


@receiver(password_reset)
def set_anew_by_link(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    at = timezone.now()
    factors.announce_to_second(user=user, key=f"password:{user.pk}:{at.isoformat()}", at=at)


@receiver(password_changed)
@receiver(password_reset)
def changed_password(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _record(user, AccountEvent.PASSWORD_CHANGED, "Changed the password.")
